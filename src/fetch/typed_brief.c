/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <string.h>

#include "fetch/ops.h"
#include "fetch/typed_priv.h"

/* Bytes of a list inside of something, and of what an interface holds: a string, a slice, a time.Time. */
#define INNER_LIST  64
#define IFACE_VALUE 32

static int make_pointer(const struct typed_walk *walk, const struct gotype *type,
			struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	size_t first = walk->fetch->nops;
	struct typed_walk in = *walk;
	struct brief brief;
	int ret;

	shape->kind = SHAPE_ADDRESS;
	if (walk->nested || walk->followed)
		return 0;
	if (typed_is_any_pointer(walk, type)) {
		typed_make_any_pointer(walk, shape);
		return 0;
	}
	if (!elem || elem->kind == GOTYPE_INVALID)
		return 0;
	brief_choose(&brief, elem, walk->limits);
	if (brief.first == brief.end)
		return 0;
	typed_read_target(walk, shape, brief.first, brief.end - brief.first);
	if (!shape->data) {
		walk->fetch->nops = first;
		return 0;
	}
	shape->kind = SHAPE_POINTER;
	if (!typed_add_children(shape, 1))
		return -ENOMEM;
	in.place = NULL;
	in.slot = shape->data;
	in.at = 0;
	in.followed = true;
	in.brief = &brief;
	in.first = brief.first;
	ret = typed_build(&in, elem, &shape->children[0]);
	fetch_skip_to_end(walk->fetch, first);
	return ret;
}

static int make_slice(const struct typed_walk *walk, const struct gotype *type, struct shape *shape,
		      bool follows)
{
	const struct gotype *elem = gotype_elem(type);
	uint32_t shown = walk->limits->max_elems;
	struct typed_walk in = *walk;
	bool flat;

	if (!elem || elem->kind == GOTYPE_INVALID)
		return typed_set_reason(shape, SHAPE_UNKNOWN_TYPE);
	if (elem->kind == GOTYPE_UINT8) {
		shape->kind = SHAPE_BYTES;
		if (follows)
			typed_make_string(walk, shape, true);
		return 0;
	}
	shape->kind = SHAPE_SLICE;
	shape->stride = (uint32_t)elem->size;
	if (!follows || !elem->size || elem->size > BRIEF_BYTES)
		return 0;
	flat = typed_is_flat(elem, true);
	if (!flat && shown > BRIEF_READS)
		shown = BRIEF_READS;
	if (shown > BRIEF_BYTES / elem->size)
		shown = (uint32_t)(BRIEF_BYTES / elem->size);
	if (walk->nested && shown > INNER_LIST / elem->size)
		shown = (uint32_t)(INNER_LIST / elem->size);
	if (!shown || (walk->nested && !flat))
		return 0;
	in.followed = true;
	return typed_make_elements(&in, elem, shown, shape);
}

/*
 * The type's address, where it is not to be found in the file by the itab: one that was made while the program ran,
 * outside of the executable. False when there is no room.
 */
static bool read_type(const struct typed_walk *walk, struct shape_interface *iface)
{
	struct fetch *fetch = walk->fetch;
	uint64_t units = (fetch->linked.end - fetch->linked.first) / FT_RANGE_UNIT;
	const struct ft_op itab_of_file = {.code = FT_OP_RANGE,
					   .imm = (int64_t)fetch->linked.first,
					   .len = units < UINT16_MAX ? (uint16_t)units
								     : UINT16_MAX};
	/* abi.ITab: {inter, type, ...} */
	const struct ft_op to_type = {.code = FT_OP_ADD, .imm = 8};
	size_t linked;

	iface->type_status = fetch_status(fetch);
	iface->type = iface->type_status ? fetch_slot(fetch, 8, walk->limits) : SHAPE_NO_SLOT;
	linked = fetch->nops + 2;
	if (!iface->type || !typed_op_word(walk, 0) ||
	    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_NIL, .status = iface->type_status}) ||
	    !fetch_emit(fetch, itab_of_file) || !fetch_emit(fetch, to_type) ||
	    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_LOAD,
					      .slot = iface->type,
					      .status = iface->type_status}) ||
	    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_PUT,
					      .slot = iface->type,
					      .status = iface->type_status}))
		return false;
	fetch_skip_from(fetch, linked);
	return true;
}

/* What `any` holds, where that is short: the type's address is its first word. */
static void read_value(const struct typed_walk *walk, struct shape_interface *iface)
{
	struct fetch *fetch = walk->fetch;

	iface->value_status = fetch_status(fetch);
	if (!iface->value_status || !typed_op_word(walk, 8) ||
	    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_NIL, .status = iface->value_status}))
		return;
	iface->value = fetch_read(fetch, IFACE_VALUE, walk->limits, iface->value_status);
	iface->value_len = IFACE_VALUE;
	if (iface->value)
		typed_read_guess(fetch, iface, 0, walk->limits);
}

static void make_interface(const struct typed_walk *walk, const struct gotype *type,
			   struct shape *shape, bool follows)
{
	struct shape_interface *iface = &shape->iface;
	size_t first = walk->fetch->nops;

	shape->is_error = gotype_is_error(type);
	if (shape->is_error && follows) {
		typed_make_interface(walk, shape, false);
		return;
	}
	shape->kind = SHAPE_INTERFACE;
	iface->empty = type->empty_interface;
	iface->brief = true;
	if (iface->empty && follows) {
		read_value(walk, iface);
	} else if (!iface->empty && !walk->nested && !read_type(walk, iface)) {
		iface->type = SHAPE_NO_SLOT;
		walk->fetch->nops = first;
	}
	fetch_skip_to_end(walk->fetch, first);
}

int typed_brief(const struct typed_walk *walk, const struct gotype *type, struct shape *shape)
{
	bool follows = brief_follows(walk->brief, walk->at + walk->brief->first);

	switch (type->kind) {
	case GOTYPE_STRING:
		shape->kind = SHAPE_STRING;
		if (follows)
			typed_make_string(walk, shape, false);
		return 0;
	case GOTYPE_SLICE:
		return make_slice(walk, type, shape, follows);
	case GOTYPE_POINTER:
		return make_pointer(walk, type, shape);
	case GOTYPE_INTERFACE:
		make_interface(walk, type, shape, follows);
		return 0;
	case GOTYPE_MAP:
		shape->kind = SHAPE_MAP;
		break;
	case GOTYPE_CHAN:
		shape->kind = SHAPE_CHAN;
		break;
	default:
		shape->kind = SHAPE_FUNC;
	}
	if (follows)
		typed_make_words(walk, shape, shape->kind, shape->kind == SHAPE_CHAN ? 2 : 1);
	return 0;
}
