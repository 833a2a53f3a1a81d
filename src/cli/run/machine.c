/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/machine.h"

#include <errno.h>
#include <signal.h>

#include "base/clock.h"

static struct this_machine *this_of(struct machine *machine)
{
	return (struct this_machine *)machine;
}

static int machine_identify(struct machine *machine, struct process *process,
			    const struct ft_record *first)
{
	return identify_process(&this_of(machine)->identify, process, first);
}

static bool machine_is_over(struct machine *machine, const struct process *process)
{
	(void)machine;
	return kill((pid_t)process->pid, 0) && errno == ESRCH;
}

static bool machine_is_gone(struct machine *machine, const struct process *process, uint64_t g,
			    uint64_t goid)
{
	return identify_is_gone(&this_of(machine)->identify, process, g, goid);
}

static uint32_t machine_epoch(struct machine *machine, uint64_t *now)
{
	*now = clock_now();
	return probe_epoch(this_of(machine)->probe);
}

static bool machine_next_loss(struct machine *machine, struct ft_loss_key *key,
			      struct ft_loss *loss)
{
	return probe_next_loss(this_of(machine)->probe, key, loss);
}

static const struct machine_ops machine_ops = {
	.identify = machine_identify,
	.is_over = machine_is_over,
	.is_gone = machine_is_gone,
	.epoch = machine_epoch,
	.next_loss = machine_next_loss,
};

void machine_init(struct this_machine *this, struct targets *targets, pid_t started,
		  struct probe *probe)
{
	*this = (struct this_machine){
		.machine.ops = &machine_ops,
		.identify = {.targets = targets, .started = started},
		.probe = probe,
	};
}
