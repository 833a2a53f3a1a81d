/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/caller.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

/* Call sites of a program that are hot enough to matter are far fewer. */
#define CACHE_MAX 65536

struct callers {
	const struct plan *plan;
	struct map map;         /* (image, pc) -> index in entries */
	struct caller *entries; /* func NULL: nothing is known of that address */
	size_t count, cap;
};

struct callers *callers_new(const struct plan *plan)
{
	struct callers *callers = calloc(1, sizeof(*callers));

	if (callers)
		callers->plan = plan;
	return callers;
}

void callers_free(struct callers *callers)
{
	if (!callers)
		return;
	map_release(&callers->map);
	free(callers->entries);
	free(callers);
}

/* The call is the instruction before the return address, which may already belong to the next
 * function when the callee never returns. */
static int look_up(const struct image *img, uint64_t pc, struct caller frames[CALLER_FRAMES])
{
	struct image_func func;
	struct image_pos pos[CALLER_FRAMES];
	ssize_t index = image_find(img, pc - 1);
	int count;

	frames[0] = (struct caller){0};
	if (index < 0 || image_func(img, (size_t)index, false, &func))
		return 1;
	count = image_position(img, pc - 1, pos, CALLER_FRAMES);
	for (int i = 0; i < count; i++) {
		frames[i] = (struct caller){.more = i + 1 < count};
		if (pos[i].file && strcmp(pos[i].file, "?") != 0) {
			frames[i].file = pos[i].file;
			frames[i].line = pos[i].line;
		}
		if (pos[i].inlined)
			frames[i].inlined = pos[i].func;
	}
	if (count < 1)
		count = 1;
	for (int i = 0; i < count; i++) {
		frames[i].func = func.name;
		frames[i].offset = pc - func.entry;
	}
	return count;
}

/* Puts what is at `pc` into the cache; its place there, or -1. */
static ssize_t add_entry(struct callers *callers, struct map_key key)
{
	struct caller frames[CALLER_FRAMES];
	int count = look_up(callers->plan->images[key.a].image, key.b, frames);
	uint64_t *place;
	size_t first;

	if (callers->count + CALLER_FRAMES > CACHE_MAX) {
		map_release(&callers->map);
		callers->count = 0;
	}
	first = callers->count;
	for (int i = 0; i < count; i++) {
		struct caller *entry = vec_push(&callers->entries, &callers->count, &callers->cap);

		if (!entry) {
			callers->count = first;
			return -1;
		}
		*entry = frames[i];
	}
	place = map_put(&callers->map, key);
	if (!place) {
		callers->count = first;
		return -1;
	}
	*place = first;
	return (ssize_t)first;
}

const struct caller *callers_find(struct callers *callers, uint32_t image, uint64_t pc)
{
	struct map_key key = {.a = image, .b = pc};
	uint64_t *place;
	ssize_t at;

	if (!pc || image >= callers->plan->nimages)
		return NULL;
	place = map_find(&callers->map, key);
	at = place ? (ssize_t)*place : add_entry(callers, key);
	if (at < 0)
		return NULL;
	return callers->entries[at].func ? &callers->entries[at] : NULL;
}
