/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "trace/mend.h"
#include "trace/span.h"
#include "trace/trace_state.h"

/* A lane with open frames that lost records and was silent this long is looked at. */
#define SILENCE 1000000000ull
/* Goroutines that are looked at in the target each time, of those that may be gone. */
#define LOOKS 64
/* Lanes that are passed each time, gone or not. */
#define LANES_A_TICK 16384

struct trace *trace_new(const struct trace_config *config, struct sink *sink, struct machine *machine)
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
	free(trace);
}

const struct trace_counts *trace_counts(const struct trace *trace)
{
	return &trace->counts;
}

struct trace_summary trace_summarize(const struct trace *trace)
{
	const struct trace_counts *counts = &trace->counts;

	return (struct trace_summary){
		.calls = counts->calls,
		.counted = trace->config.stats_only ? stats_calls(trace->config.stats) : 0,
		.records = counts->records,
		.damaged = counts->damaged,
		.skipped = counts->skipped,
		.unwound = counts->unwound,
		.open = counts->open,
	};
}

/* The innermost frame is over, though it did not end by itself. */
static void take_away(struct trace *trace, struct lane *lane, uint64_t time, uint8_t cause)
{
	const struct frame *frame = &lane->frames[lane->nframes - 1];

	if (process_lost_since(trace, lane, frame))
		show_end(trace, lane, CALL_LOST, 0, 0, NULL);
	else
		show_end(trace, lane, CALL_UNWOUND, time, CALL_APPROXIMATE | cause, NULL);
}

/* All frames below `depth` are over. */
static void take_deeper(struct trace *trace, struct lane *lane, uint64_t depth, uint64_t time,
			uint8_t cause)
{
	while (lane->nframes && lane->frames[lane->nframes - 1].depth > depth)
		take_away(trace, lane, time, cause);
}

static void take_at(struct trace *trace, struct lane *lane, uint64_t depth, uint64_t time)
{
	take_deeper(trace, lane, depth, time, 0);
	while (lane->nframes && lane->frames[lane->nframes - 1].depth == depth)
		take_away(trace, lane, time, 0);
}

/* The entry ran again for the same call, behind morestack. */
static bool is_repeat(const struct lane *lane, const struct event *event)
{
	const struct frame *top = lane->nframes ? &lane->frames[lane->nframes - 1] : NULL;

	return event->site->may_repeat && top && !top->doubt &&
	       top->depth == event->record->depth && top->func == event->site->func;
}

/*
 * Where two records of a lane were lost at this depth or above, they may have been the exit of a call
 * and the entry of the next one of the same function at the same depth: what returns now is then not
 * what was seen to begin.
 */
static bool may_be_another(const struct trace *trace, const struct frame *frame)
{
	return frame->doubt >= 2 ||
	       (trace->epoch != frame->epoch && trace->unattributed >= frame->start);
}

/* Whoever enters now may be called by a later call than the one that was seen to begin. */
static void take_doubtful(struct trace *trace, struct lane *lane, uint64_t time)
{
	while (lane->nframes && may_be_another(trace, &lane->frames[lane->nframes - 1]))
		take_away(trace, lane, time, 0);
}

static void on_entry(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_record *record = event->record;
	struct frame *frame;

	take_deeper(trace, lane, record->depth, record->time, 0);
	take_doubtful(trace, lane, record->time);
	if (is_repeat(lane, event))
		return;
	take_at(trace, lane, record->depth, record->time);
	lane->g = event->entry->g;
	frame = vec_push(&lane->frames, &lane->nframes, &lane->capframes);
	if (!frame || (trace->config.stats && span_reserve(lane))) {
		lane->nframes -= frame != NULL;
		trace_check(trace, -ENOMEM);
		return;
	}
	frame->depth = record->depth;
	frame->start = record->time;
	frame->func = event->site->func;
	frame->epoch = record->epoch;
	show_begin(trace, lane, event);
	if (trace->config.stats)
		span_begin(lane);
}

/* On a stack without a goroutine only entries tell whom it works for: exits of what was not wanted
 * find no frame, and nothing is to be said of them. */
static bool is_stray(const struct trace *trace, const struct event *event)
{
	return trace->config.select.ngoids && event->record->flags & (FT_R_STACK | FT_R_THREAD);
}

static void on_exit_site(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_record *record = event->record;
	const struct frame *top;

	take_deeper(trace, lane, record->depth, record->time, 0);
	top = lane->nframes ? &lane->frames[lane->nframes - 1] : NULL;
	if (top && top->depth == record->depth && top->func == event->site->func &&
	    !may_be_another(trace, top)) {
		bool tail = event->site->kind == SITE_TAIL;

		show_end(trace, lane, tail ? CALL_TAIL : CALL_RETURN, record->time, 0,
			 tail ? NULL : event);
		return;
	}
	take_at(trace, lane, record->depth, record->time);
	/* A process that was traced from its start has no call whose entry could not be seen. */
	if (!is_stray(trace, event) &&
	    (!lane->owner->process.whole || lane->owner->last_loss || trace->unattributed))
		show_unseen(trace, lane, event);
}

