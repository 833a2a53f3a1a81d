/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/typed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/ops.h"
#include "fetch/typed_priv.h"

/* Parts of one value; a struct of thousands of fields is shown as deeper. */
#define PARTS_MAX 256

int typed_set_reason(struct shape *shape, enum shape_reason reason)
{
	shape->kind = SHAPE_REASON;
	shape->reason = (uint8_t)reason;
	return 0;
}

bool typed_op_word(const struct typed_walk *walk, uint32_t off)
{
	return fetch_emit(walk->fetch,
			  (struct ft_op){.code = FT_OP_WORD,
					 .from = (uint16_t)(walk->slot + walk->at + off)});
}

struct shape *typed_add_children(struct shape *shape, size_t count)
{
	shape->children = calloc(count ? count : 1, sizeof(*shape->children));
	shape->nchildren = shape->children ? count : 0;
	return shape->children;
}

/* Of a field outside of the bytes that are read nothing is known, and of its neighbours neither: one stands for all. */
static bool is_outside(const struct typed_walk *walk, const struct gotype_field *field)
{
	return walk->brief &&
	       (field->offset < walk->first ||
		(field->type->size && walk->at + (field->offset - walk->first) >=
					      walk->brief->end - walk->brief->first));
}

static int build_field(const struct typed_walk *walk, const struct gotype *type,
		       const struct gotype_field *field, struct shape *shape);

static int build_struct(const struct typed_walk *walk, const struct gotype *type,
			struct shape *shape)
{
	bool outside = false;
	size_t kept = 0;

	/* --max-depth counts the outermost struct, too. */
	if (walk->depth >= walk->limits->max_depth) {
		shape->kind = SHAPE_DEEPER;
		return 0;
	}
	shape->kind = SHAPE_STRUCT;
	if (!typed_add_children(shape, type->nfields))
		return -ENOMEM;
	for (size_t i = 0; i < type->nfields; i++) {
		const struct gotype_field *field = &type->fields[i];
		struct shape *child = &shape->children[kept];
		struct typed_walk in = *walk;
		int ret;

		if (!strcmp(field->name, "_") || (walk->brief && brief_leaves_out(type, i)))
			continue;
		if (is_outside(walk, field)) {
			if (!outside)
				*child = (struct shape){.kind = SHAPE_DEEPER, .name = field->name};
			kept += !outside;
			outside = true;
			continue;
		}
		outside = false;
		in.offset += (uint32_t)field->offset;
		in.at += field->offset - walk->first;
		in.first = 0;
		in.depth++;
		in.nested = true;
		ret = build_field(&in, type, field, child);
		if (ret)
			return ret;
		child->name = field->name;
		child->at = (uint32_t)field->offset - walk->first;
		kept++;
	}
	shape->nchildren = kept;
	return 0;
}

static void build_number(const struct gotype *type, struct shape *shape)
{
	if (type->kind == GOTYPE_BOOL)
		shape->kind = SHAPE_BOOL;
	else if (gotype_is_float(type->kind))
		shape->kind = SHAPE_FLOAT;
	else if (gotype_is_complex(type->kind))
		shape->kind = SHAPE_COMPLEX;
	else
		shape->kind = gotype_is_signed(type->kind) ? SHAPE_SIGNED : SHAPE_UNSIGNED;
}

/* A part that is in a vector register as a whole cannot be read; a struct still shows the others. */
static const char *missing_part(const struct typed_walk *walk, const struct gotype *type)
{
	if (!walk->place || type->kind == GOTYPE_STRUCT || type->kind == GOTYPE_ARRAY)
		return NULL;
	return fetch_missing(walk->fetch, walk->place, walk->offset, type->size);
}

/* Of what is larger than one operation reads, only the beginning is there; a struct shows its parts that
 * are. */
static bool was_read(const struct typed_walk *walk, const struct gotype *type)
{
	uint64_t read = FT_READ_MAX;

	if (walk->brief)
		read = walk->brief->end - walk->brief->first;
	/* Of an array as many elements are shown as were read. */
	if (walk->brief && type->kind == GOTYPE_ARRAY)
		return walk->at < read || !type->size;
	return type->kind == GOTYPE_STRUCT ||
	       (walk->at <= read && typed_extent(type, walk->limits) <= read - walk->at);
}

