/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>

#include "trace/trace_state.h"

/* Trees that are held leave room for others, the oldest first: nothing of them is lost. Only where no call of one has
 * failed by then, and --errors waits for that, what has ended in it is not kept. */
static void let_go(struct trace *trace)
{
	struct held *held = &trace->lanes.held;

	while (held->oldest && (held->calls >= trace->config.hold_calls ||
				held->bytes >= trace->config.hold_bytes)) {
		struct lane *lane = held->oldest;

		trace->counts.let_go++;
		if (errors_wait(trace, &lane->tree))
			stream_forget(trace, lane);
		else
			stream_tree(trace, lane);
		held_update(held, lane);
	}
}

/*
 * Too much is open. What belongs to no frame goes first. Then a goroutine that has long been silent may never be
 * heard of again: its records were lost, or it is none, in a program that makes its ids up. Those of a
 * sixteenth of the lanes, since a look at all of them has to be worth it, until there is some room again.
 */
static void give_up(struct trace *trace)
{
	const struct held *held = &trace->lanes.held;
	uint64_t most = trace->config.open_bytes;
	struct lane **lanes;
	size_t count;

	lanes_drop_empty(&trace->lanes);
	lanes_trim(&trace->lanes);
	if (held->open < most - most / 8)
		return;
	lanes = lanes_silent(&trace->lanes, &count);
	if (!lanes) {
		trace_check(trace, -ENOMEM);
		return;
	}
	for (size_t i = 0; i < count && (i < count / 16 || held->open >= most - most / 8); i++) {
		trace->counts.given_up += lanes[i]->nframes;
		trace_end_lane(trace, lanes[i], CALL_LOST);
		lanes_drop(&trace->lanes, lanes[i]);
	}
	free(lanes);
}

void room_make(struct trace *trace, struct lane *lane)
{
	bool empty = !lane->nframes;

	held_update(&trace->lanes.held, lane);
	if (trace->config.flight)
		flight_spill(trace);
	else
		let_go(trace);
	if (trace->lanes.held.open >= trace->config.open_bytes)
		give_up(trace);
	else if (empty)
		lanes_settle(&trace->lanes, trace->counts.open_lanes);
}

void room_sweep(struct trace *trace)
{
	struct traced_process *owner;
	size_t at = 0;

	if (!process_crowded(trace))
		return;
	/* Taking one out may move those behind it: these are looked at next time. */
	while ((owner = process_next_over(trace, &at)))
		trace_end_process(trace, owner, false);
	trace->crowd = trace->processes.count * 2;
}
