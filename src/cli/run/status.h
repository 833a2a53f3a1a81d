/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * status: what goes on, on stderr, for a person who watches.
 *
 *     ftrace: attaching 43 210 probes
 *     ftrace: 12s: 48 210 calls/s, 530 112 calls, 0 lost, 17 goroutines in calls
 *
 * Live, the line is written over itself each half second and gone before anything else is written.
 * That needs a terminal which only ftrace writes to: stderr is one, the trace goes elsewhere, and
 * no started program shares it. Else, with -v, it is a line of its own every ten seconds. -q
 * silences both.
 *
 * The caller owns the struct, which holds nothing. Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef FTRACE_CLI_RUN_STATUS_H
#define FTRACE_CLI_RUN_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* With fewer probes attaching takes no time worth a line. */
#define STATUS_ATTACHING 1000

struct status {
	bool live, periodic;
	bool shown; /* a line stands on the terminal */
	int fd;     /* stderr */
	uint64_t began;
	uint64_t last;       /* when the last line was written, or tracing began */
	uint64_t last_calls; /* how many calls there were then */
};

struct status_counts {
	uint64_t calls; /* entries seen */
	uint64_t lost;  /* records */
	uint64_t open;  /* goroutines with open calls */
};

struct status_config {
	int fd;       /* where lines go */
	int trace_fd; /* where the trace goes, -1: nowhere */
	bool shared;  /* a started program may write to the terminal */
	bool quiet, verbose;
};

void status_init(struct status *status, const struct status_config *config);

/* What is being done to `sites` probes ("attaching"), and to how many it was; 0: not known. Live only. */
void status_probes(struct status *status, const char *what, size_t done, size_t sites);

/* Tracing begins. */
void status_begin(struct status *status, uint64_t now);

/* Whether status_write() would write anything now: else nothing need be counted. */
bool status_due(const struct status *status, uint64_t now);
void status_write(struct status *status, uint64_t now, const struct status_counts *counts);

/* Takes the line off the terminal; to be called before anything else is written to stderr. */
void status_clear(struct status *status);

#endif
