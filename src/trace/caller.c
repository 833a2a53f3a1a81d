/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/caller.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "trace/source_file.h"

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
static void look_up(const struct image *img, uint64_t pc, struct caller *caller)
{
	struct image_func func;
	struct image_pos pos;
	ssize_t index = image_find(img, pc - 1);

	if (index < 0 || image_func(img, (size_t)index, false, &func))
		return;
	caller->func = func.name;
	caller->offset = pc - func.entry;
	if (image_position(img, pc - 1, &pos, 1) < 1)
		return;
	if (pos.file && strcmp(pos.file, "?") != 0) {
		caller->file = pos.file;
		caller->short_file = source_file_short(pos.file, image_info(img)->module_root);
		caller->line = pos.line;
	}
	if (pos.inlined)
		caller->inlined = pos.func;
}

static struct caller *add_entry(struct callers *callers, struct map_key key)
{
	struct caller *entry;
	uint64_t *place;

	if (callers->count >= CACHE_MAX) {
		map_release(&callers->map);
		callers->count = 0;
	}
	entry = vec_push(&callers->entries, &callers->count, &callers->cap);
	if (!entry)
		return NULL;
	place = map_put(&callers->map, key);
	if (!place) {
		callers->count--;
		return NULL;
	}
	*place = callers->count - 1;
	return entry;
}

const struct caller *callers_find(struct callers *callers, uint32_t image, uint64_t pc)
{
	struct map_key key = {.a = image, .b = pc};
	struct caller *entry;
	uint64_t *place;

	if (!pc || image >= callers->plan->nimages)
		return NULL;
	place = map_find(&callers->map, key);
	if (place) {
		entry = &callers->entries[*place];
	} else {
		entry = add_entry(callers, key);
		if (!entry)
			return NULL;
		look_up(callers->plan->images[image].image, pc, entry);
	}
	return entry->func ? entry : NULL;
}
