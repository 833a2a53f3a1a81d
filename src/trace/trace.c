/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/trace.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/origin.h"
#include "trace/trace_state.h"
#include "trace/waits.h"

/* A lane with open frames that lost records and was silent this long is looked at. */
#define SILENCE 1000000000ull
/* Goroutines that are looked at in the target each time, of those that may be gone. */
#define LOOKS 64
/* Lanes that are passed each time, gone or not. */
#define LANES_A_TICK 16384

struct trace *trace_new(const struct trace_config *config, struct sink *sink,
			struct machine *machine)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		return NULL;
	trace->config = *config;
	if (!trace->config.hold_calls)
		trace->config.hold_calls = HELD_CALLS;
	if (!trace->config.hold_bytes)
		trace->config.hold_bytes = HELD_BYTES;
	if (!trace->config.open_bytes)
		trace->config.open_bytes = OPEN_BYTES;
	/* A call that its end may leave out cannot be written before. */
	for (size_t i = 0; i < config->plan->nfuncs; i++)
		if (config->plan->funcs[i].filter && config->plan->funcs[i].filter->needs_return)
			trace->config.hold = TRACE_HOLD_NEVER;
	recent_init(&trace->origins, sizeof(struct origin), ORIGINS_MAX);
	trace->sink = sink;
	trace->machine = machine;
	return trace;
}

void trace_free(struct trace *trace)
{
	if (!trace)
		return;
	lanes_release(&trace->lanes);
	process_release(trace);
	recent_release(&trace->origins);
	free(trace);
}

const struct trace_counts *trace_counts(const struct trace *trace)
{
	return &trace->counts;
}

struct trace_summary trace_summarize(const struct trace *trace)
{
	static const struct marks_wanted none;
	const struct marks_wanted *marks = trace->config.marks ? trace->config.marks : &none;
	const struct trace_counts *counts = &trace->counts;
	struct trace_summary summary = {
		.calls = counts->calls,
		.counted = trace->config.stats_only ? stats_counted(trace->config.stats) : 0,
		.records = counts->records,
		.damaged = counts->damaged,
		.skipped = counts->skipped,
		.unwound = counts->unwound,
		.open = counts->open,
		.marked = {[MARK_WAITS] = marks->waits,
			   [MARK_SYSCALLS] = marks->syscalls,
			   [MARK_SIGNALS] = marks->signals,
			   [MARK_EVENTS] = marks->nevents},
	};

	memcpy(summary.marks, counts->marks, sizeof(summary.marks));
	return summary;
}

/* Its exit may be among records that were lost at its depth or above; the lane's next record would have
 * told. */
static bool may_be_over(const struct trace *trace, const struct lane *lane,
			const struct frame *frame)
{
	return frame->doubt || (lane->due && frame->depth >= lane->due->depth) ||
	       trace->unattributed >= frame->start;
}

void trace_end_lane(struct trace *trace, struct lane *lane, enum call_end how)
{
	trace->counts.open_lanes--;
	waits_close(trace, lane);
	while (lane->nframes) {
		const struct frame *frame = &lane->frames[lane->nframes - 1];

		show_end(trace, lane, may_be_over(trace, lane, frame) ? CALL_LOST : how, 0, 0,
			 NULL);
	}
	held_update(&trace->lanes.held, lane);
}

/* Lanes by start, or the error that there is no memory for a list of them. */
static struct lane **sorted_lanes(struct trace *trace, const struct traced_process *owner,
				  size_t *count)
{
	struct lane **lanes = lanes_sorted(&trace->lanes, owner, count);

	if (!lanes)
		trace_check(trace, -ENOMEM);
	return lanes;
}

void trace_end_process(struct trace *trace, struct traced_process *owner, bool renewed)
{
	size_t count;
	struct lane **lanes = sorted_lanes(trace, owner, &count);

	for (size_t i = 0; i < count; i++)
		trace_end_lane(trace, lanes[i], CALL_EXIT);
	free(lanes);
	/* No lane may point to a process that is gone. */
	lanes_forget(&trace->lanes, owner);
	if (renewed)
		owner->renewed = true;
	else
		process_forget(trace, owner);
}

/* The next lane from a place in their map on; behind the last one NULL, and the place is the first again. */
static struct lane *next_lane(const struct trace *trace, size_t *at)
{
	struct map_slot *slot = map_next(&trace->lanes.map, at);

	if (!slot)
		*at = 0;
	return slot ? (struct lane *)(uintptr_t)slot->value : NULL;
}

