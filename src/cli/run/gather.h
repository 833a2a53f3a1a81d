/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gather: what runs in the control group of --cgroup, and is not traced as yet.
 *
 * The kernel tells of every execve in the group. What was moved into it is found by a look at its members, once a second,
 * and so is all of it when another group has taken the name. Each executable is read beside the trace, one after the
 * other, and taken in when it is a Go program; which of its processes are traced the kernel decides at each hit.
 */
#ifndef FTRACE_CLI_RUN_GATHER_H
#define FTRACE_CLI_RUN_GATHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/run/beside.h"
#include "cli/run/intake.h"
#include "host/pid_list.h"

struct gather {
	struct intake intake;
	struct pid_list found; /* processes whose executables are still to be looked at */
	size_t next;           /* of them */
	bool scan;             /* all members are to be looked at */
	uint64_t scanned;      /* when that was last done, ns */
	struct beside beside;  /* an executable is being read */
	char *name;            /* which, or was last; NULL: none */
	bool full;             /* that there can be no more has been said */
};

/* To be called when all is attached. Without --cgroup it does nothing, then and later. */
void gather_begin(struct gather *gather, const struct intake *intake);

/* A process has called execve. */
void gather_exec(struct gather *gather, pid_t pid);

/* Looks what has come. 0; 1 when tracing ends, which has been said; or a negative errno that ends the run. */
int gather_look(struct gather *gather, uint64_t now);

/* How long it may be until the next look, in ns. */
uint64_t gather_wait(const struct gather *gather);

/* To be called in the end. True when a file is still being read, by a thread that nothing stops: what it may
 * use is not to be freed. */
bool gather_end(struct gather *gather);

#endif
