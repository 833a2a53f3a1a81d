/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/decode.h"

#include <errno.h>
#include <stdlib.h>

#include "base/short_names.h"
#include "recording/format.h"
#include "recording/index.h"

static struct wire at(const struct decoder *decoder, uint32_t offset)
{
	return (struct wire){.at = decoder->block.bytes + offset, .end = decoder->block.end};
}

static const struct values *values_at(struct decoder *decoder, uint32_t offset)
{
	struct wire wire = at(decoder, offset);

	if (offset == CALL_NONE || !decode_values(decoder, &wire, true))
		return NULL;
	return &decoder->answer;
}

static const struct values *on_args(struct tree_source *source, const struct tree *tree,
				    const struct call *call)
{
	(void)tree;
	return values_at(decoder_of(source), call->args);
}

static const struct values *on_results(struct tree_source *source, const struct tree *tree,
				       const struct call *call)
{
	(void)tree;
	return values_at(decoder_of(source), call->results);
}

static const struct caller *on_caller(struct tree_source *source, const struct call *call)
{
	return decoder_place(decoder_of(source), call->caller);
}

static const struct caller *on_callers(struct tree_source *source, const struct tree *tree,
				       const struct call *call, uint32_t i)
{
	struct decoder *decoder = decoder_of(source);
	struct wire wire;
	uint64_t count;
	uint32_t place = 0;

	(void)tree;
	if (call->callers == CALL_NONE)
		return NULL;
	wire = at(decoder, call->callers);
	count = wire_get(&wire);
	if ((uint64_t)i + 1 >= count)
		return NULL;
	for (uint32_t k = 0; k <= i; k++)
		place = decode_place(decoder, &wire);
	return decoder_place(decoder, place);
}

static const struct mark_detail *on_mark(struct tree_source *source, const struct tree *tree,
					 const struct mark *mark)
{
	struct decoder *decoder = decoder_of(source);
	struct wire wire = at(decoder, mark->bytes);

	(void)tree;
	return decode_detail(decoder, &wire, true) ? &decoder->detail : NULL;
}

static const struct goroutine *on_goroutine(struct tree_source *source, const struct tree *tree)
{
	struct decoder *decoder = decoder_of(source);
	const struct recorded_origin *origin;

	if (tree->origin > decoder->block.norigins)
		return NULL;
	origin = &decoder->block.origins[tree->origin - 1];
	decoder->goroutine = origin->goroutine;
	decoder->goroutine.created = decoder_place(decoder, origin->created);
	return &decoder->goroutine;
}

void decoder_init(struct decoder *decoder)
{
	*decoder = (struct decoder){
		.source = {.args = on_args,
			   .results = on_results,
			   .caller = on_caller,
			   .callers = on_callers,
			   .mark = on_mark,
			   .goroutine = on_goroutine},
	};
}

void decoder_block_release(struct decoder_block *block)
{
	free(block->strings);
	free(block->places);
	free(block->origins);
	free(block->shapes);
	free(block->shape_values);
	*block = (struct decoder_block){0};
}

void decoder_release(struct decoder *decoder)
{
	struct map_slot *slot;
	size_t next = 0;

	while ((slot = map_next(&decoder->processes, &next)))
		free((struct process *)(uintptr_t)slot->value);
	for (size_t i = 0; i < decoder->nnames; i++) {
		short_names_release(decoder->names[i]);
		free(decoder->names[i]);
	}
	map_release(&decoder->processes);
	map_release(&decoder->open);
	pool_release(&decoder->pool);
	catalog_release(&decoder->catalog);
	dictionary_release(&decoder->known_places);
	free(decoder->funcs);
	free(decoder->exes);
	free(decoder->names);
	free(decoder->frames);
	free(decoder->places);
	decoder_block_release(&decoder->block);
	free(decoder->tree.calls);
	free(decoder->tree.times);
	free(decoder->tree.marks);
	free(decoder->opened);
	free(decoder->values);
	free(decoder->args);
}

