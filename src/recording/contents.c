/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/contents.h"

#include <stdlib.h>

#include "base/vec.h"
#include "recording/wire.h"

void contents_release(struct contents *contents)
{
	free(contents->blocks);
	buf_release(&contents->sets);
	map_release(&contents->open);
	map_release(&contents->goids);
	*contents = (struct contents){0};
}

static void add_goid(struct contents *contents, uint64_t goid)
{
	uint64_t *place;

	if (contents->many || contents->last_goid == goid + 1)
		return;
	place = map_put(&contents->goids, (struct map_key){.a = goid});
	contents->failed |= !place;
	contents->last_goid = goid + 1;
	contents->many = contents->goids.count > CONTENTS_GOIDS;
}

static void add_owner(struct contents *contents, const struct tree *tree)
{
	add_goid(contents, tree->goid ? tree->goid : tree->curg);
}

void contents_tree(struct contents *contents, const struct tree *tree)
{
	add_owner(contents, tree);
	/* What called something that never ended did not either. */
	if (tree->calls[0].how == CALL_OPEN)
		contents->reach = UINT64_MAX;
	for (size_t i = 0; i < tree->nmarks; i++)
		contents->alone |= tree->marks[i].kind->apart;
}

void contents_enter(struct contents *contents, const struct tree *tree, const struct call *call)
{
	uint64_t *place = map_put(&contents->open, (struct map_key){.a = call->id});

	add_owner(contents, tree);
	contents->alone = true;
	if (place)
		*place = 1 + contents->nblocks;
	contents->failed |= !place;
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void contents_leave(struct contents *contents, const struct tree *tree, const struct call *call)
{
	struct map_key key = {.a = call->id};
	const uint64_t *place = map_find(&contents->open, key);
	uint64_t end = call->how == CALL_OPEN ? UINT64_MAX : later(call->start, call->end);
	uint64_t *reach = &contents->reach;

	add_owner(contents, tree);
	contents->alone = true;
	if (!place)
		return;
	if (*place <= contents->nblocks) {
		reach = &contents->blocks[*place - 1].reach;
		contents->blocks[*place - 1].open--;
	}
	*reach = later(*reach, end);
	map_delete(&contents->open, key);
}

void contents_mark(struct contents *contents, const struct tree *tree, const struct mark *mark)
{
	contents->alone = true;
	if (tree)
		add_owner(contents, tree);
	if (mark->goid_known)
		add_goid(contents, mark->goid);
	else if (!tree)
		contents->many = true;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void put_goids(struct contents *contents)
{
	size_t count = contents->goids.count, at = 0, n = 0;
	uint64_t *goids = malloc((count + 1) * sizeof(*goids)), before = 0;
	const struct map_slot *slot;

	if (!goids) {
		contents->failed = true;
		return;
	}
	while ((slot = map_next(&contents->goids, &at)))
		goids[n++] = slot->key.a;
	qsort(goids, n, sizeof(*goids), compare);
	wire_put(&contents->sets, n);
	for (size_t i = 0; i < n; i++) {
		wire_put(&contents->sets, goids[i] - before);
		before = goids[i];
	}
	free(goids);
}

static void put_funcs(struct contents *contents, const struct buf *funcs)
{
	size_t count = 0, before = 0;

	for (size_t i = 0; i < funcs->len; i++)
		count += funcs->data[i] != 0;
	wire_put(&contents->sets, count);
	for (size_t i = 0; i < funcs->len; i++) {
		if (!funcs->data[i])
			continue;
		wire_put(&contents->sets, i - before);
		before = i;
	}
}

/* Streamed calls that are open and began in the block at hand. */
static uint64_t count_open(const struct contents *contents)
{
	const struct map_slot *slot;
	uint64_t count = 0;
	size_t at = 0;

	while ((slot = map_next(&contents->open, &at)))
		count += slot->value == 1 + contents->nblocks;
	return count;
}

void contents_end(struct contents *contents, const struct buf *funcs)
{
	size_t from = contents->sets.len;
	struct contents_block block = {
		.at = from, .reach = contents->reach, .open = count_open(contents)};
	struct contents_block *slot;

	wire_put(&contents->sets, (contents->many ? 0 : CONTENTS_HAS_GOIDS) |
					  (contents->alone ? 0 : CONTENTS_HAS_FUNCS));
	if (!contents->many)
		put_goids(contents);
	if (!contents->alone)
		put_funcs(contents, funcs);
	block.len = contents->sets.len - from;
	slot = vec_push(&contents->blocks, &contents->nblocks, &contents->capblocks);
	if (slot)
		*slot = block;
	contents->failed |= !slot || contents->sets.failed;
	map_release(&contents->goids);
	contents->last_goid = contents->reach = 0;
	contents->many = contents->alone = false;
}

void contents_put(const struct contents *contents, size_t block, struct buf *to)
{
	const struct contents_block *of = &contents->blocks[block];

	wire_put(to, of->open ? UINT64_MAX : of->reach);
	buf_add(to, contents->sets.data + of->at, of->len);
}
