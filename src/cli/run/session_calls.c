/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <signal.h>

#include "cli/run/session_state.h"

/* struct trace_ops: calls go straight to the sink. */

static int op_process(void *arg, const struct process *process)
{
	struct session *s = arg;

	return s->ops->process ? s->ops->process(s->sink, process) : 0;
}

static int op_root(void *arg, const struct tree *tree)
{
	struct session *s = arg;

	return s->ops->root(s->sink, tree);
}

static int op_enter(void *arg, const struct tree *tree, uint32_t call)
{
	struct session *s = arg;

	return s->ops->enter ? s->ops->enter(s->sink, tree, call) : 0;
}

static int op_leave(void *arg, const struct tree *tree, uint32_t call)
{
	struct session *s = arg;

	return s->ops->leave(s->sink, tree, call);
}

static int op_loss(void *arg, const struct loss *loss)
{
	struct session *s = arg;

	return s->ops->loss(s->sink, loss);
}

static uint64_t op_next_id(void *arg)
{
	struct session *s = arg;

	return s->ops->next_id(s->sink);
}

static int op_identify(void *arg, struct process *process, const struct ft_record *first)
{
	struct session *s = arg;

	return identify_process(&s->identify, process, first);
}

static bool op_is_over(void *arg, const struct process *process)
{
	(void)arg;
	return kill((pid_t)process->pid, 0) && errno == ESRCH;
}

static bool op_is_gone(void *arg, const struct process *process, uint64_t g, uint64_t goid)
{
	struct session *s = arg;

	return identify_is_gone(&s->identify, process, g, goid);
}

static uint32_t op_epoch(void *arg, uint64_t *time)
{
	struct session *s = arg;

	*time = session_now();
	return probe_epoch(s->probe);
}

static bool op_next_loss(void *arg, struct ft_loss_key *key, struct ft_loss *loss)
{
	struct session *s = arg;

	return probe_next_loss(s->probe, key, loss);
}

const struct trace_ops session_trace_ops = {
	.process = op_process,
	.root = op_root,
	.enter = op_enter,
	.leave = op_leave,
	.loss = op_loss,
	.next_id = op_next_id,
	.identify = op_identify,
	.is_over = op_is_over,
	.is_gone = op_is_gone,
	.epoch = op_epoch,
	.next_loss = op_next_loss,
};
