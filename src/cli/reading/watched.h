/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watched: executables are read in a thread, before anything is traced; meanwhile signals are heard, and
 * each file is held to its limit (reading.h).
 *
 * A thread that went beyond it cannot be stopped: what it works on is not to be freed any more, and
 * the process ends with _exit().
 */
#ifndef FTRACE_CLI_READING_WATCHED_H
#define FTRACE_CLI_READING_WATCHED_H

#include <pthread.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/reading/reading.h"

struct watched {
	pthread_mutex_t lock;
	struct reading_limit limit; /* of the file that is being read */
	char *name;                 /* that file's */
	bool paused;                /* nothing is counted */
	int (*work)(struct watched *watched, void *arg, struct error *err);
	void *arg;
	int done[2]; /* pipe: closed by the thread */
	int ret;
	struct error err;
	int signal; /* that came */
};

/*
 * Calls `work` in a thread and waits for it. What it returns, with its text in `err`; or, while the
 * thread still runs, -EINTR for SIGINT, SIGTERM and SIGHUP, -ETIME or -EFBIG for the limit, with
 * *running set. Nothing is freed then.
 */
int watched_run(struct watched *watched, bool *running, struct error *err);

/* To be called by `work` when it begins with a file. */
void watched_file(struct watched *watched, const char *name);

/* To be called by `work` around what the file cannot help: nothing of that counts, and then counting begins anew. Signals
 * are heard all the time. */
void watched_pause(struct watched *watched);
void watched_resume(struct watched *watched);

#endif
