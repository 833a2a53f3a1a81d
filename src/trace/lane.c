/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/lane.h"

#include <stdlib.h>

#include <ftrace/record.h>

#include "base/vec.h"
#include "trace/span.h"
#include "trace/tally.h"

/* Empty lanes are kept until there are this many, and a sixteenth of the busy ones. */
#define SPARE_MAX 1024

struct map_key lane_key(uint32_t tgid, uint32_t flags, uint64_t lane, uint32_t tid)
{
	uint32_t kind = flags & (FT_R_STACK | FT_R_THREAD);

	return (struct map_key){
		.a = (uint64_t)kind << LANE_KIND_SHIFT | tgid,
		.b = kind & FT_R_THREAD ? tid : lane,
	};
}

/* goids count up; addresses of a g differ from bit 9 on. */
static size_t place(struct map_key key)
{
	return (key.b ^ key.b >> 9) % LANES_RECENT;
}

struct lane *lanes_find(const struct lanes *lanes, struct map_key key)
{
	const uint64_t *slot = map_find(&lanes->map, key);

	return slot ? (struct lane *)(uintptr_t)*slot : NULL;
}

static void lane_free(struct lane *lane)
{
	free(lane->due);
	free(lane->callers);
	free(lane->frames);
	free(lane->spans);
	tally_free(lane->tally);
	free(lane->tree.calls);
	free(lane->tree.values);
	free(lane->tree.marks);
	free(lane->tree.times);
	free(lane->waits);
	free(lane);
}

struct lane *lanes_get(struct lanes *lanes, struct map_key key)
{
	struct lane **recent = &lanes->recent[place(key)], *lane = *recent;
	uint64_t *slot;

	if (lane && lane->key.a == key.a && lane->key.b == key.b)
		return lane;
	lane = lanes_find(lanes, key);
	if (lane) {
		*recent = lane;
		return lane;
	}
	lane = lanes->spare;
	if (lane) {
		lanes->spare = lane->next;
		lane->next = NULL;
		lanes->nspare--;
	} else {
		lane = calloc(1, sizeof(*lane));
	}
	slot = lane ? map_put(&lanes->map, key) : NULL;
	if (!slot) {
		if (lane)
			lane_free(lane);
		return NULL;
	}
	lane->key = key;
	*slot = (uintptr_t)lane;
	*recent = lane;
	return lane;
}

static void disown(struct lane *lane)
{
	if (!lane->owner)
		return;
	*(lane->before ? &lane->before->next : &lane->owner->lanes) = lane->next;
	if (lane->next)
		lane->next->before = lane->before;
	lane->owner = NULL;
	lane->next = lane->before = NULL;
}

void lane_own(struct lane *lane, struct traced_process *owner)
{
	if (lane->owner == owner)
		return;
	disown(lane);
	lane->owner = owner;
	lane->next = owner->lanes;
	if (lane->next)
		lane->next->before = lane;
	owner->lanes = lane;
}

static void lane_clear(struct lane *lane)
{
	struct tree *tree = &lane->tree;

	lane->nframes = 0;
	lane->streaming = false;
	lane->g = 0;
	free(lane->due);
	lane->due = NULL;
	tree->ncalls = tree->nvalues = tree->nmarks = 0;
	tree->curg = 0;
}

void lanes_drop(struct lanes *lanes, struct lane *lane)
{
	bool large = lane->capframes > LANE_KEPT || lane->tree.capcalls > LANE_KEPT ||
		     lane->tree.capvalues > 4096;
	struct lane **recent = &lanes->recent[place(lane->key)];

	map_delete(&lanes->map, lane->key);
	if (*recent == lane)
		*recent = NULL;
	held_forget(&lanes->held, lane);
	disown(lane);
	if (large || lanes->nspare >= SPARE_MAX) {
		lane_free(lane);
		return;
	}
	lane_clear(lane);
	lane->next = lanes->spare;
	lanes->spare = lane;
	lanes->nspare++;
}

void lanes_drop_empty(struct lanes *lanes)
{
	struct lane **empty = calloc(lanes->map.count + 1, sizeof(*empty));
	struct map_slot *slot;
	size_t at = 0, count = 0;

	if (!empty)
		return;
	while ((slot = map_next(&lanes->map, &at))) {
		struct lane *lane = (struct lane *)(uintptr_t)slot->value;

		if (!lane->nframes)
			empty[count++] = lane;
	}
	for (size_t i = 0; i < count; i++)
		lanes_drop(lanes, empty[i]);
	free(empty);
}

void lanes_settle(struct lanes *lanes, size_t busy)
{
	/* Looking at all of them has to be worth it. */
	if (lanes->map.count >= busy + busy / 16 + SPARE_MAX)
		lanes_drop_empty(lanes);
}

void lanes_forget(struct lanes *lanes, struct traced_process *owner)
{
	for (struct lane *lane = owner->lanes, *next; lane; lane = next) {
		next = lane->next;
		lanes_drop(lanes, lane);
	}
}

