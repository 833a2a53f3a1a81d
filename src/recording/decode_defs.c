/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>

#include "base/short_names.h"
#include "base/vec.h"
#include "recording/call_bits.h"
#include "recording/decode.h"
#include "recording/format.h"
#include "recording/value_slots.h"

/* Functions and executables of any program are far fewer. */
#define FUNCS_MAX (1u << 24)
#define EXES_MAX  (1u << 16)

const char *decode_string(const struct decoder *decoder, struct wire *wire)
{
	uint64_t number = wire_get_most(wire, decoder->block.nstrings);

	return number ? decoder->block.strings[number - 1] : NULL;
}

uint32_t decode_place(const struct decoder *decoder, struct wire *wire)
{
	uint64_t number = wire_get_most(wire, decoder->block.nplaces);

	return number ? decoder->block.places[number - 1] : 0;
}

const struct caller *decoder_place(const struct decoder *decoder, uint64_t place)
{
	return place && place <= decoder->nplaces
		       ? &decoder->frames[decoder->places[place - 1].first]
		       : NULL;
}

uint32_t decode_func(const struct decoder *decoder, struct wire *wire)
{
	uint64_t number = wire_get(wire);

	if (number < decoder->nfuncs && decoder->funcs[number])
		return decoder->funcs[number] - 1;
	wire->bad = true;
	return UINT32_MAX;
}

const struct process *decoder_process(const struct decoder *decoder, uint32_t pid)
{
	const uint64_t *place = map_find(&decoder->processes, (struct map_key){.a = pid});

	return place ? (const struct process *)(uintptr_t)*place : NULL;
}

static bool out_of_memory(struct decoder *decoder)
{
	decoder->failed = true;
	return false;
}

static bool define_string(struct decoder *decoder, struct wire *wire)
{
	uint64_t len = wire_get(wire);
	const unsigned char *bytes = wire_bytes(wire, len);
	const char **slot;

	if (!bytes)
		return false;
	slot = vec_push(&decoder->block.strings, &decoder->block.nstrings,
			&decoder->block.capstrings);
	if (!slot)
		return out_of_memory(decoder);
	*slot = pool_put(&decoder->pool, bytes, len);
	return *slot || out_of_memory(decoder);
}

/* Makes the array reach up to `number`. */
static bool reach(struct decoder *decoder, uint32_t **array, size_t *count, uint64_t number)
{
	size_t cap = *count * 2 > number + 64 ? *count * 2 : number + 64;
	uint32_t *more;

	if (number < *count)
		return true;
	more = reallocarray(*array, cap, sizeof(*more));
	if (!more)
		return out_of_memory(decoder);
	memset(more + *count, 0, (cap - *count) * sizeof(*more));
	*array = more;
	*count = cap;
	return true;
}

/* The packages behind an executable; *names stays NULL where its names are whole. */
static bool read_packages(struct decoder *decoder, struct wire *wire, struct short_names **names)
{
	uint64_t count = wire_get_most(wire, 1 + wire_left(wire));
	char text[4096];

	*names = count ? calloc(1, sizeof(**names)) : NULL;
	if (count && !*names)
		return out_of_memory(decoder);
	for (uint64_t i = 1; i < count && !wire->bad; i++) {
		uint64_t len = wire_get_most(wire, sizeof(text) - 4);
		const unsigned char *bytes = wire_bytes(wire, len);
		const char *symbol;

		if (!bytes)
			break;
		memcpy(text, bytes, len);
		memcpy(text + len, ".x", 3);
		symbol = pool_put(&decoder->pool, text, len + 2);
		if (!symbol || short_names_add(*names, symbol))
			return out_of_memory(decoder);
	}
	if (*names)
		short_names_seal(*names);
	return !wire->bad;
}

/* Owns the names from now on. */
static bool keep_names(struct decoder *decoder, struct short_names *names)
{
	struct short_names **slot = vec_push(&decoder->names, &decoder->nnames, &decoder->capnames);

	if (slot)
		*slot = names;
	return slot || out_of_memory(decoder);
}

static bool define_exe(struct decoder *decoder, struct wire *wire)
{
	uint64_t number = wire_get_most(wire, EXES_MAX);
	struct catalog_exe exe = {0};
	struct short_names *names;
	bool whole;

	exe.path = decode_string(decoder, wire);
	exe.root = decode_string(decoder, wire);
	whole = read_packages(decoder, wire, &names);
	if (names && !keep_names(decoder, names)) {
		short_names_release(names);
		free(names);
		return false;
	}
	if (!whole || wire->bad || !reach(decoder, &decoder->exes, &decoder->nexes, number))
		return false;
	if (decoder->exes[number])
		return true;
	exe.names = names;
	if (catalog_add_exe(&decoder->catalog, &exe))
		return out_of_memory(decoder);
	decoder->exes[number] = (uint32_t)decoder->catalog.nexes;
	return true;
}

/* Id in the catalog of an executable that is defined. */
static uint32_t exe_of(const struct decoder *decoder, struct wire *wire)
{
	uint64_t number = wire_get(wire);

	if (number < decoder->nexes && decoder->exes[number])
		return decoder->exes[number] - 1;
	wire->bad = true;
	return 0;
}

