/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/summing.h"

#include <errno.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

/* What is known of an open call: what was in calls right below it, and what inner calls of the same function added already. */
struct span {
	uint64_t below;
	uint64_t added;
};

struct summing {
	struct sink sink;
	struct stats *stats;
	struct sink *next;
	bool only;
	struct span *spans; /* of a whole tree */
	size_t capspans;
	struct map open; /* of streamed calls: id -> 1 + index in `held` */
	struct span *held;
	size_t nheld, capheld;
	uint64_t free; /* 1 + the first that is free, which has the next in `below` */
};

static struct summing *summing_of(struct sink *sink)
{
	return (struct summing *)sink;
}

static uint64_t less(uint64_t from, uint64_t what)
{
	return from > what ? from - what : 0;
}

/* The nearest caller of the same function, or CALL_NONE. */
static uint32_t same_above(const struct tree *tree, uint32_t i)
{
	uint32_t at = tree->calls[i].parent;

	while (at != CALL_NONE && tree->calls[at].func != tree->calls[i].func)
		at = tree->calls[at].parent;
	return at;
}

/* A call has ended: `own` is what is known of it, `above` its caller, `same` the nearest one of the same function; NULL: none. */
static int end_call(struct summing *summing, const struct tree *tree, const struct call *call,
		    const struct span *own, struct span *above, struct span *same)
{
	const struct call_times *times = tree_times(tree, call);
	struct stats_call sum = {0};

	if (!call_is_timed(call) || (call->flags & CALL_ENTRY_UNSEEN)) {
		stats_add_untimed(summing->stats);
		if (above)
			above->below += own->below;
		if (same)
			same->added += own->added;
		return 0;
	}
	sum.duration = less(call->end, call->start);
	sum.total = less(sum.duration, own->added);
	sum.self = less(sum.duration, own->below);
	if (times) {
		sum.run = times->ns[STATE_RUNNING];
		sum.wait = call_times_wait(times);
		sum.syscall = times->ns[STATE_SYSCALL];
	}
	sum.failed = call->flags & CALL_ERROR;
	if (above)
		above->below += sum.duration;
	if (same)
		same->added += sum.duration;
	return stats_add(summing->stats, call->func, &sum);
}

static int add_tree(struct summing *summing, const struct tree *tree)
{
	int err = 0;

	if (tree->ncalls > summing->capspans) {
		struct span *more = reallocarray(summing->spans, tree->ncalls, sizeof(*more));

		if (!more)
			return -ENOMEM;
		summing->spans = more;
		summing->capspans = tree->ncalls;
	}
	for (size_t i = 0; i < tree->ncalls; i++)
		summing->spans[i] = (struct span){0};
	/* Callees stand behind their callers. */
	for (uint32_t i = (uint32_t)tree->ncalls; i-- > 0 && !err;) {
		uint32_t parent = tree->calls[i].parent, same = same_above(tree, i);

		err = end_call(summing, tree, &tree->calls[i], &summing->spans[i],
			       parent == CALL_NONE ? NULL : &summing->spans[parent],
			       same == CALL_NONE ? NULL : &summing->spans[same]);
	}
	for (size_t i = 0; i < tree->nmarks && !err; i++)
		err = stats_add_wait(summing->stats, tree, &tree->marks[i]);
	return err;
}

/* What is known of a streamed call, made when it is new; NULL when memory is out. */
static struct span *span_of(struct summing *summing, uint64_t id)
{
	uint64_t *place = map_put(&summing->open, (struct map_key){.a = id});

	if (!place)
		return NULL;
	if (!*place && summing->free) {
		*place = summing->free;
		summing->free = summing->held[*place - 1].below;
		summing->held[*place - 1] = (struct span){0};
	} else if (!*place) {
		struct span *slot = vec_push(&summing->held, &summing->nheld, &summing->capheld);

		if (!slot)
			return NULL;
		*slot = (struct span){0};
		*place = summing->nheld;
	}
	return &summing->held[*place - 1];
}