/* What refers to something else. */
static int build_reference(const struct typed_walk *walk, const struct gotype *type,
			   struct shape *shape)
{
	switch (type->kind) {
	case GOTYPE_STRING:
		typed_make_string(walk, shape, false);
		return 0;
	case GOTYPE_SLICE:
		return typed_make_slice(walk, type, shape);
	case GOTYPE_POINTER:
		return typed_make_pointer(walk, type, shape);
	case GOTYPE_MAP:
		typed_make_words(walk, shape, SHAPE_MAP, 1);
		return 0;
	case GOTYPE_CHAN:
		typed_make_words(walk, shape, SHAPE_CHAN, 2);
		return 0;
	case GOTYPE_FUNC:
		typed_make_words(walk, shape, SHAPE_FUNC, 1);
		return 0;
	default:
		shape->is_error = gotype_is_error(type);
		typed_make_interface(walk, shape, type->empty_interface);
		return 0;
	}
}

static int build_kind(const struct typed_walk *walk, const struct gotype *type, struct shape *shape)
{
	switch (type->kind) {
	case GOTYPE_STRING:
	case GOTYPE_SLICE:
	case GOTYPE_POINTER:
	case GOTYPE_MAP:
	case GOTYPE_CHAN:
	case GOTYPE_FUNC:
	case GOTYPE_INTERFACE:
		return walk->brief ? typed_brief(walk, type, shape)
				   : build_reference(walk, type, shape);
	case GOTYPE_INVALID:
		return typed_set_reason(shape, SHAPE_UNKNOWN_TYPE);
	case GOTYPE_ARRAY:
		return typed_make_array(walk, type, shape);
	case GOTYPE_STRUCT:
		return build_struct(walk, type, shape);
	case GOTYPE_UNSAFE_POINTER:
		shape->kind = SHAPE_ADDRESS;
		return 0;
	default:
		build_number(type, shape);
		return 0;
	}
}

int typed_build_plain(const struct typed_walk *walk, const struct gotype *type, struct shape *shape)
{
	shape->type = type->name;
	shape->gotype = type;
	shape->size = (uint32_t)type->size;
	if (++*walk->parts > PARTS_MAX) {
		shape->kind = SHAPE_DEEPER;
		return 0;
	}
	shape->reg = missing_part(walk, type);
	if (shape->reg)
		return typed_set_reason(shape, SHAPE_IN_REGISTER);
	if (!was_read(walk, type)) {
		shape->kind = SHAPE_DEEPER;
		return 0;
	}
	return build_kind(walk, type, shape);
}

/* In full, where words come besides: if there is room for what comes behind. What is followed says it where it is. */
static bool wants_words(const struct typed_walk *walk, const struct shape *shape)
{
	return !walk->limits->brief && walk->fetch->used < walk->limits->max_bytes / 2 &&
	       shape->kind != SHAPE_REASON && shape->kind != SHAPE_DEEPER &&
	       !(shape->kind == SHAPE_POINTER && shape->children[0].known);
}

/* `known`: its row, which may be that of a field; NULL: none. */
static int build_as(const struct typed_walk *walk, const struct known *known,
		    const struct gotype *type, struct shape *shape)
{
	int ret = 0;

	if (known && walk->limits->brief) {
		shape->type = type->name;
		shape->gotype = type;
		ret = known_build(walk, known, type, shape);
		if (ret)
			return ret < 0 ? ret : 0;
	}
	ret = typed_build_plain(walk, type, shape);
	if (!ret && known && wants_words(walk, shape))
		ret = known_build(walk, known, type, shape);
	/* They take no room, since they need nothing else. */
	if (known && !shape->known && known_is_exact(known) &&
	    (shape->kind == SHAPE_SIGNED || shape->kind == SHAPE_STRUCT))
		shape->row = known;
	return ret < 0 ? ret : 0;
}

int typed_build(const struct typed_walk *walk, const struct gotype *type, struct shape *shape)
{
	return build_as(walk, known_find(type), type, shape);
}

static int build_field(const struct typed_walk *walk, const struct gotype *type,
		       const struct gotype_field *field, struct shape *shape)
{
	const struct known *known = known_field_named(type->name, field->name);

	return build_as(walk, known ? known : known_find(field->type), field->type, shape);
}

static int build_item(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		      const struct goabi_value *place, const struct fetch_limits *limits,
		      const struct brief *brief)
{
	unsigned int parts = 0;
	struct typed_walk walk = {
		.fetch = fetch,
		.limits = limits,
		.place = place,
		.slot = item->slot,
		.parts = &parts,
		.brief = brief,
		.first = brief ? brief->first : 0,
		.shaped = gotype_is_shaped(type),
	};

	return typed_build(&walk, type, &item->shape);
}

/* What came in registers is laid out in a slot; false when there is no room. */
static bool lay_out(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		    const struct goabi_value *place, const struct fetch_limits *limits)
{
	uint32_t size = type->size < TYPED_TARGET_MAX ? (uint32_t)type->size : TYPED_TARGET_MAX;

	if (item->slot)
		return true;
	item->slot = fetch_slot(fetch, size, limits);
	if (item->slot && !fetch_assemble(fetch, item->slot, place, type->size))
		item->slot = SHAPE_NO_SLOT;
	return item->slot;
}

