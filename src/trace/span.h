/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span: what the time of an open frame is made of, for the statistics; beside each frame of a lane.
 *
 * Only calls that are shown are counted. Of one that is left out the callee's time goes on to its
 * caller, as if it were not there.
 *
 *     main.f  10 ms                       self                  total
 *       main.g  7 ms  (left out)
 *         main.h  5 ms                    h: 5 ms               h: 5 ms
 *       main.f  2 ms                      f: 2 ms + 3 ms        f: 10 ms (2 ms, and 10 - 2 ms)
 *
 * The innermost call of a recursion ends first and adds all of its time to its function's total; each
 * outer one adds what is not there yet. So the total is right whether or not the outermost ends.
 */
#ifndef FTRACE_TRACE_SPAN_H
#define FTRACE_TRACE_SPAN_H

#include <stdint.h>

#include "call/stats.h"
#include "trace/lane.h"

#define SPAN_NONE UINT32_MAX

/* Parts of a total, as in struct stats_call. */
struct span_parts {
	uint64_t run, wait, syscall;
};

struct span {
	uint64_t below; /* ns in counted calls right below it */
	uint64_t added; /* outermost one of its function: what the inner ones added to the total; an
	                  * inner one: what had been added when it began */
	struct span_parts parts; /* of `added` */
	uint32_t
		outer; /* frame of the outermost call of the same function, maybe this one; NONE: not
	                  * shown */
	uint32_t
		newest; /* the nearest frame, from this one on outwards, that is the outermost call of
	                  * its function; NONE */
};

/* Makes room beside all frames of the lane. 0 or -ENOMEM. */
int span_reserve(struct lane *lane);

/* The newest frame has begun; whether it is shown is known. Takes one step for each different function
 * among its callers at most. */
void span_begin(struct lane *lane);

/* The frame behind the last one, which was just taken off, is over: it is not shown, or its duration is not known, or ... */
void span_pass(struct lane *lane);

/* ... it took so long, of which `times` says what (NULL: not known): what it adds to its function, `failed` left false. */
struct stats_call span_measure(struct lane *lane, uint64_t duration,
			       const struct call_times *times);

#endif
