/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace: recorded bytes in, calls out.
 *
 * Each goroutine has a lane with a shadow stack, in which a frame is identified by its depth
 * (stack.hi - SP, so that a stack that grows and moves changes nothing):
 *
 *   entry at depth d     frames at depth >= d are over, a frame is pushed
 *   exit of F at depth d frames at depth >  d are over, the frame at d is F and returns
 *   recover at depth d   frames at depth >  d are over
 *
 * A frame found over without an exit of its own is `unwound`, or `lost` when a record of its process
 * was lost since its entry. Lanes without open frames hold nothing that is needed and are recycled.
 *
 * Nothing here knows the kernel or an output format: records come as bytes, what they do not tell is asked of
 * the machine, calls leave through a sink. Ids and counts are made here. Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef FTRACE_TRACE_TRACE_H
#define FTRACE_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/select.h"
#include "call/sink.h"
#include "call/stats.h"
#include "call/summary.h"
#include "call/tree.h"
#include "plan/marks.h"
#include "plan/plan.h"
#include "trace/held.h"
#include "trace/machine.h"

#define TRACE_HOLD_NEVER UINT64_MAX

struct trace_config {
	const struct plan *plan;
	struct call_select select;
	uint64_t hold; /* ns after which an open root call is streamed; 0: at once */
	/* Of all trees together; what is held beyond either is streamed, the oldest first. 0: HELD_CALLS, HELD_BYTES. */
	uint64_t hold_calls, hold_bytes;
	/* --flight: only what ended so many ns before or after a call that passes a `when` of its function goes out, and what is
	 * open then; the sink keeps back the rest (sink_open()). It is for `hold` never. 0: all goes out. */
	uint64_t flight;
	/* Of all lanes; where these are more, the goroutines that were silent longest are given up. 0: OPEN_BYTES. */
	uint64_t open_bytes;
	struct tree_source *source; /* of the trees; NULL: nobody asks for more than their calls */
	struct stats *stats; /* gets each call that is shown when it ends; NULL: nobody asks */
	bool stats_only;     /* the sink gets no calls */
	bool tell_errors;    /* calls that returned an error say so (CALL_ERROR) */
	const struct marks_wanted *marks; /* what is recorded besides calls; NULL: nothing */
	uint64_t min_wait;                /* ns: shorter waits are no marks */
};

struct trace_counts {
	uint64_t records;
	uint64_t damaged;
	uint64_t skipped; /* roots passed over by --sample */
	uint64_t calls;   /* handed on to the sink, and of them ... */
	uint64_t unwound;
	uint64_t open;  /* ... those with that end */
	uint64_t roots; /* finished roots that were handed on, or counted */
	uint64_t open_lanes;
	uint64_t lost;               /* in the marks that were handed on */
	uint64_t marks[MARK_COUNTS]; /* handed on, by kind */
	uint64_t
		let_go; /* trees that were streamed, or with --errors not kept, since too much was held */
	uint64_t met;      /* calls that passed a `when`, and ... */
	uint64_t flights;  /* ... how often something went out for it */
	uint64_t given_up; /* open frames that were given up, their calls lost */
};

struct trace;

/* `sink` and `machine` are the caller's and outlive it. A negative return value of the sink stops the trace:
 * trace_record() and its like return it from then on. NULL when memory is out. */
struct trace *trace_new(const struct trace_config *config, struct sink *sink,
			struct machine *machine);
void trace_free(struct trace *trace);

/* One record from the ring: `len` bytes at `bytes`, of which nothing is believed. Damaged ones are
 * counted and skipped. Returns 0, 1 when --max-calls is reached (later records change nothing),
 * or the negative errno of the sink, or -ENOMEM. */
int trace_record(struct trace *trace, const void *bytes, size_t len);

/* To be called now and then with the current time: streams root calls that are held too long,
 * forgets lanes whose goroutines are gone. */
int trace_tick(struct trace *trace, uint64_t now);

/* No record comes any more of functions with off[func], the first `count` of the plan: what is open of them
 * and below is lost. With `all` that is true of whatever is open. */
int trace_off(struct trace *trace, const bool *off, size_t count, bool all);

/* The process has ended: what is open in it ended with it. */
int trace_gone(struct trace *trace, uint32_t pid);

/* The kernel counted `lost` records in all: what no lane was found for is told as one more loss. */
int trace_unplaced(struct trace *trace, uint64_t lost, uint64_t now);

/* Hands on what is open, root by root in order of start. */
int trace_finish(struct trace *trace);

const struct trace_counts *trace_counts(const struct trace *trace);

/* What the trace knows of itself: calls, counted, records, damaged, skipped, unwound and open; the rest is 0. */
struct trace_summary trace_summarize(const struct trace *trace);

#endif
