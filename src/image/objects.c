/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/objects.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* How many variables before the nearest are looked at for one that reaches further. */
#define OVERLAPS_MAX 8

struct object {
	uint64_t vaddr, size; /* size is not 0 */
	const char *name;
};

struct objects {
	struct object *list; /* by vaddr, then size */
	size_t count, cap;
	bool listed;
};

static void add(const char *name, uint64_t vaddr, uint64_t size, void *arg)
{
	struct objects *objects = arg;
	size_t len = strlen(name);
	struct object *object;

	if (!len || !size || name[len - 1] == '*')
		return;
	object = vec_push(&objects->list, &objects->count, &objects->cap);
	if (object)
		*object = (struct object){.vaddr = vaddr, .size = size, .name = name};
}

static int compare(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

	if (x->vaddr != y->vaddr)
		return x->vaddr < y->vaddr ? -1 : 1;
	return x->size < y->size ? -1 : x->size > y->size;
}

struct objects *objects_new(void)
{
	return calloc(1, sizeof(struct objects));
}

void objects_free(struct objects *objects)
{
	if (objects)
		free(objects->list);
	free(objects);
}

static void list(struct objects *objects, const struct symtab *st)
{
	symtab_variables(st, add, objects);
	if (objects->count)
		qsort(objects->list, objects->count, sizeof(*objects->list), compare);
	objects->listed = true;
}

const char *objects_find(struct objects *objects, const struct symtab *st, uint64_t at,
			 uint64_t *vaddr)
{
	size_t low = 0, high;

	if (!objects->listed)
		list(objects, st);
	high = objects->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (objects->list[middle].vaddr <= at)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = 0; i < OVERLAPS_MAX && i < low; i++) {
		const struct object *object = &objects->list[low - 1 - i];

		if (at - object->vaddr >= object->size)
			continue;
		*vaddr = object->vaddr;
		return object->name;
	}
	return NULL;
}
