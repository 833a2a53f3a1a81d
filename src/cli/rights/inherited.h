/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inherited: what ftrace got from whoever started it, and changes for itself. A program that it starts has
 * it as it was: which signals are blocked and ignored, the limits of resources, the umask. (execve(2))
 *
 * Zero-initialised is not valid. The struct holds no other memory.
 */
#ifndef FTRACE_CLI_RIGHTS_INHERITED_H
#define FTRACE_CLI_RIGHTS_INHERITED_H

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

struct inherited {
	sigset_t blocked;
	sigset_t ignored;
	struct rlimit limits[RLIM_NLIMITS];
	mode_t mask;
};

/* To be called before any of it is changed. */
void inherited_take(struct inherited *inherited);

/* In the new process: all but `blocked`, so that nothing ends it before it is to run. */
void inherited_restore(const struct inherited *inherited);

#endif
