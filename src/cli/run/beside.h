/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * beside: an executable is read while others are traced, and whatever is in it neither holds up the trace nor
 * ends it.
 *
 * First a process of its own reads it, as a trial: what takes too long or too much, or crashes, is ended
 * with that process. Only what passed is read by a thread, whose plan is then taken over. Both only while the
 * file has not changed (content.h), so that they read the same.
 */
#ifndef FTRACE_CLI_RUN_BESIDE_H
#define FTRACE_CLI_RUN_BESIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "cli/reading/reading.h"

struct beside {
	enum { BESIDE_IDLE, BESIDE_TRIAL, BESIDE_THREAD } stage;
	const struct options *opt;
	char *name;
	int fd;
	size_t max_sites;
	struct reading_limit limit;
	pid_t pid;    /* of the trial */
	int verdict;  /* pipe from it */
	pthread_t id; /* of the thread */
	atomic_bool begun, done;
	/* What came of it. */
	int ret;
	bool opened; /* it was a Go program */
	struct plan *plan;
	struct error err;
};

/* Begins to read the file behind `fd`, which is closed in the end, also on failure. `opt` lives as long.
 * 0, or a negative errno with `err` filled. */
int beside_begin(struct beside *beside, const struct options *opt, int fd, const char *name,
		 size_t max_sites, struct error *err);

static inline bool beside_busy(const struct beside *beside)
{
	return beside->stage != BESIDE_IDLE;
}

/* Looks how far it is, and waits for nothing. 1 when it is over: `ret`, and with 0 the plan, which is
 * the caller's, or `err`. 0 when it is not. -ETIME: the thread goes on for ever, though the trial did not. */
int beside_look(struct beside *beside);

/* Gives up. True when the thread still runs: then nothing that it may use is to be freed. */
bool beside_end(struct beside *beside);

#endif