/* Whether the records that told of its goroutine's end may have been lost with others. */
static bool is_in_doubt(const struct trace *trace, const struct lane *lane, uint64_t now)
{
	return trace->machine->ops->is_gone && lane->g && lane_is_goroutine(lane) &&
	       now - lane->last > SILENCE && lane->owner->last_loss >= lane->frames[0].start;
}

/* Lanes whose goroutine is gone are ended. Each costs a look at the target's memory, so few are looked at each time, and
 * the next ones the next time: however many are silent, records do not wait. */
static void end_abandoned(struct trace *trace, uint64_t now)
{
	struct lane *gone[LOOKS];
	size_t count = 0, looks = 0, passed = 0;
	struct lane *lane;

	while (looks < LOOKS && passed++ < LANES_A_TICK &&
	       (lane = next_lane(trace, &trace->looked))) {
		if (!lane->nframes || now < lane->last || !is_in_doubt(trace, lane, now))
			continue;
		looks++;
		if (trace->machine->ops->is_gone(trace->machine, &lane->owner->process, lane->g,
						 lane->key.b))
			gone[count++] = lane;
	}
	for (size_t i = 0; i < count; i++) {
		trace_end_lane(trace, gone[i], CALL_LOST);
		lanes_drop(&trace->lanes, gone[i]);
	}
}

int trace_tick(struct trace *trace, uint64_t now)
{
	uint64_t hold = trace->config.hold;
	struct lane *lane;
	size_t passed = 0;

	if (trace->stopped)
		return trace->stopped;
	flight_pass(trace, now);
	room_sweep(trace);
	if (trace->stopped || !trace->counts.open_lanes)
		return trace->stopped;
	while (passed++ < LANES_A_TICK && (lane = next_lane(trace, &trace->ticked))) {
		if (!lane->nframes || now < lane->last)
			continue;
		if (hold != TRACE_HOLD_NEVER && !lane->streaming && lane->tree.ncalls &&
		    !errors_wait(trace, &lane->tree) && now - lane->tree.calls[0].start > hold)
			stream_tree(trace, lane);
		stream_overdue(trace, lane, now);
		held_update(&trace->lanes.held, lane);
	}
	end_abandoned(trace, now);
	return trace->stopped;
}

/* How many frames of a lane stay. */
static size_t frames_on(const struct lane *lane, const bool *off, size_t count, bool all)
{
	for (size_t i = 0; i < lane->nframes; i++)
		if (all || (lane->frames[i].func < count && off[lane->frames[i].func]))
			return i;
	return lane->nframes;
}

int trace_off(struct trace *trace, const bool *off, size_t count, bool all)
{
	size_t nlanes;
	struct lane **lanes = sorted_lanes(trace, NULL, &nlanes);

	for (size_t i = 0; i < nlanes && !trace->stopped; i++) {
		size_t stay = frames_on(lanes[i], off, count, all);

		while (lanes[i]->nframes > stay)
			show_end(trace, lanes[i], CALL_LOST, 0, 0, NULL);
		trace->counts.open_lanes -= !lanes[i]->nframes;
		held_update(&trace->lanes.held, lanes[i]);
	}
	free(lanes);
	return trace->stopped;
}

int trace_gone(struct trace *trace, uint32_t pid)
{
	struct traced_process *owner;

	if (trace->stopped < 0)
		return trace->stopped;
	process_losses(trace, 0);
	owner = process_find(trace, pid);
	if (owner)
		trace_end_process(trace, owner, false);
	return trace->stopped;
}

int trace_unplaced(struct trace *trace, uint64_t lost, uint64_t now)
{
	struct mark mark = {
		.kind = &mark_loss,
		.start = now,
		.end = now,
		.result = lost - trace->counts.lost,
	};
	struct map_slot *slot;
	size_t at = 0;

	if (trace->stopped < 0 || lost <= trace->counts.lost)
		return trace->stopped;
	slot = trace->processes.count == 1 ? map_next(&trace->processes, &at) : NULL;
	if (slot) {
		struct traced_process *owner = (struct traced_process *)(uintptr_t)slot->value;

		process_announce(trace, owner);
		mark.pid = owner->process.pid;
	}
	trace->counts.lost = lost;
	trace_check(trace, sink_mark(trace->sink, NULL, &mark));
	return trace->stopped;
}

int trace_finish(struct trace *trace)
{
	struct lane **lanes;
	size_t count;

	if (trace->stopped < 0)
		return trace->stopped;
	process_losses(trace, 0);
	flight_finish(trace);
	lanes = sorted_lanes(trace, NULL, &count);
	for (size_t i = 0; i < count; i++)
		trace_end_lane(trace, lanes[i], CALL_OPEN);
	free(lanes);
	return trace->stopped;
}
