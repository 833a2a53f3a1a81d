/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/origin.h"

#include <errno.h>

#include <ftrace/marks.h>

#include "trace/edit.h"
#include "trace/trace_state.h"

static struct map_key key_of(const struct process *process, uint64_t goid)
{
	return (struct map_key){.a = process->run, .b = goid};
}

/* NULL when memory is out, or nobody asks. */
static struct origin *origin_of(struct trace *trace, const struct lane *lane, uint64_t goid)
{
	struct origin *origin;

	if (!trace->config.marks || !trace->config.marks->goroutines)
		return NULL;
	origin = recent_put(&trace->origins, key_of(&lane->owner->process, goid));
	if (!origin)
		trace_check(trace, -ENOMEM);
	return origin;
}

static void set_places(struct origin *origin, const struct event *event, int64_t runs,
		       int64_t created)
{
	uint64_t from = event->site->addr;

	if (origin->known & ORIGIN_PLACES)
		return;
	origin->image = event->site->image;
	origin->runs = from + (uint64_t)runs;
	origin->created = from + (uint64_t)created;
	origin->known |= ORIGIN_PLACES;
}

/* In which call of the lane it was made, and of which tree that is a part. */
static void set_call(struct trace *trace, const struct lane *lane, struct origin *origin)
{
	const struct call *calls = lane->tree.calls;
	uint32_t call = mark_call_at(lane, origin->start), root = call;
	const struct origin *above;

	if (call == CALL_NONE || calls[call].flags & CALL_ENTRY_UNSEEN)
		return;
	while (calls[root].parent != CALL_NONE)
		root = calls[root].parent;
	origin->call = calls[call].start;
	origin->root_goid = lane->tree.goid;
	origin->root_start = calls[root].start;
	above = recent_find(&trace->origins, key_of(&lane->owner->process, lane->tree.goid));
	if (above && above->known & ORIGIN_LINKED) {
		origin->root_goid = above->root_goid;
		origin->root_start = above->root_start;
	}
	origin->known |= ORIGIN_LINKED;
}

static void on_birth(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_birth *birth = (const void *)event->record;
	struct origin *origin = origin_of(trace, lane, birth->child);
	struct mark mark = {
		.kind = &mark_go,
		.start = birth->r.time,
		.end = birth->r.time,
		.result = birth->child,
		.tid = birth->r.tid,
	};

	/* Where probes are exchanged both see it. */
	if (!origin || origin->known & ORIGIN_START)
		return;
	set_places(origin, event, birth->runs, birth->created);
	origin->called = event->site->addr + (uint64_t)birth->called;
	origin->start = birth->r.time;
	origin->known |= ORIGIN_START;
	if (lane_is_goroutine(lane)) {
		origin->parent = birth->r.lane;
		origin->known |= ORIGIN_PARENT;
		set_call(trace, lane, origin);
	}
	if (mark_in_call(trace, lane, &mark, NULL, 0))
		origin->known |= ORIGIN_INSIDE;
}

static void on_origin(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_origin *record = (const void *)event->record;
	struct origin *origin = origin_of(trace, lane, record->r.lane);

	if (!origin)
		return;
	set_places(origin, event, record->runs, record->created);
	if (record->parent && record->parent != FT_NO_PARENT) {
		origin->parent = record->parent;
		origin->known |= ORIGIN_PARENT;
	}
}

const struct record_kind record_birth = {
	.size = sizeof(struct ft_birth),
	.flags = FT_R_STACK,
	.sites = RECORD_FROM(SITE_BIRTH),
	.hit = true,
	.in_lane = on_birth,
};

/* More of the hit that comes next. */
const struct record_kind record_origin = {
	.size = sizeof(struct ft_origin),
	.sites = RECORD_FROM(SITE_ENTRY) | RECORD_FROM(SITE_RET) | RECORD_FROM(SITE_TAIL),
	.in_lane = on_origin,
};

void origin_keep(struct trace *trace, struct tree *tree)
{
	struct map_key key = key_of(tree->process, tree->goid);
	uint32_t at;

	tree->origin = 0;
	/* What is used is among the newest. */
	if (!tree->goid || !recent_find(&trace->origins, key))
		return;
	at = edit_keep(tree, recent_put(&trace->origins, key), sizeof(struct origin));
	if (at != CALL_NONE)
		tree->origin = 1 + at;
}
