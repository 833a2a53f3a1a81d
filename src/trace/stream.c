/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream: trees whose calls are written one by one, each when it ends; only the open ones are kept, as a stack.
 *
 * A call that its end may leave out is not told to the sink when it begins, unless one that it called is.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/trace_state.h"

static void enter_one(struct trace *trace, struct lane *lane, uint32_t index)
{
	struct call *call = &lane->tree.calls[index];

	process_announce(trace, lane->owner);
	call->flags |= CALL_ENTERED | CALL_STREAMED;
	call->id = ++trace->last_id;
	if (!trace->config.stats_only)
		trace_check(trace, sink_enter(trace->sink, &lane->tree, index));
}

/* Tells the sink that a streamed call and the callers above it have begun. The way down again is kept
 * in the ids, which they do not have yet: the stack may be deep. */
void stream_enter(struct trace *trace, struct lane *lane, uint32_t index)
{
	struct call *calls = lane->tree.calls;
	uint32_t at = index, below = CALL_NONE;

	while (at != CALL_NONE && !stream_is_entered(&calls[at])) {
		calls[at].id = below;
		below = at;
		at = calls[at].parent;
	}
	while (below != CALL_NONE) {
		at = below;
		below = (uint32_t)calls[at].id;
		enter_one(trace, lane, at);
		/* A tree that is only becoming one of these gives its marks where they stand. */
		if (lane->streaming && !lane->leaving && lane->tree.nmarks)
			mark_flush(trace, lane);
	}
}

void stream_leave(struct trace *trace, struct lane *lane, uint32_t index)
{
	stream_enter(trace, lane, index);
	if (trace->config.stats_only)
		return;
	trace_count(trace, &lane->tree.calls[index]);
	trace_check(trace, sink_leave(trace->sink, &lane->tree, index));
}

/* Whether its filter asks for results or the duration. */
static bool asks_for_end(const struct trace *trace, const struct call *call)
{
	const struct filter_check *filter = trace->config.plan->funcs[call->func].filter;

	return filter && filter->needs_return;
}

bool stream_is_undecided(const struct trace *trace, const struct tree *tree,
			 const struct call *call)
{
	return trace->config.select.min_duration || asks_for_end(trace, call) ||
	       errors_wait(trace, tree) || errors_only_watch(trace, call);
}

/* The marks of a held tree go out where they stand, so far as they began before `until`. */
static void stream_marks(struct trace *trace, const struct tree *tree, size_t *at, uint32_t before,
			 uint64_t until)
{
	for (; *at < tree->nmarks && tree->marks[*at].before <= before &&
	       tree->marks[*at].start < until;
	     ++*at)
		mark_stream(trace, tree, &tree->marks[*at]);
}

/* A held tree on its way out. */
struct streaming {
	struct trace *trace;
	struct lane *lane;
	uint32_t last; /* the innermost call that has not been left */
	size_t mark;   /* the next one */
};

/* Leaves ended calls from the last one up to, and not including, `until`; call number `next` comes then. */
static void leave_ended(struct streaming *s, uint32_t until, uint32_t next)
{
	struct tree *tree = &s->lane->tree;

	while (s->last != until && tree->calls[s->last].how != CALL_OPEN) {
		const struct call *call = &tree->calls[s->last];
		uint32_t parent = call->parent;

		stream_marks(s->trace, tree, &s->mark, next,
			     call_is_timed(call) ? call->end : UINT64_MAX);
		stream_leave(s->trace, s->lane, s->last);
		s->last = parent;
	}
}

/* Moves a call's values, which were kept at `at`, down to where the others end. */
static uint32_t keep_down(struct tree *tree, uint32_t at)
{
	uint32_t to = tree->nvalues, len;

	if (at == CALL_NONE)
		return CALL_NONE;
	memcpy(&len, tree->values + at, sizeof(len));
	memmove(tree->values + to, tree->values + at, sizeof(len) + len);
	tree->nvalues += (uint32_t)sizeof(len) + len;
	return to;
}

/* Keeps the open calls, which are a chain, and tells the frames their new places. Of what they had kept nothing
 * else stays, nor of the memory that it took. */
void stream_keep_open(struct lane *lane)
{
	struct tree *tree = &lane->tree;
	uint32_t kept = 0, near = CALL_NONE;

	tree->nvalues = 0;
	if (tree->origin)
		tree->origin = 1 + keep_down(tree, tree->origin - 1);

	for (size_t i = 0; i < lane->nframes; i++) {
		struct frame *frame = &lane->frames[i];

		if (frame->call != CALL_NONE) {
			struct call *call = &tree->calls[kept];

			*call = tree->calls[frame->call];
			if (tree->times)
				tree->times[kept] = tree->times[frame->call];
			call->parent = near;
			frame->call = near = kept++;
			frame->values = tree->nvalues;
			call->args = keep_down(tree, call->args);
			call->callers = keep_down(tree, call->callers);
		}
		frame->near = near;
	}
	tree->ncalls = kept;
	tree->nmarks = 0;
	lane_fit(lane);
}

void stream_tree(struct trace *trace, struct lane *lane)
{
	struct tree *tree = &lane->tree;
	struct streaming s = {.trace = trace, .lane = lane, .last = CALL_NONE};

	if (lane->streaming || !tree->ncalls)
		return;
	lane->streaming = lane->leaving = true;
	for (uint32_t i = 0; i < tree->ncalls; i++) {
		leave_ended(&s, tree->calls[i].parent, i);
		stream_marks(trace, tree, &s.mark, i, UINT64_MAX);
		if (tree->calls[i].how != CALL_OPEN ||
		    !stream_is_undecided(trace, tree, &tree->calls[i]))
			stream_enter(trace, lane, i);
		s.last = i;
	}
	leave_ended(&s, CALL_NONE, (uint32_t)tree->ncalls);
	stream_marks(trace, tree, &s.mark, UINT32_MAX, UINT64_MAX);
	tally_settle(trace, lane, SIZE_MAX, true);
	lane->leaving = false;
	stream_keep_open(lane);
}

void stream_forget(struct trace *trace, struct lane *lane)
{
	size_t mark = 0;

	if (lane->streaming || !lane->tree.ncalls)
		return;
	lane->streaming = true;
	stream_marks(trace, &lane->tree, &mark, UINT32_MAX, UINT64_MAX);
	tally_settle(trace, lane, SIZE_MAX, false);
	stream_keep_open(lane);
}

void stream_overdue(struct trace *trace, struct lane *lane, uint64_t now)
{
	struct tree *tree = &lane->tree;
	uint64_t min_duration = trace->config.select.min_duration;

	if (!lane->streaming || !min_duration || errors_wait(trace, tree))
		return;
	for (uint32_t i = (uint32_t)tree->ncalls; i-- > 0;)
		if (!stream_is_entered(&tree->calls[i]) && !asks_for_end(trace, &tree->calls[i]) &&
		    !errors_only_watch(trace, &tree->calls[i]) && now > tree->calls[i].start &&
		    now - tree->calls[i].start >= min_duration) {
			stream_enter(trace, lane, i);
			return;
		}
}
