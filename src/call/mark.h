/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark: what is no call and is told where it happened.
 *
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef FTRACE_CALL_MARK_H
#define FTRACE_CALL_MARK_H

#include <stdbool.h>
#include <stdint.h>

struct process;

/* A stretch in which records of a lane were lost. */
struct loss {
	const struct process *process; /* NULL when even that is not known */
	uint32_t pid;
	uint64_t goid; /* 0 with `goid_known` false */
	bool goid_known;
	uint64_t start; /* of the first lost record */
	uint64_t records;
	uint32_t before; /* in a tree: index of the call it stands before, may be tree->ncalls */
};

/* A function whose probes were taken off (--max-overhead). */
struct switched_off {
	uint32_t func; /* index in plan->funcs */
	uint64_t time; /* of the last moment at which it was traced */
	uint64_t rate; /* calls a second before that */
};

#endif