static bool define_func(struct decoder *decoder, struct wire *wire)
{
	uint64_t number = wire_get_most(wire, FUNCS_MAX);
	struct catalog_func func = {0};

	func.name = decode_string(decoder, wire);
	func.file = decode_string(decoder, wire);
	func.line = (int)wire_get_signed(wire);
	func.exe = exe_of(decoder, wire);
	func.errors_known = wire_get(wire);
	if (wire->bad || !func.name || !*func.name ||
	    !reach(decoder, &decoder->funcs, &decoder->nfuncs, number))
		return false;
	if (decoder->funcs[number])
		return true;
	if (catalog_add_func(&decoder->catalog, &func))
		return out_of_memory(decoder);
	decoder->funcs[number] = (uint32_t)decoder->catalog.nfuncs;
	return true;
}

/* Texts are there once. */
static bool is_same(const struct process *a, const struct process *b)
{
	return a->nspid == b->nspid && a->image == b->image && a->exe == b->exe && a->go == b->go &&
	       a->build_id == b->build_id && a->run == b->run;
}

/* What an exec or a later block says of a process takes the place of what was said before. */
static bool define_process(struct decoder *decoder, struct wire *wire)
{
	bool announced = wire_get(wire);
	struct process process = {.announced = true};
	struct process *known;
	uint64_t *place;

	process.pid = (uint32_t)wire_get_most(wire, UINT32_MAX);
	process.nspid = (uint32_t)wire_get_most(wire, UINT32_MAX);
	process.image = exe_of(decoder, wire);
	process.exe = (char *)decode_string(decoder, wire);
	process.go = decode_string(decoder, wire);
	process.build_id = decode_string(decoder, wire);
	process.whole = wire_get(wire);
	if (decoder->version >= RECORDING_ORIGINS)
		process.run = (uint32_t)wire_get_most(wire, UINT32_MAX);
	if (wire->bad)
		return false;
	place = map_put(&decoder->processes, (struct map_key){.a = process.pid});
	known = place ? (struct process *)(uintptr_t)*place : NULL;
	/* What announced it may be missing. */
	announced |= decoder->gaps && place && (!known || !is_same(known, &process));
	if (place && !known)
		*place = (uintptr_t)(known = malloc(sizeof(*known)));
	if (!known)
		return out_of_memory(decoder);
	*known = process;
	if (announced && decoder->sink)
		decoder->sink_error = sink_process(decoder->sink, known);
	return true;
}

/* A place that was told in an earlier block is the same one. */
static bool define_place(struct decoder *decoder, struct wire *wire)
{
	uint64_t count = wire_get_most(wire, 1024);
	uint32_t first = (uint32_t)decoder->nframes, number, *slot;
	bool fresh;

	for (uint64_t i = 0; i < count && !wire->bad; i++) {
		struct caller *frame =
			vec_push(&decoder->frames, &decoder->nframes, &decoder->capframes);

		if (!frame)
			return out_of_memory(decoder);
		memset(frame, 0, sizeof(*frame));
		frame->func = decode_string(decoder, wire);
		frame->offset = wire_get(wire);
		frame->file = decode_string(decoder, wire);
		frame->inlined = decode_string(decoder, wire);
		frame->line = (int)wire_get_signed(wire);
		frame->more = i + 1 < count;
		if (!frame->func || !*frame->func)
			wire->bad = true;
	}
	if (wire->bad || !count) {
		decoder->nframes = first;
		return false;
	}
	number = dictionary_put(&decoder->known_places, &decoder->frames[first],
				count * sizeof(struct caller), &fresh);
	if (!fresh)
		decoder->nframes = first;
	if (fresh) {
		struct place *place =
			vec_push(&decoder->places, &decoder->nplaces, &decoder->capplaces);

		if (!place)
			return out_of_memory(decoder);
		place->first = first;
	}
	slot = vec_push(&decoder->block.places, &decoder->block.nplaces, &decoder->block.capplaces);
	if (!slot || !number)
		return out_of_memory(decoder);
	*slot = number;
	return true;
}

/* The last child, where there is one; spans are known. */
static const struct shape_value *last_child(const struct shape_value *value)
{
	const struct shape_value *child = value + 1;

	for (uint32_t i = 1; i < value->nchildren; i++)
		child += child->span;
	return child;
}

/* What it says of itself: a text of its own, or what is usually said of its type. */
static bool is_said(const struct shape_value *value)
{
	return value->kind == VALUE_TEXT || value->kind == VALUE_SAID;
}

/* What whoever shows a value of a kind may count on. */
static bool is_sound(const struct shape_value *value)
{
	bool says = value->bits & VALUE_BIT_SAYS;
	uint32_t parts = value->nchildren - says;

	if (says && (!value->nchildren || !is_said(last_child(value))))
		return false;
	switch ((enum value_kind)value->kind) {
	case VALUE_LIST:
	case VALUE_OBJECT:
		return true;
	case VALUE_POINTER:
		return parts == 1;
	case VALUE_DYNAMIC:
		return parts <= 1;
	default:
		return !parts;
	}
}