/* What was lost is known sooner than the records before it in the ring are read. */
static void learn_loss(struct lane *lane, uint64_t time, uint32_t epoch)
{
	struct ft_loss *due = lane->due;

	if (!due || time < due->first)
		return;
	for (size_t i = 0; i < lane->nframes; i++)
		if (lane->frames[i].depth >= due->depth && lane->frames[i].epoch != epoch)
			lane->frames[i].doubt += due->count + due->marks < 2 ? 1 : 2;
	if (time > due->last) {
		free(due);
		lane->due = NULL;
	}
}

static void on_callers(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_callers *callers = event->callers;

	if (!lane->callers)
		lane->callers = malloc(sizeof(*lane->callers));
	if (!lane->callers) {
		trace_check(trace, -ENOMEM);
		return;
	}
	lane->callers->time = event->record->time;
	lane->callers->count = callers->count;
	for (uint32_t i = 0; i < callers->count; i++)
		lane->callers->addrs[i] = event->site->addr + (uint64_t)callers->callers[i];
}

static void on_lane_event(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_record *record = event->record;
	bool was_open = lane->nframes > 0;

	lane->last = record->time;
	learn_loss(lane, record->time, record->epoch);
	switch (record->kind) {
	case FT_ENTRY:
		on_entry(trace, lane, event);
		break;
	case FT_EXIT:
		on_exit_site(trace, lane, event);
		break;
	case FT_CALLERS:
		on_callers(trace, lane, event);
		break;
	case FT_RECOVER:
		take_deeper(trace, lane, record->depth, record->time, CALL_PANIC);
		break;
	default:
		take_deeper(trace, lane, 0, record->time, CALL_GOEXIT);
	}
	if (was_open && !lane->nframes)
		trace->counts.open_lanes--;
	else if (!was_open && lane->nframes)
		trace->counts.open_lanes++;
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

static bool is_wanted(const struct trace *trace, const struct event *event)
{
	const struct trace_select *select = &trace->config.select;
	const struct ft_record *record = event->record;
	uint64_t goid = record->lane;

	if (!select->ngoids)
		return true;
	if (record->flags & (FT_R_STACK | FT_R_THREAD)) {
		if (!event->entry)
			return true;
		goid = event->entry->curg;
	}
	for (size_t i = 0; i < select->ngoids; i++)
		if (select->goids[i] == goid)
			return true;
	return false;
}

/* Before anybody looks at the values of the record. */
static void mend(struct trace *trace, struct event *event)
{
	const struct plan *plan = trace->config.plan;
	const struct image *image = plan->images[event->site->image].image;
	const struct fetch *fetch;
	uint64_t ip;
	size_t len;

	if (event->nvalues < sizeof(struct ft_values) || !image)
		return;
	fetch = event->entry ? plan->funcs[event->site->func].args
			     : plan->funcs[event->site->func].results;
	if (!fetch)
		return;
	memcpy(&ip, event->values, sizeof(ip));
	len = mend_values(fetch, image, ip - event->site->addr, event->values, event->nvalues,
			  trace->mended);
	if (!len)
		return;
	event->values = trace->mended;
	event->nvalues = len;
}

int trace_record(struct trace *trace, const void *bytes, size_t len)
{
	const struct ft_record *record = bytes;
	struct traced_process *owner;
	struct event event;
	struct lane *lane;

	if (trace->stopped)
		return trace->stopped;
	if (decode(trace->config.plan, bytes, len, &event)) {
		trace->counts.records++;
		trace->counts.damaged++;
		return 0;
	}
	/* What becomes of processes is no record of a hit, and callers are more of one. */
	trace->counts.records += event.site && !event.callers;
	if (record->epoch != trace->epoch) {
		trace->epoch = record->epoch;
		process_losses(trace, record->time);
	}
	if (!event.site) {
		owner = process_find(trace, record->tgid);
		if (owner)
			trace_end_process(trace, owner, record->kind == FT_EXEC);
		return trace->stopped;
	}
	owner = process_of(trace, record);
	if (!owner || !is_wanted(trace, &event))
		return trace->stopped;
	lane = lanes_get(&trace->lanes,
			 lane_key(record->tgid, record->flags, record->lane, record->tid));
	if (!lane)
		return trace->stopped = -ENOMEM;
	lane_own(lane, owner);
	mend(trace, &event);
	on_lane_event(trace, lane, &event);
	room_make(trace, lane);
	return trace->stopped;
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
	return trace->machine->ops->is_gone && lane->g && !(lane->key.a >> 32) &&
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
	room_sweep(trace);
	if (trace->stopped || !trace->counts.open_lanes)
		return trace->stopped;
	while (passed++ < LANES_A_TICK && (lane = next_lane(trace, &trace->ticked))) {
		if (!lane->nframes || now < lane->last)
			continue;
		if (hold != TRACE_HOLD_NEVER && !lane->streaming && lane->tree.ncalls &&
		    now - lane->tree.calls[0].start > hold)
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
	trace_check(trace, sink_mark(trace->sink, &mark));
	return trace->stopped;
}

int trace_finish(struct trace *trace)
{
	struct lane **lanes;
	size_t count;

	if (trace->stopped < 0)
		return trace->stopped;
	process_losses(trace, 0);
	lanes = sorted_lanes(trace, NULL, &count);
	for (size_t i = 0; i < count; i++)
		trace_end_lane(trace, lanes[i], CALL_OPEN);
	free(lanes);
	return trace->stopped;
}
