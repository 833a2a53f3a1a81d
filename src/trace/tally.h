/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tally: what the statistics get of the calls of a lane; internal to src/trace.
 *
 * A call counts when it ends. Where --errors has yet to decide whether its tree is shown, what it adds waits beside the
 * tree: one entry for each call in it that has ended, in the order in which they did. So those of a subtree are a run,
 * as its calls are.
 */
#ifndef FTRACE_TRACE_TALLY_H
#define FTRACE_TRACE_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/stats.h"

struct trace;
struct lane;
struct call;
struct event;

struct tallied {
	struct stats_call call;
	uint32_t func;
	bool timed; /* else its duration is not known */
};

/* A lane's own, made when it is needed. */
struct tally {
	struct tallied *waiting;
	size_t count, cap;
};

/* The frame that was just taken off is over; with `call` as a call that is shown, as far as is known. */
void tally_end(struct trace *trace, struct lane *lane, const struct call *call,
	       const struct event *event);

/* Of the first `count` entries that wait it is known that their calls are shown, or that they are not. */
void tally_settle(struct trace *trace, struct lane *lane, size_t count, bool shown);

void tally_free(struct tally *tally);

#endif
