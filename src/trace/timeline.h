/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * timeline: what one goroutine did when, from the entry of its outermost traced call on.
 *
 *     begin                      newest cut
 *       |  totals of what is      |
 *       |  not kept any more      |
 *       +------------------+--+---+------------> running until another record says something else
 *                          the cuts that are kept
 *
 * The newest cuts are kept, so that what comes a little late is put right: a program that was interrupted between taking the time and
 * writing its record sends it behind records of later times. Whatever time is asked for, the totals up to it add up to the time since the beginning,
 * exactly: a call's times are the difference of two of them.
 *
 * Times are CLOCK_MONOTONIC nanoseconds. Zeroed is a timeline that has not begun.
 */
#ifndef FTRACE_TRACE_TIMELINE_H
#define FTRACE_TRACE_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "call/call.h"

#define TIMELINE_CUTS 8

struct timeline_cut {
	uint64_t since;
	uint8_t state; /* enum call_state, until the next cut */
};

struct timeline {
	uint64_t totals[STATES]; /* up to cuts[0].since */
	struct timeline_cut cuts[TIMELINE_CUTS];
	uint32_t count; /* of cuts; 0: it has not begun */
	/* Up to this time something was missed: what began before it, or then, is not known. */
	uint64_t missed;
};

/* It begins, running. */
void timeline_begin(struct timeline *t, uint64_t time);

/* From `time` on it is in that state. What was said of later times is taken back. */
void timeline_set(struct timeline *t, uint64_t time, enum call_state state);

/* Its thread had no processor: of the time it is said to have run. */
void timeline_off(struct timeline *t, uint64_t from, uint64_t to);

/* Something is known to be missing up to `time`; it runs then. */
void timeline_miss(struct timeline *t, uint64_t time);

/* Something may be missing up to `time`. */
static inline void timeline_doubt(struct timeline *t, uint64_t time)
{
	if (t->count && time > t->missed)
		t->missed = time;
}

/* What it does at that time, or did at the earliest that is kept. */
enum call_state timeline_state(const struct timeline *t, uint64_t time);

/* The totals up to that time; false when it lies before all that is kept. */
bool timeline_at(const struct timeline *t, uint64_t time, uint64_t totals[STATES]);

#endif