static bool get_config(struct decoder *decoder, struct wire *wire)
{
	struct recording_head *head = &decoder->head;

	head->tool = decode_string(decoder, wire);
	head->kernel = decode_string(decoder, wire);
	head->host = decode_string(decoder, wire);
	head->command = decode_string(decoder, wire);
	head->start = wire_get(wire);
	head->waits = wire_get(wire);
	head->stack = (uint32_t)wire_get_most(wire, TREE_CALLERS_MAX);
	head->origins = decoder->version >= RECORDING_ORIGINS;
	head->goroutines = head->origins && wire_get(wire);
	return !wire->bad;
}

static bool get_summary(struct decoder *decoder, struct wire *wire)
{
	struct trace_summary *summary = &decoder->summary;
	uint64_t *const numbers[] = {
		&summary->calls,     &summary->counted, &summary->records,  &summary->lost,
		&summary->switching, &summary->missed,  &summary->damaged,  &summary->skipped,
		&summary->unwound,   &summary->open,    &summary->duration, &summary->ended,
	};
	uint64_t kinds;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		*numbers[i] = wire_get(wire);
	summary->sampled = wire_get(wire);
	/* Of kinds that a newer writer counts nothing is known here. */
	kinds = wire_get_most(wire, wire_left(wire));
	for (uint64_t i = 0; i < kinds; i++) {
		bool marked = wire_get(wire);
		uint64_t marks = wire_get(wire);

		if (i < MARK_COUNTS) {
			summary->marked[i] = marked;
			summary->marks[i] = marks;
		}
	}
	decoder->summed = !wire->bad;
	return decoder->summed;
}

/* Something that goes to the sink: 0, -EBADMSG, or the sink's error. */
static int hand_on(struct decoder *decoder, unsigned int operation, struct wire *wire)
{
	switch (operation) {
	case OP_TREE:
		return decode_tree(decoder, wire);
	case OP_ENTER:
		return decode_streamed(decoder, wire, false);
	case OP_LEAVE:
		return decode_streamed(decoder, wire, true);
	default:
		return decode_lone_mark(decoder, wire);
	}
}

static int run(struct decoder *decoder, unsigned int operation, struct wire *wire)
{
	bool whole;

	switch (operation) {
	case OP_TREE:
	case OP_ENTER:
	case OP_LEAVE:
	case OP_MARK:
		return decoder->sink ? hand_on(decoder, operation, wire) : 0;
	case OP_IDLE:
		return decoder->sink ? sink_idle(decoder->sink) : 0;
	case OP_CONFIG:
		whole = get_config(decoder, wire);
		break;
	case OP_SUMMARY:
		whole = get_summary(decoder, wire);
		break;
	case OP_BEFORE:
		decoder->before = wire_get(wire);
		decoder->told_before = whole = !wire->bad;
		break;
	case OP_OVERWRITTEN:
		decoder->summary.overwritten = wire_get(wire);
		whole = !wire->bad;
		break;
	case OP_INDEX:
		whole = index_entry(decoder, wire);
		break;
	case OP_CONTENTS:
		whole = index_contents(decoder, wire);
		break;
	default:
		whole = decode_definition(decoder, operation, wire);
	}
	if (decoder->failed)
		return -ENOMEM;
	return whole ? decoder->sink_error : -EBADMSG;
}

int decode_block(struct decoder *decoder, const void *bytes, size_t len, struct sink *sink)
{
	struct wire wire = {.at = bytes, .end = (const unsigned char *)bytes + len};
	int ret = 0;

	decoder->sink = sink;
	decoder->sink_error = 0;
	decoder->block.bytes = bytes;
	decoder->block.end = wire.end;
	decoder->block.nstrings = decoder->block.nplaces = 0;
	decoder->block.nshapes = decoder->block.nshape_values = 0;
	decoder->block.norigins = 0;
	decoder->deltas = (struct block_deltas){0};
	decoder->done = 0;
	while (!ret && wire.at < wire.end)
		ret = run(decoder, *wire.at++, &wire);
	return ret;
}
