/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NEAR 4 /* blocks */

int rows_init(struct rows *rows, struct shelf *shelf)
{
	*rows = (struct rows){.shelf = shelf, .barren = calloc(shelf->nblocks / 8 + 1, 1)};
	return rows->barren ? 0 : -ENOMEM;
}

void rows_release(struct rows *rows)
{
	free(rows->barren);
	*rows = (struct rows){0};
}

static void show(struct rows *rows, bool only, uint64_t goid)
{
	rows->only = only;
	rows->goid = goid;
	memset(rows->barren, 0, rows->shelf->nblocks / 8 + 1);
}

void rows_show_all(struct rows *rows)
{
	show(rows, false, 0);
}

void rows_show_only(struct rows *rows, uint64_t goid)
{
	show(rows, true, goid);
}

static bool is_barren(const struct rows *rows, size_t block)
{
	return rows->barren[block / 8] & 1u << block % 8;
}

bool rows_shows(const struct rows *rows, const struct sheet *sheet, uint32_t node)
{
	const struct node *at = &sheet->nodes[node];
	const struct root *root = &sheet->roots[at->root];

	/* What is missing may have been anybody's. */
	return !rows->only || at->kind == NODE_DAMAGE ||
	       (root->goid_known && root->goid == rows->goid);
}

bool rows_go_on(const struct rows *rows, size_t block)
{
	const struct shelf *shelf = rows->shelf;

	return !rows->go_on || rows->go_on(rows->arg, shelf->slots[block].before, shelf->calls);
}

/* The next root of the sheet at or behind node `at` that is to be seen; NODE_NONE: there is none. */
static uint32_t root_from(const struct rows *rows, const struct sheet *sheet, size_t at)
{
	while (at < sheet->nnodes && !rows_shows(rows, sheet, (uint32_t)at))
		at += sheet->nodes[at].span;
	return at < sheet->nnodes ? (uint32_t)at : NODE_NONE;
}

/* The last root in front of node `at`, likewise. */
static uint32_t root_before(const struct rows *rows, const struct sheet *sheet, size_t at)
{
	while (at > 0) {
		uint32_t node = (uint32_t)(at - 1);

		while (sheet->nodes[node].parent != NODE_NONE)
			node = sheet->nodes[node].parent;
		if (rows_shows(rows, sheet, node))
			return node;
		at = node;
	}
	return NODE_NONE;
}

/* The last of what is to be seen of the tree below `node`. */
static uint32_t last_below(const struct rows *rows, const struct sheet *sheet, size_t block,
			   uint32_t node)
{
	while (sheet->nodes[node].span > 1 && shelf_is_unfolded(rows->shelf, block, node)) {
		uint32_t last = node + sheet->nodes[node].span - 1;

		while (sheet->nodes[last].parent != node)
			last = sheet->nodes[last].parent;
		node = last;
	}
	return node;
}

/* The first row of the blocks from `block` on, or the last one of those up to it. */
static enum found find_in_blocks(struct rows *rows, size_t block, bool forward, struct place *place)
{
	unsigned int looked = 0;

	for (; block < rows->shelf->nblocks; block += forward ? 1 : (size_t)-1) {
		const struct sheet *sheet;
		uint32_t node;

		if (is_barren(rows, block))
			continue;
		if (rows->near && looked == NEAR)
			return FOUND_STOPPED;
		if (looked++ && !rows->near && !rows_go_on(rows, block))
			return FOUND_STOPPED;
		sheet = shelf_get(rows->shelf, block);
		if (!sheet)
			return FOUND_FAILED;
		node = forward ? root_from(rows, sheet, 0)
			       : root_before(rows, sheet, sheet->nnodes);
		if (node != NODE_NONE) {
			*place = (struct place){
				block, forward ? node : last_below(rows, sheet, block, node)};
			return FOUND;
		}
		rows->barren[block / 8] |= (unsigned char)(1u << block % 8);
	}
	return FOUND_NOTHING;
}

enum found rows_first(struct rows *rows, struct place *place)
{
	return find_in_blocks(rows, 0, true, place);
}

enum found rows_last(struct rows *rows, struct place *place)
{
	return find_in_blocks(rows, rows->shelf->nblocks - 1, false, place);
}

enum found rows_next(struct rows *rows, struct place *place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place->block);
	const struct node *node;
	uint32_t next;

	if (!sheet)
		return FOUND_FAILED;
	node = &sheet->nodes[place->node];
	next = place->node + 1;
	if (node->span == 1 || !shelf_is_unfolded(rows->shelf, place->block, place->node))
		next = place->node + node->span;
	if (next < sheet->nnodes && sheet->nodes[next].parent == NODE_NONE)
		next = root_from(rows, sheet, next);
	if (next >= sheet->nnodes)
		return find_in_blocks(rows, place->block + 1, true, place);
	place->node = next;
	return FOUND;
}

enum found rows_previous(struct rows *rows, struct place *place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place->block);
	uint32_t parent, at;

	if (!sheet)
		return FOUND_FAILED;
	parent = sheet->nodes[place->node].parent;
	if (parent == NODE_NONE) {
		at = root_before(rows, sheet, place->node);
		if (at == NODE_NONE)
			return find_in_blocks(rows, place->block - 1, false, place);
	} else {
		at = place->node - 1;
		if (at == parent) {
			place->node = parent;
			return FOUND;
		}
		while (sheet->nodes[at].parent != parent)
			at = sheet->nodes[at].parent;
	}
	place->node = last_below(rows, sheet, place->block, at);
	return FOUND;
}

