/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"
#include "recording/call_bits.h"
#include "recording/decode.h"
#include "recording/format.h"

/* More than any stack is deep, or a tree wide, in memory that there is. */
#define CALLS_MAX (1u << 28)

static bool out_of_memory(struct decoder *decoder)
{
	decoder->failed = true;
	return false;
}

/* One more call of the tree, all zero. */
static struct call *add_call(struct decoder *decoder)
{
	struct tree *tree = &decoder->tree;
	size_t cap = tree->capcalls;
	struct call *call = vec_push(&tree->calls, &tree->ncalls, &tree->capcalls);

	if (!call) {
		out_of_memory(decoder);
		return NULL;
	}
	*call = (struct call){.parent = CALL_NONE};
	if (!tree->times || tree->capcalls != cap) {
		struct call_times *more = reallocarray(tree->times, tree->capcalls, sizeof(*more));

		if (!more) {
			out_of_memory(decoder);
			return NULL;
		}
		tree->times = more;
	}
	tree->times[tree->ncalls - 1] = (struct call_times){0};
	return call;
}

bool decode_owner(struct decoder *decoder, struct wire *wire)
{
	struct tree *tree = &decoder->tree;
	uint32_t pid = (uint32_t)wire_get_most(wire, UINT32_MAX);

	tree->source = &decoder->source;
	tree->process = decoder_process(decoder, pid);
	tree->goid = wire_get(wire);
	tree->curg = tree->goid ? 0 : wire_get(wire);
	tree->origin = tree->goid && decoder->version >= RECORDING_ORIGINS
			       ? (uint32_t)wire_get_most(wire, decoder->block.norigins)
			       : 0;
	return !wire->bad && (tree->process || !pid);
}

static uint32_t here(const struct decoder *decoder, const struct wire *wire)
{
	return (uint32_t)(wire->at - decoder->block.bytes);
}

static bool skip_callers(const struct decoder *decoder, struct wire *wire)
{
	uint64_t count = wire_get_most(wire, 1 + TREE_CALLERS_MAX);

	for (uint64_t i = 1; i < count; i++)
		decode_place(decoder, wire);
	return !wire->bad;
}

static bool get_times(struct wire *wire, struct call_times *times)
{
	for (int i = 0; i < STATES; i++)
		times->ns[i] = wire_get(wire);
	times->known = true;
	return !wire->bad;
}

/* The newest call of the tree. */
static bool get_call(struct decoder *decoder, struct wire *wire)
{
	struct tree *tree = &decoder->tree;
	struct call *call = &tree->calls[tree->ncalls - 1];
	struct block_deltas *deltas = &decoder->deltas;
	uint64_t has = wire_get_most(wire, 0x3f), ended;

	call->func = decode_func(decoder, wire);
	ended = wire_get_most(wire, 0xffff << 3 | 7);
	call->how = ended & 7;
	call->flags = (uint16_t)(ended >> 3);
	call->id = wire_get_delta(wire, deltas->id + 1);
	call->start = wire_get_delta(wire, deltas->time);
	call->end = wire_get_delta(wire, call->start);
	call->tid = has & OTHER_TID ? (uint32_t)wire_get_most(wire, UINT32_MAX) : deltas->tid;
	call->caller = has & HAS_PLACE ? decode_place(decoder, wire) : 0;
	*deltas = (struct block_deltas){.time = call->start, .id = call->id, .tid = call->tid};
	if (call->how > CALL_LOST)
		return false;
	if (has & HAS_TIMES && !get_times(wire, &tree->times[tree->ncalls - 1]))
		return false;
	call->args = call->results = call->callers = CALL_NONE;
	if (has & HAS_CALLERS) {
		call->callers = here(decoder, wire);
		if (!skip_callers(decoder, wire))
			return false;
	}
	if (has & HAS_ARGS) {
		call->args = here(decoder, wire);
		if (!decode_values(decoder, wire, false))
			return false;
	}
	if (has & HAS_RESULTS) {
		call->results = here(decoder, wire);
		if (!decode_values(decoder, wire, false))
			return false;
	}
	return !wire->bad;
}

/* Hangs the newest call on one that is `up` levels above the one before it. */
static bool hang(struct tree *tree, uint64_t up)
{
	struct call *call = &tree->calls[tree->ncalls - 1];
	uint32_t at = (uint32_t)(tree->ncalls - 2);

	if (up > tree->calls[at].level)
		return false;
	while (up--)
		at = tree->calls[at].parent;
	call->parent = at;
	call->level = tree->calls[at].level + 1;
	return true;
}

static bool get_marks(struct decoder *decoder, struct wire *wire)
{
	struct tree *tree = &decoder->tree;
	uint64_t count = wire_get_most(wire, wire_left(wire)), before = 0;

	for (uint64_t i = 0; i < count; i++) {
		struct mark *mark = vec_push(&tree->marks, &tree->nmarks, &tree->capmarks);
		uint64_t call;

		if (!mark)
			return out_of_memory(decoder);
		*mark = (struct mark){0};
		mark->before = (uint32_t)wire_get_most(wire, tree->ncalls);
		call = wire_get_most(wire, tree->ncalls);
		mark->call = call ? (uint32_t)(call - 1) : CALL_NONE;
		if (!decode_mark(decoder, wire, mark) || mark->before < before)
			return false;
		before = mark->before;
	}
	return true;
}

