/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scratch: a temporary directory that belongs to the user whom a build runs as.
 *
 * A process of that user makes it, waits, and takes it away: nothing which the user can do below it makes a
 * process of root touch another file, ftrace need not become that user again at its end, when it may not
 * any more, and the directory goes however ftrace dies. The caller owns the struct; zero-initialised is
 * empty.
 */
#ifndef FTRACE_CLI_BUILD_SCRATCH_H
#define FTRACE_CLI_BUILD_SCRATCH_H

#include <sys/types.h>

#include "base/error.h"
#include "cli/rights/account.h"

struct scratch {
	char *path; /* NULL: none */
	pid_t pid;  /* of that process */
	int hold;   /* write end of a pipe: it waits until that is closed */
};

/* Makes one in TMPDIR, or where the user may not, in /tmp; everybody may enter it. 0, or a negative errno
 * with `err` filled. `account` NULL: whoever runs ftrace. */
int scratch_make(struct scratch *scratch, const struct account *account, struct error *err);

/* It is gone, with all that was in it, when this returns. What cannot be removed within five seconds stays. */
void scratch_remove(struct scratch *scratch);

#endif
