/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/sheet_stream.h"

#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"

void stream_release(struct stream *stream)
{
	free(stream->pieces);
	free(stream->calls);
	free(stream->marks);
	map_release(&stream->known);
	*stream = (struct stream){0};
}

static struct piece *piece_of(const struct stream *stream, uint32_t number)
{
	return number ? &stream->pieces[number - 1] : NULL;
}

static uint32_t find(const struct stream *stream, uint64_t id)
{
	const uint64_t *place = map_find(&stream->known, (struct map_key){.a = id});

	return place ? (uint32_t)*place : 0;
}

/* A new one below `parent`; 0 when memory is out. */
static uint32_t add_piece(struct stream *stream, uint32_t parent, bool is_mark, size_t item)
{
	struct piece *piece = vec_push(&stream->pieces, &stream->npieces, &stream->cappieces);
	uint32_t number = (uint32_t)stream->npieces;
	struct piece *above;

	if (!piece)
		return 0;
	*piece = (struct piece){.is_mark = is_mark, .item = (uint32_t)item, .parent = parent};
	above = piece_of(stream, parent);
	if (!above)
		return number;
	if (above->last)
		piece_of(stream, above->last)->next = number;
	else
		above->first = number;
	above->last = number;
	return number;
}

static uint32_t add_call(struct stream *stream, const struct tree *tree, const struct call *call)
{
	uint32_t parent =
		call->parent == CALL_NONE ? 0 : find(stream, tree->calls[call->parent].id);
	uint64_t *place = map_put(&stream->known, (struct map_key){.a = call->id});
	uint32_t number;

	if (!place || !vec_push(&stream->calls, &stream->ncalls, &stream->capcalls))
		return 0;
	number = add_piece(stream, parent, false, stream->ncalls - 1);
	*place = number;
	return number;
}

uint32_t stream_call(struct stream *stream, const struct tree *tree, uint32_t call, bool ends,
		     bool *hangs)
{
	const struct call *at = &tree->calls[call];
	uint32_t number = find(stream, at->id);
	struct piece *piece;
	struct stream_call *slot;

	*hangs = number;
	if (!number)
		number = add_call(stream, tree, at);
	if (!number)
		return 0;
	piece = piece_of(stream, number);
	*hangs |= piece->parent;
	piece->began |= !ends;
	piece->ended |= ends;
	slot = &stream->calls[piece->item];
	slot->call = *at;
	slot->times = tree->times ? tree->times[call] : (struct call_times){0};
	return number;
}

bool stream_mark(struct stream *stream, uint64_t id, const struct mark *mark, bool *hangs)
{
	uint32_t parent = find(stream, id);
	struct mark *slot;

	*hangs = parent;
	if (!parent)
		return true;
	slot = vec_push(&stream->marks, &stream->nmarks, &stream->capmarks);
	if (!slot)
		return false;
	*slot = *mark;
	return add_piece(stream, parent, true, stream->nmarks - 1);
}

/* Appends one; `calls`: of the root so far. */
static int collect(struct stream *stream, struct piece *piece, uint32_t *calls, uint32_t level,
		   struct sheet *sheet)
{
	const struct piece *above = piece_of(stream, piece->parent);
	uint32_t parent = above ? above->at : CALL_NONE;
	struct stream_call *slot;
	struct mark mark;

	if (piece->is_mark) {
		mark = stream->marks[piece->item];
		mark.before = *calls;
		mark.call = parent;
		return sheet_add_mark(sheet, &mark);
	}
	slot = &stream->calls[piece->item];
	slot->call.parent = parent;
	slot->call.level = level;
	piece->at = (*calls)++;
	return sheet_add_call(sheet, &slot->call, slot->times.known ? &slot->times : NULL);
}

int stream_collect(struct stream *stream, uint32_t root, struct sheet *sheet)
{
	uint32_t at = root, calls = 0, level = 0;

	while (at) {
		struct piece *piece = piece_of(stream, at);
		int err = collect(stream, piece, &calls, level, sheet);

		if (err)
			return err;
		if (piece->first) {
			at = piece->first;
			level++;
			continue;
		}
		while (at != root && !piece_of(stream, at)->next) {
			at = piece_of(stream, at)->parent;
			level--;
		}
		at = at == root ? 0 : piece_of(stream, at)->next;
	}
	return 0;
}

enum node_kind stream_kind(const struct stream *stream, uint64_t id)
{
	const struct piece *piece = piece_of(stream, find(stream, id));

	if (!piece || piece->began == piece->ended)
		return NODE_CALL;
	return piece->began ? NODE_OPENING : NODE_CLOSING;
}