int typed_at_place(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		   const struct goabi_value *place, const struct fetch_limits *limits)
{
	struct brief brief;

	if (!place->known || type->kind == GOTYPE_INVALID)
		return typed_set_reason(&item->shape, SHAPE_UNKNOWN_TYPE);
	if (place->in_stack && type->size) {
		if (!fetch_take_sp(fetch) ||
		    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_ADD,
						      .imm = (int64_t)place->stack_offset}))
			goto full;
		return typed_at_memory(fetch, item, type, limits);
	}
	if (!lay_out(fetch, item, type, place, limits))
		goto full;
	if (limits->brief)
		brief_choose(&brief, type, limits);
	return build_item(fetch, item, type, place, limits, limits->brief ? &brief : NULL);
full:
	item->slot = SHAPE_NO_SLOT;
	return typed_set_reason(&item->shape, SHAPE_LEFT_OUT);
}

int typed_at_memory(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		    const struct fetch_limits *limits)
{
	uint64_t extent = typed_extent(type, limits);
	size_t first = fetch->nops;
	struct brief brief;
	int ret;

	if (type->kind == GOTYPE_INVALID)
		return typed_set_reason(&item->shape, SHAPE_UNKNOWN_TYPE);
	if (limits->brief) {
		brief_choose(&brief, type, limits);
		extent = brief.end - brief.first;
		if (brief.first &&
		    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_ADD, .imm = brief.first}))
			return typed_set_reason(&item->shape, SHAPE_LEFT_OUT);
	}
	item->status = fetch_status(fetch);
	if (type->kind == GOTYPE_STRUCT && extent > FT_READ_MAX)
		extent = FT_READ_MAX;
	if (extent <= FT_READ_MAX)
		item->slot = fetch_read(fetch, (uint32_t)extent, limits, item->status);
	if (!item->slot) {
		item->status = 0;
		return typed_set_reason(&item->shape, SHAPE_LEFT_OUT);
	}
	ret = build_item(fetch, item, type, NULL, limits, limits->brief ? &brief : NULL);
	fetch_skip_to_end(fetch, first);
	return ret;
}

bool typed_wants_dictionary(const struct dwarf_signature *sig)
{
	for (size_t i = 0; i < sig->nparams; i++)
		if (gotype_is_shaped(sig->params[i].type))
			return true;
	for (size_t i = 0; i < sig->nresults; i++)
		if (gotype_is_shaped(sig->results[i].type))
			return true;
	return false;
}

void typed_dictionary(struct fetch *fetch, const struct dwarf_signature *sig,
		      const struct goabi *abi, const struct fetch_limits *limits)
{
	const struct goabi_value *place = NULL;

	for (size_t i = 0; i < sig->nparams; i++)
		if (sig->params[i].dictionary)
			place = &abi->params[i];
	if (!place || !place->known || place->npieces != 1 || !typed_wants_dictionary(sig))
		return;
	fetch->dictionary = fetch_slot(fetch, 8, limits);
	if (fetch->dictionary && !fetch_assemble(fetch, fetch->dictionary, place, 8))
		fetch->dictionary = SHAPE_NO_SLOT;
}

/* The registers of all values come first, so that few operations take them. */
int typed_signature(struct fetch *fetch, const struct dwarf_signature *sig, const struct goabi *abi,
		    bool results, const struct fetch_limits *limits)
{
	const struct dwarf_param *params = results ? sig->results : sig->params;
	const struct goabi_value *places = results ? abi->results : abi->params;
	size_t count = results ? sig->nresults : sig->nparams, at = fetch->nitems;

	for (size_t i = 0; i < count; i++) {
		struct fetch_item *item;

		if (params[i].dictionary)
			continue;
		fetch->len++;
		if (fetch->nitems - fetch->nhidden >= limits->max_items)
			continue;
		item = fetch_item(fetch, params[i].name, params[i].type->name);
		if (!item)
			return -ENOMEM;
		if (places[i].known && !places[i].in_stack &&
		    params[i].type->kind != GOTYPE_INVALID)
			lay_out(fetch, item, params[i].type, &places[i], limits);
	}
	for (size_t i = 0; i < count && at < fetch->nitems; i++) {
		int ret;

		if (params[i].dictionary)
			continue;
		ret = typed_at_place(fetch, &fetch->items[at++], params[i].type, &places[i],
				     limits);
		if (ret)
			return ret;
	}
	return 0;
}
