/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine: what the trace asks of the machine whose records it gets, since no record tells it.
 *
 * An absent function: it is not to be found out.
 */
#ifndef FTRACE_TRACE_MACHINE_H
#define FTRACE_TRACE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include <ftrace/loss.h>
#include <ftrace/record.h>

#include "call/process.h"

struct machine_ops;

/* The first member of what the functions need besides. */
struct machine {
	const struct machine_ops *ops;
};

struct machine_ops {
	/* Fills what is known of a process that was seen for the first time: image, exe, bias, nspid.
	 * 0, or negative when it is not one to trace: its records are dropped. */
	int (*identify)(struct machine *machine, struct process *process,
			const struct ft_record *first);
	/* Whether the process has ended. */
	bool (*is_over)(struct machine *machine, const struct process *process);
	/* Whether the goroutine whose g struct is at `g` has ended. */
	bool (*is_gone)(struct machine *machine, const struct process *process, uint64_t g,
			uint64_t goid);
	/* The kernel's epoch and the time right now, read before next_loss(); absent: the record's. */
	uint32_t (*epoch)(struct machine *machine, uint64_t *now);
	/* The next lane with lost records, taken off the kernel's list; false when there is none. */
	bool (*next_loss)(struct machine *machine, struct ft_loss_key *key, struct ft_loss *loss);
};

#endif