enum found rows_settle(struct rows *rows, struct place *place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place->block);
	struct place at = *place;
	enum found found;

	if (!sheet)
		return FOUND_FAILED;
	if (place->node < sheet->nnodes && rows_shows(rows, sheet, place->node)) {
		/* The outermost that is folded is what can be seen of it. */
		for (uint32_t up = sheet->nodes[place->node].parent; up != NODE_NONE;
		     up = sheet->nodes[up].parent)
			if (!shelf_is_unfolded(rows->shelf, place->block, up))
				place->node = up;
		return FOUND;
	}
	at.node = NODE_NONE;
	if (place->node < sheet->nnodes) {
		uint32_t up = place->node;

		while (sheet->nodes[up].parent != NODE_NONE)
			up = sheet->nodes[up].parent;
		at.node = root_from(rows, sheet, up + sheet->nodes[up].span);
	}
	if (at.node != NODE_NONE) {
		*place = at;
		return FOUND;
	}
	found = find_in_blocks(rows, place->block + 1, true, &at);
	if (found == FOUND_NOTHING)
		found = find_in_blocks(rows, place->block, false, &at);
	if (found == FOUND)
		*place = at;
	return found;
}

enum found rows_caller(struct rows *rows, struct place *place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place->block);
	uint32_t parent = sheet ? sheet->nodes[place->node].parent : NODE_NONE;

	if (!sheet)
		return FOUND_FAILED;
	if (parent == NODE_NONE)
		return FOUND_NOTHING;
	place->node = parent;
	return FOUND;
}

enum found rows_first_below(struct rows *rows, struct place *place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place->block);

	if (!sheet)
		return FOUND_FAILED;
	if (sheet->nodes[place->node].span == 1)
		return FOUND_NOTHING;
	place->node++;
	return FOUND;
}

/* How long it took; 0 where that is not known. */
static uint64_t duration(const struct sheet *sheet, uint32_t node)
{
	const struct call *call = sheet_call(sheet, node);

	return call && call_is_timed(call) && !(call->flags & CALL_ENTRY_UNSEEN) &&
			       call->end > call->start
		       ? call->end - call->start
		       : 0;
}

enum found rows_longest_below(struct rows *rows, struct place *place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place->block);
	uint32_t end, best = NODE_NONE;

	if (!sheet)
		return FOUND_FAILED;
	end = place->node + sheet->nodes[place->node].span;
	for (uint32_t at = place->node + 1; at < end; at += sheet->nodes[at].span)
		if (node_is_call(&sheet->nodes[at]) &&
		    (best == NODE_NONE || duration(sheet, at) > duration(sheet, best)))
			best = at;
	if (best == NODE_NONE)
		return FOUND_NOTHING;
	place->node = best;
	return FOUND;
}

/* The next root, or the previous one. */
static enum found sibling_root(struct rows *rows, const struct sheet *sheet, struct place *place,
			       bool forward)
{
	uint32_t at = forward ? root_from(rows, sheet, place->node + sheet->nodes[place->node].span)
			      : root_before(rows, sheet, place->node);
	enum found found;

	if (at != NODE_NONE) {
		place->node = at;
		return FOUND;
	}
	found = find_in_blocks(rows, forward ? place->block + 1 : place->block - 1, forward, place);
	/* Of the block before it the last row was found. */
	while (found == FOUND && rows_caller(rows, place) == FOUND)
		;
	return found;
}

enum found rows_sibling(struct rows *rows, struct place *place, bool forward)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place->block);
	uint32_t parent, at;

	if (!sheet)
		return FOUND_FAILED;
	parent = sheet->nodes[place->node].parent;
	if (parent == NODE_NONE)
		return sibling_root(rows, sheet, place, forward);
	if (forward) {
		at = place->node + sheet->nodes[place->node].span;
		if (at >= parent + sheet->nodes[parent].span)
			return FOUND_NOTHING;
	} else {
		at = place->node - 1;
		if (at == parent)
			return FOUND_NOTHING;
		while (sheet->nodes[at].parent != parent)
			at = sheet->nodes[at].parent;
	}
	place->node = at;
	return FOUND;
}

bool rows_has_more(struct rows *rows, struct place place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place.block);

	return sheet && sheet->nodes[place.node].span > 1;
}

bool rows_is_unfolded(struct rows *rows, struct place place)
{
	return shelf_is_unfolded(rows->shelf, place.block, place.node);
}

int rows_unfold(struct rows *rows, struct place place, enum rows_extent extent, bool unfold)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place.block);
	uint32_t end;
	int err = 0;

	if (!sheet)
		return -ENOMEM;
	end = place.node + sheet->nodes[place.node].span;
	if (extent == ROWS_IT)
		end = place.node + 1;
	for (uint32_t at = place.node; at < end && !err; at++) {
		bool chosen = sheet->nodes[at].span > 1;

		/* Those right below are folded each, but stay to be seen. */
		if (extent == ROWS_RIGHT_BELOW)
			chosen &= at == place.node ? unfold : sheet->nodes[at].parent == place.node;
		if (chosen)
			err = shelf_set_unfolded(rows->shelf, place.block, at, unfold);
	}
	return err;
}

int rows_reveal(struct rows *rows, struct place place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place.block);
	int err = 0;

	if (!sheet)
		return -ENOMEM;
	for (uint32_t up = sheet->nodes[place.node].parent; up != NODE_NONE && !err;
	     up = sheet->nodes[up].parent)
		err = shelf_set_unfolded(rows->shelf, place.block, up, true);
	return err;
}
