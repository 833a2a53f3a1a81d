/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * traced: which of the processes that run a traced file are traced, as it is now: those of -p, those of --cgroup, or all.
 */
#ifndef FTRACE_CLI_TARGET_TRACED_H
#define FTRACE_CLI_TARGET_TRACED_H

#include <stdbool.h>

#include "cli/target/target.h"

struct traced {
	bool all;
	const struct pid_list *pids; /* if not */
	struct pid_list members;     /* memory of its own */
};

/* Finds out which: 0 or -ENOMEM; to be released in any case. `targets` outlives it. */
int traced_find(struct traced *traced, const struct targets *targets);
bool traced_has(const struct traced *traced, pid_t pid);
void traced_release(struct traced *traced);

/* Calls `each` for the processes that run one of the executables now and are traced, or with `others` those that are not,
 * until it returns non-zero. Returns that, or a negative errno. */
int traced_each(const struct targets *targets, bool others,
		int (*each)(void *arg, const struct runner *runner), void *arg);

/* How many these are; 0 also when that cannot be told. */
size_t traced_count(const struct targets *targets, bool others);

#endif
