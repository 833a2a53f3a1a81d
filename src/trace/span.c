/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/span.h"

#include <errno.h>
#include <stdlib.h>

int span_reserve(struct lane *lane)
{
	struct span *more;

	if (lane->capspans >= lane->nframes)
		return 0;
	more = realloc(lane->spans, lane->capframes * sizeof(*more));
	if (!more)
		return -ENOMEM;
	lane->spans = more;
	lane->capspans = (uint32_t)lane->capframes;
	return 0;
}

/* The outermost frame of `func` among those from `newest` on outwards. */
static uint32_t find_outer(const struct lane *lane, uint32_t newest, uint32_t func)
{
	while (newest != SPAN_NONE && lane->frames[newest].func != func)
		newest = newest ? lane->spans[newest - 1].newest : SPAN_NONE;
	return newest;
}

void span_begin(struct lane *lane)
{
	uint32_t index = (uint32_t)lane->nframes - 1, newest;
	const struct frame *frame = &lane->frames[index];
	struct span *span;

	span = &lane->spans[index];
	newest = index ? span[-1].newest : SPAN_NONE;
	*span = (struct span){.outer = SPAN_NONE, .newest = newest};
	if (frame->call == CALL_NONE)
		return;
	span->outer = find_outer(lane, newest, frame->func);
	if (span->outer == SPAN_NONE) {
		span->outer = span->newest = index;
	} else {
		span->added = lane->spans[span->outer].added;
		span->parts = lane->spans[span->outer].parts;
	}
}

static void add_below(struct lane *lane, uint64_t time)
{
	if (lane->nframes)
		lane->spans[lane->nframes - 1].below += time;
}

void span_pass(struct lane *lane)
{
	add_below(lane, lane->spans[lane->nframes].below);
}

static uint64_t less(uint64_t from, uint64_t what)
{
	return from > what ? from - what : 0;
}

/* What the inner calls of the same function added since it began is in its times again. */
static void measure_parts(const struct span *span, struct span *outer,
			  const struct call_times *times, struct stats_call *call)
{
	struct span_parts before = span == outer ? (struct span_parts){0} : span->parts;
	const uint64_t *ns = times->ns;

	call->run = less(ns[STATE_RUNNING], outer->parts.run - before.run);
	call->wait = less(ns[STATE_WAITING] + ns[STATE_RUNNABLE] + ns[STATE_OFFCPU],
			  outer->parts.wait - before.wait);
	call->syscall = less(ns[STATE_SYSCALL], outer->parts.syscall - before.syscall);
	outer->parts.run += call->run;
	outer->parts.wait += call->wait;
	outer->parts.syscall += call->syscall;
}

struct stats_call span_measure(struct lane *lane, uint64_t duration, const struct call_times *times)
{
	const struct span *span = &lane->spans[lane->nframes];
	struct span *outer = &lane->spans[span->outer];
	uint64_t added = span == outer ? span->added : outer->added - span->added;
	struct stats_call call = {
		.duration = duration,
		.total = less(duration, added),
		.self = less(duration, span->below),
	};

	if (times)
		measure_parts(span, outer, times, &call);
	outer->added += call.total;
	add_below(lane, duration);
	return call;
}
