/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flight: with --flight nothing goes out but what is near in time to a call that passes a --when.
 *
 *                  TIME before     a call passes     TIME after the last that passes
 *     kept back  |---------------------|------------------|  kept back
 *              since                                    till
 *
 * The sink keeps back whole trees, and lets out by itself what ended since (recording/flight.h). What is open is here. A
 * root that ends in time goes out with all that is below it, however old that is: it is what was waited for. Of one that
 * is still open at `till` the open calls go out as such, with what ended below them in time; that is not kept then, so
 * that each call that has ended goes out once, and only one that is open in each of several such times more often.
 *
 * In the same way what has ended of open trees goes to the sink when too much is held, to be kept back there.
 */
#include <errno.h>
#include <stdlib.h>

#include "trace/trace_state.h"

/* A call passes. */
static void meet(struct trace *trace, uint64_t time)
{
	struct flight *flight = &trace->flight;
	uint64_t most = trace->config.select.max_calls, span = trace->config.flight;

	if (flight->last)
		return;
	flight->last = ++trace->counts.met == most;
	flight->till = time + span;
	if (flight->open)
		return;
	flight->open = true;
	trace->counts.flights++;
	flight->since = time > span ? time - span : 0;
	trace_check(trace, sink_open(trace->sink, flight->since));
}

void flight_begin(struct trace *trace, struct frame *frame, const struct event *event)
{
	const struct plan_func *func = &trace->config.plan->funcs[frame->func];

	for (size_t i = 0; i < func->nwhens && !frame->met; i++)
		frame->met = !func->whens[i]->needs_return &&
			     filter_eval(func->whens[i], event->values, event->nvalues, NULL, 0,
					 FILTER_NO_DURATION, FILTER_UNDECIDED);
	if (frame->met)
		meet(trace, event->record->time);
}

void flight_end(struct trace *trace, const struct tree *tree, const struct call *call,
		const struct event *event)
{
	const struct plan_func *func = &trace->config.plan->funcs[call->func];

	for (size_t i = 0; i < func->nwhens && call_is_timed(call); i++)
		if (func->whens[i]->needs_return &&
		    show_passes(trace, func->whens[i], tree, call, event)) {
			meet(trace, call->end);
			return;
		}
}

static bool is_old(const struct call *call, uint64_t since)
{
	return call_is_timed(call) && call->end < since;
}

/* Closes up the calls with kept[i + 1] > kept[i], which is how many before number i stay. */
static void move_calls(struct tree *tree, const uint32_t *kept)
{
	for (size_t i = 0; i < tree->ncalls; i++) {
		struct call call = tree->calls[i];
		uint32_t to = kept[i];

		if (kept[i + 1] == to)
			continue;
		if (call.parent != CALL_NONE)
			call.parent = kept[call.parent];
		tree->calls[to] = call;
		if (tree->times)
			tree->times[to] = tree->times[i];
	}
}

static void move_marks(struct tree *tree, const uint32_t *kept, uint64_t since)
{
	size_t n = 0;

	for (size_t i = 0; i < tree->nmarks; i++) {
		struct mark mark = tree->marks[i];

		if ((!mark.open && mark.end < since) ||
		    (mark.call != CALL_NONE && kept[mark.call + 1] == kept[mark.call]))
			continue;
		mark.before = kept[mark.before];
		if (mark.call != CALL_NONE)
			mark.call = kept[mark.call];
		tree->marks[n++] = mark;
	}
	tree->nmarks = n;
}

/* Takes out what ended before, but for what is below a call that did not. The frames learn where their calls are. */
static void drop_old(struct trace *trace, struct lane *lane, uint64_t since)
{
	struct tree *tree = &lane->tree;
	uint32_t *kept = malloc((tree->ncalls + 1) * sizeof(*kept)), n = 0, until = 0;

	if (!kept) {
		trace_check(trace, -ENOMEM);
		return;
	}
	for (uint32_t i = 0, skip = CALL_NONE; i < tree->ncalls; i++) {
		const struct call *call = &tree->calls[i];

		/* Below one that went, all went; below one that is new enough, all stay. */
		if (skip != CALL_NONE && call->level <= skip)
			skip = CALL_NONE;
		if (skip == CALL_NONE && i >= until && is_old(call, since))
			skip = call->level;
		else if (skip == CALL_NONE && i >= until && call->how != CALL_OPEN)
			for (until = i + 1;
			     until < tree->ncalls && tree->calls[until].level > call->level;)
				until++;
		kept[i] = n;
		n += skip == CALL_NONE;
	}
	kept[tree->ncalls] = n;
	move_marks(tree, kept, since);
	move_calls(tree, kept);
	for (size_t i = 0; i < lane->nframes; i++) {
		struct frame *frame = &lane->frames[i];

		if (frame->call != CALL_NONE)
			frame->call = kept[frame->call];
		if (frame->near != CALL_NONE)
			frame->near = kept[frame->near];
	}
	tree->ncalls = n;
	free(kept);
}

/* Whether there is more in it than open calls. */
static bool has_ended(const struct tree *tree)
{
	for (size_t i = tree->ncalls; i-- > 0;)
		if (tree->calls[i].how != CALL_OPEN)
			return true;
	return tree->nmarks;
}

/* What is in the lane's tree, which is open, goes to the sink, and the open calls alone stay. */
static void part(struct trace *trace, struct lane *lane)
{
	if (!errors_wait(trace, &lane->tree))
		show_hand_on(trace, lane, &lane->tree);
	stream_keep_open(lane);
	held_update(&trace->lanes.held, lane);
}

/* Those of all lanes, by start. */
static void each_open(struct trace *trace, void (*act)(struct trace *trace, struct lane *lane))
{
	size_t count;
	struct lane **lanes = lanes_sorted(&trace->lanes, NULL, &count);

	if (!lanes && trace->counts.open_lanes)
		trace_check(trace, -ENOMEM);
	for (size_t i = 0; lanes && i < count; i++)
		if (lanes[i]->tree.ncalls)
			act(trace, lanes[i]);
	free(lanes);
}

static void let_out(struct trace *trace, struct lane *lane)
{
	if (errors_wait(trace, &lane->tree))
		return;
	drop_old(trace, lane, trace->flight.since);
	part(trace, lane);
}

void flight_pass(struct trace *trace, uint64_t now)
{
	struct flight *flight = &trace->flight;

	if (!flight->open || now <= flight->till || trace->stopped)
		return;
	if (flight->last) {
		trace->stopped = 1;
		return;
	}
	each_open(trace, let_out);
	flight->open = false;
	trace_check(trace, sink_shut(trace->sink));
}

static void drop_what_is_old(struct trace *trace, struct lane *lane)
{
	drop_old(trace, lane, trace->flight.since);
}

void flight_finish(struct trace *trace)
{
	if (trace->flight.open)
		each_open(trace, drop_what_is_old);
}

/* Each time it takes a look at all lanes, so there has to be something that it brings. */
void flight_spill(struct trace *trace)
{
	struct held *held = &trace->lanes.held;
	struct flight *flight = &trace->flight;
	struct lane *lane, *newer;

	if (held->bytes < (flight->room ? flight->room : trace->config.hold_bytes))
		return;
	for (lane = held->oldest; lane; lane = newer) {
		newer = lane->holding.newer;
		if (has_ended(&lane->tree))
			part(trace, lane);
	}
	flight->room = held->bytes * 2 > trace->config.hold_bytes ? held->bytes * 2
								  : trace->config.hold_bytes;
}