/* How many values each one leads over, from the last one back. False when they do not fit into each other. */
static bool set_spans(struct decoder *decoder, const struct shape *shape)
{
	struct shape_value *values;
	uint32_t items = 0, at;

	if (!shape->count)
		return !shape->nitems;
	values = &decoder->block.shape_values[shape->first];
	for (uint32_t i = shape->count; i-- > 0;) {
		uint32_t next = i + 1;

		for (uint32_t k = 0; k < values[i].nchildren; k++) {
			if (next >= shape->count)
				return false;
			next += values[next].span;
		}
		values[i].span = next - i;
		if (!is_sound(&values[i]))
			return false;
	}
	/* Items have types; what is inside of them may have none. */
	for (at = 0; at < shape->count; at += values[at].span, items++)
		if (!values[at].type)
			return false;
	return at == shape->count && items == shape->nitems;
}

static bool define_shape(struct decoder *decoder, struct wire *wire)
{
	struct shape shape = {.first = (uint32_t)decoder->block.nshape_values}, *slot;

	shape.nitems = (uint32_t)wire_get_most(wire, wire_left(wire));
	shape.len = (uint32_t)wire_get_most(wire, UINT32_MAX);
	shape.count = (uint32_t)wire_get_most(wire, wire_left(wire));
	for (uint32_t i = 0; i < shape.count && !wire->bad; i++) {
		struct shape_value *value =
			vec_push(&decoder->block.shape_values, &decoder->block.nshape_values,
				 &decoder->block.capshape_values);

		if (!value)
			return out_of_memory(decoder);
		*value = (struct shape_value){0};
		value->kind = (uint8_t)wire_get_most(wire, VALUE_KINDS - 1);
		value->name = decode_string(decoder, wire);
		value->type = decode_string(decoder, wire);
		value->nchildren = (uint32_t)wire_get_most(wire, shape.count);
		value->bits = (uint8_t)wire_get_most(wire, 0xff);
		if (value->kind == VALUE_ERROR)
			value->why = (uint8_t)wire_get_most(wire, VALUE_LEFT_OUT);
		/* Sinks write the names of items and fields, and say of what the last child is. */
		if (!value->name)
			value->name = "?";
	}
	if (wire->bad || shape.len < shape.nitems || !set_spans(decoder, &shape))
		return false;
	slot = vec_push(&decoder->block.shapes, &decoder->block.nshapes, &decoder->block.capshapes);
	if (!slot)
		return out_of_memory(decoder);
	*slot = shape;
	return true;
}

static bool define_origin(struct decoder *decoder, struct wire *wire)
{
	struct decoder_block *block = &decoder->block;
	struct recorded_origin origin = {0}, *slot;
	uint64_t bits = wire_get_most(wire, ORIGIN_HAS_PARENT | ORIGIN_HAS_START |
						    ORIGIN_IS_INSIDE | ORIGIN_IS_LINKED);

	origin.goroutine.has_parent = bits & ORIGIN_HAS_PARENT;
	origin.goroutine.has_start = bits & ORIGIN_HAS_START;
	origin.goroutine.inside = bits & ORIGIN_IS_INSIDE;
	origin.goroutine.linked = bits & ORIGIN_IS_LINKED;
	if (origin.goroutine.has_parent)
		origin.goroutine.parent = wire_get(wire);
	if (origin.goroutine.has_start)
		origin.goroutine.start = wire_get(wire);
	if (origin.goroutine.linked) {
		origin.goroutine.call = wire_get(wire);
		origin.goroutine.root_goid = wire_get(wire);
		origin.goroutine.root_start = wire_get(wire);
	}
	origin.goroutine.func = decode_string(decoder, wire);
	origin.created = decode_place(decoder, wire);
	if (wire->bad)
		return false;
	slot = vec_push(&block->origins, &block->norigins, &block->caporigins);
	if (!slot)
		return out_of_memory(decoder);
	*slot = origin;
	return true;
}

bool decode_definition(struct decoder *decoder, unsigned int operation, struct wire *wire)
{
	struct wall *wall = &decoder->wall;
	uint64_t since;
	int64_t offset;

	switch (operation) {
	case OP_STRING:
		return define_string(decoder, wire);
	case OP_EXE:
		return define_exe(decoder, wire);
	case OP_FUNC:
		return define_func(decoder, wire);
	case OP_PROCESS:
		return define_process(decoder, wire);
	case OP_PLACE:
		return define_place(decoder, wire);
	case OP_SHAPE:
		return define_shape(decoder, wire);
	case OP_ORIGIN:
		return define_origin(decoder, wire);
	case OP_WALL:
		since = wire_get(wire);
		offset = wire_get_signed(wire);
		/* Each block tells all of them again. */
		if (!wire->bad && (!wall->count || since > wall->steps[wall->count - 1].since))
			wall_learn(wall, since, offset);
		return !wire->bad;
	default:
		return false;
	}
}