/* Takes it off. */
static struct span take_span(struct summing *summing, uint64_t id)
{
	const uint64_t *place = map_find(&summing->open, (struct map_key){.a = id});
	struct span span = {0};

	if (!place || !*place)
		return span;
	span = summing->held[*place - 1];
	summing->held[*place - 1].below = summing->free;
	summing->free = *place;
	map_delete(&summing->open, (struct map_key){.a = id});
	return span;
}

static int add_call(struct summing *summing, const struct tree *tree, uint32_t i)
{
	const struct call *call = &tree->calls[i];
	struct span own = take_span(summing, call->id), above = {0}, same = {0}, *slot;
	uint32_t again = same_above(tree, i);
	int err = end_call(summing, tree, call, &own, call->parent == CALL_NONE ? NULL : &above,
			   again == CALL_NONE ? NULL : &same);

	if (!err && call->parent != CALL_NONE) {
		slot = span_of(summing, tree->calls[call->parent].id);
		if (!slot)
			return -ENOMEM;
		slot->below += above.below;
	}
	if (!err && again != CALL_NONE) {
		slot = span_of(summing, tree->calls[again].id);
		if (!slot)
			return -ENOMEM;
		slot->added += same.added;
	}
	return err;
}

static int summing_begin(struct sink *sink)
{
	return sink_begin(summing_of(sink)->next);
}

static int summing_process(struct sink *sink, const struct process *process)
{
	return sink_process(summing_of(sink)->next, process);
}

static int summing_root(struct sink *sink, const struct tree *tree)
{
	struct summing *summing = summing_of(sink);
	int err = add_tree(summing, tree);

	if (!summing->only)
		return err ? err : sink_root(summing->next, tree);
	for (size_t i = 0; i < tree->nmarks && !err; i++)
		if (tree->marks[i].kind->apart)
			err = sink_mark(summing->next, NULL, &tree->marks[i]);
	return err;
}

static int summing_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct summing *summing = summing_of(sink);

	return summing->only ? 0 : sink_enter(summing->next, tree, call);
}

static int summing_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct summing *summing = summing_of(sink);
	int err = add_call(summing, tree, call);

	return err || summing->only ? err : sink_leave(summing->next, tree, call);
}

static int summing_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct summing *summing = summing_of(sink);
	int err = tree ? stats_add_wait(summing->stats, tree, mark) : 0;

	return err || (summing->only && !mark->kind->apart) ? err
							    : sink_mark(summing->next, tree, mark);
}

static int summing_idle(struct sink *sink)
{
	return sink_idle(summing_of(sink)->next);
}

void summing_summary(struct sink *sink, struct trace_summary *summary)
{
	const struct summing *summing = summing_of(sink);

	if (!summing->only)
		return;
	summary->counted = stats_counted(summing->stats);
	summary->calls = summary->unwound = summary->open = 0;
}

static int summing_end(struct sink *sink, const struct trace_summary *summary)
{
	struct summing *summing = summing_of(sink);
	struct trace_summary all = *summary;

	summing_summary(sink, &all);
	return sink_end(summing->next, &all);
}

static const char *summing_note(struct sink *sink)
{
	return sink_note(summing_of(sink)->next);
}

static void summing_free(struct sink *sink)
{
	struct summing *summing = summing_of(sink);

	if (!summing)
		return;
	sink_free(summing->next);
	free(summing->spans);
	free(summing->held);
	map_release(&summing->open);
	free(summing);
}

static const struct sink_ops summing_ops = {
	.name = "summing",
	.begin = summing_begin,
	.process = summing_process,
	.root = summing_root,
	.enter = summing_enter,
	.leave = summing_leave,
	.mark = summing_mark,
	.idle = summing_idle,
	.end = summing_end,
	.note = summing_note,
	.free = summing_free,
};

struct sink *summing_new(struct stats *stats, struct sink *next, bool only)
{
	struct summing *summing = calloc(1, sizeof(*summing));

	if (!summing)
		return NULL;
	summing->sink.ops = &summing_ops;
	summing->stats = stats;
	summing->next = next;
	summing->only = only;
	return &summing->sink;
}
