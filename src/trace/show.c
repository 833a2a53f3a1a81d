/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * show: which frames become calls of a tree, and how a tree leaves.
 *
 * Whether a frame is shown is decided when it begins (--goid and filters, then -D, --sample, --depth);
 * only --min-duration is decided when it ends. A tree that is held leaves whole when its root ends; of one that
 * is streamed see stream.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/filter_eval.h"
#include "trace/edit.h"
#include "trace/failure.h"
#include "trace/trace_state.h"
#include "trace/waits.h"

static void count_root(struct trace *trace, const struct call *root)
{
	const struct call_select *select = &trace->config.select;

	if (root->how == CALL_OPEN || root->how == CALL_EXIT)
		return;
	trace->counts.roots++;
	if (select->max_calls && !trace->config.flight &&
	    trace->counts.roots >= select->max_calls && !trace->stopped)
		trace->stopped = 1;
}

/* The marks of a tree that is not shown: what was about one of its calls goes with it. */
static void hand_on_marks(struct trace *trace, const struct tree *tree)
{
	for (size_t i = 0; i < tree->nmarks; i++)
		if (tree->marks[i].kind->apart)
			trace_check(trace, sink_mark(trace->sink, NULL, &tree->marks[i]));
}

void show_hand_on(struct trace *trace, struct lane *lane, const struct tree *tree)
{
	tally_settle(trace, lane, tree->ncalls, !errors_wait(trace, tree));
	if (errors_wait(trace, tree)) {
		hand_on_marks(trace, tree);
		return;
	}
	process_announce(trace, lane->owner);
	for (size_t i = 0; trace->config.stats && i < tree->nmarks; i++)
		trace_check(trace, stats_add_wait(trace->config.stats, tree, &tree->marks[i]));
	if (trace->config.stats_only) {
		hand_on_marks(trace, tree);
	} else {
		for (size_t i = 0; i < tree->ncalls; i++) {
			tree->calls[i].id = ++trace->last_id;
			trace_count(trace, &tree->calls[i]);
		}
		for (size_t i = 0; i < tree->nmarks; i++)
			trace_count_mark(trace, &tree->marks[i]);
		trace_check(trace, sink_root(trace->sink, tree));
	}
	count_root(trace, &tree->calls[0]);
}

/* The outermost shown call has ended. */
static void root_leaves(struct trace *trace, struct lane *lane)
{
	show_hand_on(trace, lane, &lane->tree);
	edit_reset(&lane->tree);
}

static void tree_identify(struct trace *trace, struct lane *lane, const struct event *event)
{
	struct tree *tree = &lane->tree;
	bool user = !(event->record->flags & (FT_R_STACK | FT_R_THREAD));

	tree->process = &lane->owner->process;
	tree->source = trace->config.source;
	tree->goid = user ? event->record->lane : 0;
	tree->curg = user || !event->entry ? 0 : event->entry->curg;
	origin_keep(trace, tree);
}

static uint32_t keep_values(struct tree *tree, const struct event *event)
{
	return edit_keep(tree, event->values, event->nvalues);
}

/* What came right before the entry. */
static uint32_t keep_callers(struct lane *lane, const struct event *event)
{
	const struct callers_seen *seen = lane->callers;

	if (!seen || seen->time != event->record->time)
		return CALL_NONE;
	return edit_keep(&lane->tree, seen->addrs, seen->count * sizeof(seen->addrs[0]));
}

/* Whether its filter lets the newest frame be shown, so far as that is known at entry. */
static bool passes_at_entry(const struct trace *trace, const struct frame *frame,
			    const struct event *event)
{
	const struct filter_check *filter = trace->config.plan->funcs[frame->func].filter;

	return !filter || filter->needs_return ||
	       filter_eval(filter, event->values, event->nvalues, NULL, 0, FILTER_NO_DURATION,
			   FILTER_UNDECIDED);
}

