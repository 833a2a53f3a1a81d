/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader: whoever reads the trace, a file, a pipe or a FIFO, and how long it is waited for.
 *
 * While nobody is asked to end, a slow reader is waited for however long it takes. After that one that takes nothing for
 * a second, or until the next signal, gets no more. Meanwhile the caller does what is due.
 */
#ifndef FTRACE_CLI_RUN_READER_H
#define FTRACE_CLI_RUN_READER_H

#include <stdbool.h>

#include "base/outlet.h"
#include "cli/run/signals.h"

/* All of it is the caller's. */
struct reader {
	struct signals *signals;
	/* Called often while the reader is waited for, and before each piece that is written, when signals have been
	 * read: ends the tracing when that is due. Must not write. */
	void (*between)(void *arg);
	void *arg;
};

/* Opens the file of -o. A FIFO is waited for until somebody reads it, which is said unless `quiet`. 0, or a negative
 * errno: -EINTR when a signal ended that. */
int reader_open(struct reader *reader, struct outlet *outlet, const char *path,
		const struct place_check *check, bool quiet);

/* From now on it is waited for by these rules. `reader` outlives the outlet. */
void reader_of(struct reader *reader, struct outlet *outlet);

#endif
