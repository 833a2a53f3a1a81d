/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reading: one executable is turned into an image, and what is planned of it.
 *
 * The file is anybody's, and may be made to do harm: what it costs to read is bounded by its size where the
 * reader is ours (src/image, src/plan), and by a limit here, which holds whatever it is. A limit is
 * looked at from outside: by another thread (watched.h) or another process (beside.h).
 */
#ifndef FTRACE_CLI_READING_READING_H
#define FTRACE_CLI_READING_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "cli/options/options.h"
#include "plan/plan.h"

struct watched;

/* What one file may take, bytes and ns; a server of 500 MB takes half of each. Time for which other tasks had the
 * processor is not its own. */
#define READING_NS     9000000000ull
#define READING_MEMORY (440ul << 20)

/* Reads the file behind `fd`, which stays the caller's, into a plan of its own with room for `max_sites`
 * sites; `name` is for messages. Debug information that is not on this machine is downloaded
 * (download.h) where `watched` says whose time that takes; with NULL none is. 0, or a negative errno with `err` filled; *opened says whether it was a
 * Go program at all. */
int reading_plan(struct plan **plan, const struct options *opt, struct watched *watched, int fd,
		 const char *name, size_t max_sites, bool *opened, struct error *err);

struct reading_limit {
	pid_t pid, tid;  /* process whose memory, thread whose time it is */
	uint64_t since;  /* CLOCK_MONOTONIC, ns */
	uint64_t waited; /* ns it had waited for a processor by then */
	size_t held;     /* bytes of memory the process had then */
};

/* Begins to count. */
void reading_limit_begin(struct reading_limit *limit, pid_t pid, pid_t tid);

/* 0; -ETIME or -EFBIG when it has taken more than a file may. */
int reading_limit_check(const struct reading_limit *limit);

/* Says which limit that was; returns `code`. */
int reading_limit_say(const char *name, int code, struct error *err);

#endif