/* Whether the newest frame starts a shown tree or goes on in one; sets what its callees inherit. */
static bool is_shown(struct trace *trace, struct lane *lane, struct frame *frame,
		     const struct event *event)
{
	const struct call_select *select = &trace->config.select;
	const struct frame *caller = lane->nframes > 1 ? frame - 1 : NULL;
	uint32_t level;

	frame->near = caller ? caller->near : CALL_NONE;
	frame->hidden = caller && caller->hidden;
	frame->drilled = caller && caller->drilled;
	/* Left out alone: what it calls hangs on what it would have hung on. */
	if (!frame->hidden && !passes_at_entry(trace, frame, event))
		return false;
	frame->drilled = (caller && caller->drilled) || !select->drill ||
			 trace->config.plan->funcs[frame->func].drill;
	if (frame->hidden || !frame->drilled)
		return false;
	if (frame->near == CALL_NONE && select->sample > 1 &&
	    lane->owner->roots++ % select->sample) {
		frame->hidden = true;
		trace->counts.skipped++;
		return false;
	}
	level = frame->near == CALL_NONE ? 0 : lane->tree.calls[frame->near].level + 1;
	return !select->depth || level < select->depth || select->errors;
}

void show_begin(struct trace *trace, struct lane *lane, const struct event *event)
{
	struct frame *frame = &lane->frames[lane->nframes - 1];
	struct tree *tree = &lane->tree;
	struct call *call;

	frame->call = CALL_NONE;
	if (!is_shown(trace, lane, frame, event))
		return;
	if (tree->ncalls >= UINT32_MAX - 1)
		return;
	if (!tree->ncalls) {
		tree_identify(trace, lane, event);
		lane->streaming = !trace->config.hold && !trace->config.select.errors;
	}
	call = edit_add(tree, trace_times(trace));
	if (!call) {
		trace_check(trace, -ENOMEM);
		return;
	}
	*call = (struct call){
		.start = event->record->time,
		.caller = event->entry->caller ? event->site->addr + (uint64_t)event->entry->caller
					       : 0,
		.func = frame->func,
		.parent = frame->near,
		.level = frame->near == CALL_NONE ? 0 : tree->calls[frame->near].level + 1,
		.tid = event->record->tid,
		.results = CALL_NONE,
	};
	if (trace_times(trace))
		waits_begin(lane, (uint32_t)(tree->ncalls - 1));
	frame->values = (uint32_t)tree->nvalues;
	call->args = keep_values(tree, event);
	call->callers = keep_callers(lane, event);
	frame->call = frame->near = (uint32_t)(tree->ncalls - 1);
	if (trace->config.flight)
		flight_begin(trace, frame, event);
	if (lane->streaming && !stream_is_undecided(trace, tree, call))
		stream_enter(trace, lane, frame->call);
}

static bool is_too_short(const struct trace *trace, const struct call *call)
{
	return call_is_timed(call) && call->end - call->start < trace->config.select.min_duration;
}

bool show_passes(const struct trace *trace, const struct filter_check *filter,
		 const struct tree *tree, const struct call *call, const struct event *event)
{
	bool timed = call_is_timed(call) && !(call->flags & CALL_ENTRY_UNSEEN);
	const unsigned char *args = NULL;
	uint32_t len = 0;

	if (call->args != CALL_NONE) {
		memcpy(&len, tree->values + call->args, sizeof(len));
		args = tree->values + call->args + sizeof(len);
	}
	return filter_eval(filter, args, len, event ? event->values : NULL,
			   event ? event->nvalues : 0,
			   timed ? call->end - call->start : FILTER_NO_DURATION,
			   errors_failed(trace, call, event));
}

/* The same for filters that ask for results or the duration. */
static bool passes_at_end(const struct trace *trace, const struct tree *tree,
			  const struct call *call, const struct event *event)
{
	const struct filter_check *filter = trace->config.plan->funcs[call->func].filter;

	return !filter || !filter->needs_return || show_passes(trace, filter, tree, call, event);
}

/* The calls of a tree whose root was taken out, each with what is below it; then nothing is left. */
static void roots_leave(struct trace *trace, struct lane *lane)
{
	struct tree *tree = &lane->tree, part;
	size_t mark = 0;

	hand_on_marks(trace, tree);
	edit_drop_marks(tree);
	for (size_t first = 0; first < tree->ncalls;) {
		first = edit_slice(tree, first, &mark, &part);
		show_hand_on(trace, lane, &part);
	}
	edit_reset(tree);
}

/* Drops a frame's call; what it leaves to a caller that was told to the sink goes out. */
static void cut(struct trace *trace, struct lane *lane, const struct frame *frame)
{
	edit_cut(&lane->tree, frame->call, frame->values);
	if (lane->streaming && lane->tree.nmarks)
		mark_flush(trace, lane);
}

