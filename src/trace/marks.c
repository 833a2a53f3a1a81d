/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>

#include "trace/edit.h"
#include "trace/trace_state.h"

/* Whether it could be added to the one before it. */
static bool add_up(struct tree *tree, const struct mark *mark)
{
	struct mark *last = tree->nmarks ? &tree->marks[tree->nmarks - 1] : NULL;

	if (!mark->kind->adds_up || !last || last->kind != mark->kind ||
	    last->before != tree->ncalls)
		return false;
	last->result += mark->result;
	last->end = mark->end > last->end ? mark->end : last->end;
	return true;
}

void mark_put(struct trace *trace, struct lane *lane, const struct mark *mark)
{
	struct tree *tree = lane ? &lane->tree : NULL;
	struct mark put = *mark;

	put.call = put.bytes = CALL_NONE;
	if (tree && tree->ncalls && !lane->streaming) {
		if (add_up(tree, mark))
			return;
		put.before = (uint32_t)tree->ncalls;
		if (edit_add_mark(tree, &put)) {
			held_update(&trace->lanes.held, lane);
			return;
		}
	}
	trace_check(trace, sink_mark(trace->sink, NULL, &put));
}

uint32_t mark_call_at(const struct lane *lane, uint64_t time)
{
	for (size_t i = lane->nframes; i-- > 0;)
		if (lane->frames[i].start <= time)
			return lane->frames[i].hidden ? CALL_NONE : lane->frames[i].near;
	return CALL_NONE;
}

/* Behind the calls that had begun. */
static uint32_t place_of(const struct tree *tree, const struct mark *mark)
{
	size_t before = tree->ncalls;

	while (before > (size_t)mark->call + 1 && tree->calls[before - 1].start > mark->start)
		before--;
	return (uint32_t)before;
}

void mark_stream(struct trace *trace, const struct tree *tree, const struct mark *given)
{
	struct mark mark = *given;

	if (mark.kind->apart) {
		trace_check(trace, sink_mark(trace->sink, NULL, &mark));
		return;
	}
	while (mark.call != CALL_NONE && !stream_is_entered(&tree->calls[mark.call]))
		mark.call = tree->calls[mark.call].parent;
	if (mark.call == CALL_NONE)
		return;
	if (trace->config.stats)
		trace_check(trace, stats_add_wait(trace->config.stats, tree, &mark));
	if (trace->config.stats_only)
		return;
	mark.streamed = true;
	trace_count_mark(trace, &mark);
	trace_check(trace, sink_mark(trace->sink, tree, &mark));
}

void mark_flush(struct trace *trace, struct lane *lane)
{
	struct tree *tree = &lane->tree;
	size_t kept = 0;

	for (size_t i = 0; i < tree->nmarks; i++) {
		const struct mark *mark = &tree->marks[i];

		if (mark->call == CALL_NONE)
			continue;
		if (stream_is_entered(&tree->calls[mark->call]))
			mark_stream(trace, tree, mark);
		else
			tree->marks[kept++] = *mark;
	}
	tree->nmarks = kept;
}

bool mark_in_call(struct trace *trace, struct lane *lane, const struct mark *given,
		  const void *bytes, size_t len)
{
	struct tree *tree = &lane->tree;
	struct mark mark = *given;
	uint32_t values = tree->nvalues;

	mark.call = mark_call_at(lane, mark.start);
	if (mark.call == CALL_NONE)
		return false;
	mark.pid = lane->owner->process.pid;
	mark.goid = tree->goid ? tree->goid : tree->curg;
	mark.goid_known = mark.goid;
	mark.before = place_of(tree, &mark);
	mark.bytes = edit_keep(tree, bytes, len);
	if (lane->streaming) {
		stream_overdue(trace, lane, mark.open ? mark.start : mark.end);
		if (stream_is_entered(&tree->calls[mark.call])) {
			mark_stream(trace, tree, &mark);
			tree->nvalues = values;
			return true;
		}
		/* It waits until it is known whether the call is shown. */
	}
	if (!edit_add_mark(tree, &mark))
		trace_check(trace, -ENOMEM);
	held_update(&trace->lanes.held, lane);
	return true;
}