static void count_call(struct decoder *decoder, const struct call *call)
{
	struct trace_summary *made = &decoder->made;
	uint64_t end = call_is_timed(call) ? call->end : call->start;

	made->calls++;
	made->unwound += call->how == CALL_UNWOUND;
	made->open += call->how == CALL_OPEN;
	if (end > made->ended)
		made->ended = end;
	decoder->done++;
}

int decode_tree(struct decoder *decoder, struct wire *wire)
{
	struct tree *tree = &decoder->tree;
	uint64_t count;

	tree->ncalls = tree->nmarks = 0;
	if (!decode_owner(decoder, wire))
		return -EBADMSG;
	count = wire_get_most(wire, CALLS_MAX);
	if (!count || count > wire_left(wire))
		return -EBADMSG;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t up = i ? wire_get(wire) : 0;

		if (!add_call(decoder))
			return -ENOMEM;
		if (!get_call(decoder, wire) || (i && !hang(tree, up)))
			return decoder->failed ? -ENOMEM : -EBADMSG;
	}
	if (!get_marks(decoder, wire))
		return decoder->failed ? -ENOMEM : -EBADMSG;
	for (size_t i = 0; i < tree->ncalls; i++)
		count_call(decoder, &tree->calls[i]);
	for (size_t i = 0; i < tree->nmarks; i++)
		if (tree->marks[i].kind->counted < MARK_COUNTS)
			decoder->made.marks[tree->marks[i].kind->counted]++;
	return sink_root(decoder->sink, tree);
}

static struct open_call *find_open(const struct decoder *decoder, uint64_t id)
{
	const uint64_t *place = map_find(&decoder->open, (struct map_key){.a = id});

	return place && *place ? &decoder->opened[*place - 1] : NULL;
}

bool decode_chain(struct decoder *decoder, uint64_t caller)
{
	struct tree *tree = &decoder->tree;
	size_t depth = 0;

	tree->ncalls = tree->nmarks = 0;
	/* No further than there are open calls: a file may say that one is its own caller. */
	for (const struct open_call *at = find_open(decoder, caller);
	     at && depth < decoder->open.count; at = find_open(decoder, at->caller)) {
		struct call *call = add_call(decoder);

		if (!call)
			return false;
		*call = at->call;
		depth++;
	}
	for (size_t i = 0; i < depth / 2; i++) {
		struct call other = tree->calls[i];

		tree->calls[i] = tree->calls[depth - 1 - i];
		tree->calls[depth - 1 - i] = other;
	}
	for (size_t i = 0; i < depth; i++) {
		tree->calls[i].level = (uint32_t)i;
		tree->calls[i].parent = i ? (uint32_t)(i - 1) : CALL_NONE;
	}
	return true;
}

static bool note_open(struct decoder *decoder, const struct call *call, uint64_t caller)
{
	uint64_t *place = map_put(&decoder->open, (struct map_key){.a = call->id});
	struct open_call *slot;

	if (!place)
		return out_of_memory(decoder);
	if (!*place && decoder->free) {
		*place = decoder->free;
		decoder->free = decoder->opened[*place - 1].caller;
	} else if (!*place) {
		slot = vec_push(&decoder->opened, &decoder->nopened, &decoder->capopened);
		if (!slot)
			return out_of_memory(decoder);
		*place = decoder->nopened;
	}
	slot = &decoder->opened[*place - 1];
	*slot = (struct open_call){.call = *call, .caller = caller};
	/* These stand in a block that goes. */
	slot->call.args = slot->call.results = slot->call.callers = CALL_NONE;
	return true;
}

static void forget_open(struct decoder *decoder, uint64_t id)
{
	struct map_key key = {.a = id};
	const uint64_t *place = map_find(&decoder->open, key);

	if (!place)
		return;
	decoder->opened[*place - 1].caller = decoder->free;
	decoder->free = *place;
	map_delete(&decoder->open, key);
}

void decoder_forget_open(struct decoder *decoder)
{
	map_release(&decoder->open);
	decoder->nopened = 0;
	decoder->free = 0;
}

int decode_streamed(struct decoder *decoder, struct wire *wire, bool ends)
{
	struct tree *tree = &decoder->tree;
	uint64_t caller;
	struct call *call;

	if (!decode_owner(decoder, wire))
		return -EBADMSG;
	wire_get(wire); /* its level: how many callers it had */
	caller = wire_get(wire);
	if (!decode_chain(decoder, caller) || !add_call(decoder))
		return -ENOMEM;
	if (!get_call(decoder, wire))
		return decoder->failed ? -ENOMEM : -EBADMSG;
	call = &tree->calls[tree->ncalls - 1];
	call->level = (uint32_t)(tree->ncalls - 1);
	call->parent = call->level ? call->level - 1 : CALL_NONE;
	if (!ends) {
		if (!note_open(decoder, call, caller))
			return -ENOMEM;
		return sink_enter(decoder->sink, tree, call->level);
	}
	count_call(decoder, call);
	forget_open(decoder, call->id);
	return sink_leave(decoder->sink, tree, call->level);
}
