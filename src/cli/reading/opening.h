/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * opening: all reading of the executables that the command line names, in one thread, which may outlast what waits
 * for it (watched.h).
 *
 * The caller owns the struct. While `running` is set the thread uses it and all that it points to: nothing of it is
 * freed, and the process ends with _exit().
 */
#ifndef FTRACE_CLI_READING_OPENING_H
#define FTRACE_CLI_READING_OPENING_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/options/options.h"
#include "cli/reading/watched.h"
#include "cli/target/target.h"

struct opening {
	const struct options *opt;
	struct targets targets; /* `how` is filled in before */
	/* What else is to be read, at the end of the thread: 0 or a negative errno with `err` filled; NULL: nothing. */
	int (*more)(struct targets *targets, void *arg, struct error *err);
	void *arg;
	struct watched watched;
	bool running;
};

/* Opens the targets and calls `more`. 0, or a negative errno with `err` filled: -EINTR when a signal, watched.signal,
 * ended it, else as targets_open() and watched_run() have them. */
int opening_run(struct opening *opening, struct error *err);

#endif