static void tell_error(const struct trace *trace, struct call *call, const struct event *event)
{
	if (trace->config.tell_errors && event &&
	    failure_in(trace->config.plan->funcs[call->func].results, event->values,
		       event->nvalues))
		call->flags |= CALL_ERROR;
}

void show_end(struct trace *trace, struct lane *lane, enum call_end how, uint64_t time,
	      uint8_t flags, const struct event *event)
{
	struct frame frame = lane->frames[--lane->nframes];
	struct tree *tree = &lane->tree;
	struct call *call;

	if (frame.call == CALL_NONE) {
		tally_end(trace, lane, NULL, NULL);
		return;
	}
	call = &tree->calls[frame.call];
	call->how = (uint8_t)how;
	call->flags |= flags;
	call->end = time;
	if (trace_times(trace) && call_is_timed(call))
		waits_end(trace, lane, frame.call);
	if (!stream_is_entered(call) && !passes_at_end(trace, tree, call, event)) {
		tally_end(trace, lane, NULL, NULL);
		if (lane->streaming) {
			cut(trace, lane, &frame);
			return;
		}
		edit_take_out(tree, frame.call);
		if (!frame.call)
			roots_leave(trace, lane);
		return;
	}
	if (event)
		call->results = keep_values(tree, event);
	errors_learn(trace, tree, frame.call, event);
	tell_error(trace, call, event);
	/* What is kept in spite of its length keeps its callers. */
	if (errors_only_watch(trace, call) ||
	    (is_too_short(trace, call) && !stream_is_entered(call) &&
	     tree->ncalls == frame.call + 1)) {
		tally_end(trace, lane, NULL, NULL);
		/* What it lost has no tree to stand in any more. */
		if (!frame.call)
			hand_on_marks(trace, tree);
		cut(trace, lane, &frame);
		if (!frame.call)
			edit_reset(tree);
		return;
	}
	if (trace->config.flight && !frame.met)
		flight_end(trace, tree, call, event);
	tally_end(trace, lane, call, event);
	if (lane->streaming) {
		if (!errors_wait(trace, tree)) {
			stream_leave(trace, lane, frame.call);
			if (!frame.call)
				count_root(trace, call);
		}
		cut(trace, lane, &frame);
	} else if (!call->level) {
		root_leaves(trace, lane);
	} else if (!trace->config.hold && !errors_wait(trace, tree)) {
		stream_tree(trace, lane);
	}
}

void show_unseen(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct call_select *select = &trace->config.select;
	const struct frame *caller = lane->nframes ? &lane->frames[lane->nframes - 1] : NULL;
	uint32_t func = event->site->func;
	struct call call = {
		.end = event->record->time,
		.func = func,
		.parent = CALL_NONE,
		.tid = event->record->tid,
		.args = CALL_NONE,
		.callers = CALL_NONE,
		.how = event->site->kind == SITE_TAIL ? CALL_TAIL : CALL_RETURN,
		.flags = CALL_ENTRY_UNSEEN |
			 (lane->owner->last_loss || trace->unattributed ? CALL_ENTRY_LOST : 0),
	};
	struct lane alone = {.owner = lane->owner};

	/* Its arguments and its duration are not known, and what cannot be read does not pass. */
	if (trace->config.plan->funcs[func].filter)
		return;
	if (select->drill && !trace->config.plan->funcs[func].drill && !(caller && caller->drilled))
		return;
	if (caller && caller->hidden)
		return;
	if (select->sample > 1 && !(caller && caller->near != CALL_NONE) &&
	    lane->owner->roots++ % select->sample) {
		trace->counts.skipped++;
		return;
	}
	tree_identify(trace, &alone, event);
	alone.tree.calls = &call;
	alone.tree.ncalls = alone.tree.capcalls = 1;
	call.results = keep_values(&alone.tree, event);
	errors_learn(trace, &alone.tree, 0, event);
	tell_error(trace, &call, event);
	if (trace->config.flight)
		flight_end(trace, &alone.tree, &call, event);
	if (trace->config.stats && !errors_wait(trace, &alone.tree))
		stats_add_untimed(trace->config.stats);
	root_leaves(trace, &alone);
	free(alone.tree.values);
}
