/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * identify: what is known of a process beyond the PID in its records.
 */
#ifndef FTRACE_CLI_TARGET_IDENTIFY_H
#define FTRACE_CLI_TARGET_IDENTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <ftrace/record.h>

#include "call/tree.h"
#include "cli/target/target.h"

struct identify {
	struct targets *targets;
	pid_t started; /* the program that ftrace started itself, or 0 */
};

/* Fills `process`, whose pid is known. The process may be gone already: its first record still tells
 * which executable it was. Always 0: only what is traced sends records. */
int identify_process(const struct identify *identify, struct process *process,
		     const struct ft_record *first);

/* Whether the goroutine `goid`, whose g struct is at `g` in the memory of the process, has ended. */
bool identify_is_gone(const struct identify *identify, const struct process *process, uint64_t g,
		      uint64_t goid);

#endif