static void *fit(void *array, size_t count, size_t *cap, size_t elem)
{
	void *less;

	if (!lane_has_spare(*cap, count))
		return array;
	less = realloc(array, (count ? count : 1) * elem);
	if (less)
		*cap = count ? count : 1;
	return less ? less : array;
}

struct frame *lane_push(struct lane *lane)
{
	size_t count = lane->nframes, cap = lane->capframes;
	struct frame *frame = count < UINT32_MAX ? vec_push(&lane->frames, &count, &cap) : NULL;

	lane->nframes = (uint32_t)count;
	lane->capframes = cap < UINT32_MAX ? (uint32_t)cap : UINT32_MAX;
	return frame;
}

void lane_fit(struct lane *lane)
{
	struct tree *tree = &lane->tree;
	size_t values = tree->capvalues, spans = lane->capspans, cap = tree->capcalls;
	size_t frames = lane->capframes;
	struct call_times *times = NULL;

	lane->frames = fit(lane->frames, lane->nframes, &frames, sizeof(*lane->frames));
	lane->capframes = (uint32_t)frames;
	lane->spans = fit(lane->spans, lane->nframes, &spans, sizeof(*lane->spans));
	lane->capspans = (uint32_t)spans;
	if (lane->tally)
		lane->tally->waiting = fit(lane->tally->waiting, lane->tally->count,
					   &lane->tally->cap, sizeof(struct tallied));
	tree->calls = fit(tree->calls, tree->ncalls, &tree->capcalls, sizeof(*tree->calls));
	/* Behind the calls: there may be more room for times than for them, never less. */
	if (tree->times && tree->capcalls != cap)
		times = realloc(tree->times, tree->capcalls * sizeof(*tree->times));
	if (times)
		tree->times = times;
	tree->values = fit(tree->values, tree->nvalues, &values, 1);
	tree->capvalues = (uint32_t)values;
	tree->marks = fit(tree->marks, tree->nmarks, &tree->capmarks, sizeof(*tree->marks));
}

void lanes_trim(struct lanes *lanes)
{
	struct map_slot *slot;
	size_t at = 0;

	while ((slot = map_next(&lanes->map, &at))) {
		struct lane *lane = (struct lane *)(uintptr_t)slot->value;

		lane_fit(lane);
		held_update(&lanes->held, lane);
	}
}

static int by_start(const void *a, const void *b)
{
	const struct lane *x = *(struct lane *const *)a, *y = *(struct lane *const *)b;
	uint64_t p = x->frames[0].start, q = y->frames[0].start;

	if (p != q)
		return p < q ? -1 : 1;
	return (x->key.b > y->key.b) - (x->key.b < y->key.b);
}

static int by_silence(const void *a, const void *b)
{
	const struct lane *x = *(struct lane *const *)a, *y = *(struct lane *const *)b;

	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return by_start(a, b);
}

static struct lane **of_process(const struct traced_process *owner, size_t *count)
{
	struct lane **lanes, *lane;
	size_t most = 1;

	for (lane = owner->lanes; lane; lane = lane->next)
		most++;
	lanes = calloc(most, sizeof(struct lane *));
	for (lane = owner->lanes; lane && lanes; lane = lane->next)
		if (lane->nframes)
			lanes[(*count)++] = lane;
	return lanes;
}

static struct lane **of_all(const struct lanes *lanes, size_t *count)
{
	struct lane **all = calloc(lanes->map.count + 1, sizeof(struct lane *));
	struct map_slot *slot;
	size_t at = 0;

	while (all && (slot = map_next(&lanes->map, &at))) {
		struct lane *lane = (struct lane *)(uintptr_t)slot->value;

		if (lane->nframes)
			all[(*count)++] = lane;
	}
	return all;
}

struct lane **lanes_sorted(const struct lanes *lanes, const struct traced_process *owner,
			   size_t *count)
{
	struct lane **sorted;

	*count = 0;
	sorted = owner ? of_process(owner, count) : of_all(lanes, count);
	if (sorted)
		qsort(sorted, *count, sizeof(struct lane *), by_start);
	return sorted;
}

struct lane **lanes_silent(const struct lanes *lanes, size_t *count)
{
	struct lane **sorted;

	*count = 0;
	sorted = of_all(lanes, count);
	if (sorted)
		qsort(sorted, *count, sizeof(struct lane *), by_silence);
	return sorted;
}

void lanes_release(struct lanes *lanes)
{
	struct map_slot *slot;
	size_t at = 0;

	while ((slot = map_next(&lanes->map, &at)))
		lane_free((struct lane *)(uintptr_t)slot->value);
	while (lanes->spare) {
		struct lane *lane = lanes->spare;

		lanes->spare = lane->next;
		lane_free(lane);
	}
	map_release(&lanes->map);
	*lanes = (struct lanes){0};
}
