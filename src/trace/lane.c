/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/lane.h"

#include <stdlib.h>

#include <ftrace/abi.h>

/* Empty lanes are kept until there are this many, and a sixteenth of the busy ones. */
#define SPARE_MAX 1024
/* Arrays beyond this many elements are given back when their lane is recycled. */
#define KEPT_ELEMENTS 64

struct map_key lane_key(uint32_t tgid, uint32_t flags, uint64_t lane, uint32_t tid)
{
	uint32_t kind = flags & (FT_R_STACK | FT_R_THREAD);

	return (struct map_key){
		.a = (uint64_t)kind << 32 | tgid,
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
	free(lane->tree.calls);
	free(lane->tree.values);
	free(lane->tree.losses);
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
		lanes->spare = lane->spare;
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
	lane->owner = NULL;
	*slot = (uintptr_t)lane;
	*recent = lane;
	return lane;
}

static void lane_clear(struct lane *lane)
{
	struct tree *tree = &lane->tree;

	lane->nframes = 0;
	lane->streaming = false;
	lane->g = 0;
	free(lane->due);
	lane->due = NULL;
	tree->ncalls = tree->nvalues = tree->nlosses = 0;
	tree->curg = 0;
}

void lanes_drop(struct lanes *lanes, struct lane *lane)
{
	bool large = lane->capframes > KEPT_ELEMENTS || lane->tree.capcalls > KEPT_ELEMENTS ||
		     lane->tree.capvalues > 4096;
	struct lane **recent = &lanes->recent[place(lane->key)];

	map_delete(&lanes->map, lane->key);
	if (*recent == lane)
		*recent = NULL;
	if (large || lanes->nspare >= SPARE_MAX) {
		lane_free(lane);
		return;
	}
	lane_clear(lane);
	lane->spare = lanes->spare;
	lanes->spare = lane;
	lanes->nspare++;
}

/* Drops the lanes without frames that belong to `owner` (NULL: to anybody). */
static void drop_empty(struct lanes *lanes, const struct traced_process *owner)
{
	struct lane **empty = calloc(lanes->map.count + 1, sizeof(*empty));
	struct map_slot *slot;
	size_t at = 0, count = 0;

	if (!empty)
		return;
	while ((slot = map_next(&lanes->map, &at))) {
		struct lane *lane = (struct lane *)(uintptr_t)slot->value;

		if (!lane->nframes && (!owner || lane->owner == owner))
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
		drop_empty(lanes, NULL);
}

void lanes_forget(struct lanes *lanes, const struct traced_process *owner)
{
	drop_empty(lanes, owner);
}

static int by_start(const void *a, const void *b)
{
	const struct lane *x = *(struct lane *const *)a, *y = *(struct lane *const *)b;
	uint64_t p = x->frames[0].start, q = y->frames[0].start;

	if (p != q)
		return p < q ? -1 : 1;
	return (x->key.b > y->key.b) - (x->key.b < y->key.b);
}

struct lane **lanes_sorted(const struct lanes *lanes, const struct traced_process *owner,
			   size_t *count)
{
	struct lane **sorted = calloc(lanes->map.count + 1, sizeof(*sorted));
	struct map_slot *slot;
	size_t at = 0;

	*count = 0;
	if (!sorted)
		return NULL;
	while ((slot = map_next(&lanes->map, &at))) {
		struct lane *lane = (struct lane *)(uintptr_t)slot->value;

		if (lane->nframes && (!owner || lane->owner == owner))
			sorted[(*count)++] = lane;
	}
	qsort(sorted, *count, sizeof(*sorted), by_start);
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

		lanes->spare = lane->spare;
		lane_free(lane);
	}
	map_release(&lanes->map);
	*lanes = (struct lanes){0};
}
