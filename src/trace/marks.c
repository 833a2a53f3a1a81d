/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/vec.h"
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
	struct mark *slot = NULL;

	if (tree && tree->ncalls && !lane->streaming) {
		if (add_up(tree, mark))
			return;
		slot = vec_push(&tree->marks, &tree->nmarks, &tree->capmarks);
	}
	if (!slot) {
		trace_check(trace, sink_mark(trace->sink, mark));
		return;
	}
	*slot = *mark;
	slot->before = (uint32_t)tree->ncalls;
	held_update(&trace->lanes.held, lane);
}
