/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target: the executables and processes that the command line names, opened and planned.
 *
 * The plan's images and the targets' `image` numbers agree. The caller owns the struct.
 */
#ifndef FTRACE_CLI_TARGET_H
#define FTRACE_CLI_TARGET_H

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "cli/options.h"
#include "plan/plan.h"

/* One thing to attach to. */
struct target {
	uint32_t image; /* index in plan->images */
	pid_t pid;      /* 0: every process of the file */
};

struct targets {
	struct plan *plan;
	struct target *items;
	size_t nitems, capitems;
	char **names;      /* of the images, for messages */
	size_t nnames, capnames;
	char *path;        /* of the program to start, found in PATH if need be */
	size_t running;    /* processes of the executables that run already */
};

/*
 * 0, or a negative errno with `err` filled: -ENOENT no such file, -EACCES or -EISDIR or -ENOEXEC it
 * is not to be executed, others: it is not to be traced.
 */
int targets_open(struct targets *targets, struct options *opt, struct error *err);
void targets_release(struct targets *targets);

#endif
