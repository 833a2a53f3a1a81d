/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>

#include "fetch/ops.h"
#include "fetch/typed_priv.h"

/* Parts that are looked at: parts of size 0 may be nested without end. */
#define FLAT_PARTS_MAX 4096

/*
 * Whether all that is shown of a value lies in its own bytes, so that one pattern fits all elements.
 * A pointer that is followed has bytes elsewhere; behind one it is an address only.
 */
static bool parts_flat(const struct gotype *type, bool followed, unsigned int *parts)
{
	if (++*parts > FLAT_PARTS_MAX)
		return false;
	switch (type->kind) {
	case GOTYPE_STRUCT:
		for (size_t i = 0; i < type->nfields; i++)
			if (!parts_flat(type->fields[i].type, followed, parts))
				return false;
		return true;
	case GOTYPE_ARRAY: {
		const struct gotype *elem = gotype_elem(type);

		return elem && parts_flat(elem, followed, parts);
	}
	case GOTYPE_POINTER:
		return followed && !known_find(type);
	case GOTYPE_STRING:
	case GOTYPE_INTERFACE:
	case GOTYPE_FUNC:
	case GOTYPE_MAP:
	case GOTYPE_CHAN:
	case GOTYPE_SLICE:
		return false;
	default:
		return true;
	}
}

bool typed_is_flat(const struct gotype *type, bool followed)
{
	unsigned int parts = 0;

	return parts_flat(type, followed, &parts);
}

/*
 * `count` elements of type `elem` from the walk's part on, as children of `shape`. Of a slice,
 * whose length is in the slot `length`, an element that is not there has the bytes of an older
 * record in its place, and is not to be followed; 0: all are there.
 */
static int build_elements(const struct typed_walk *walk, const struct gotype *elem, uint32_t count,
			  uint16_t length, struct shape *shape)
{
	bool flat = typed_is_flat(elem, walk->followed);
	uint32_t made = flat && !walk->place && count ? 1 : count;
	bool guarded = length && !flat;
	struct fetch *fetch = walk->fetch;
	size_t first = fetch->nops;

	if (!typed_add_children(shape, made))
		return -ENOMEM;
	for (uint32_t i = 0; i < made; i++) {
		struct typed_walk in = *walk;
		int ret;

		in.at += i * elem->size;
		in.offset += i * (uint32_t)elem->size;
		in.nested = true;
		if (guarded &&
		    !fetch_emit(fetch,
				(struct ft_op){.code = FT_OP_MORE, .from = length, .imm = i})) {
			shape->children[i].kind = SHAPE_DEEPER;
			continue;
		}
		ret = typed_build(&in, elem, &shape->children[i]);
		if (ret)
			return ret;
		shape->children[i].at = i * (uint32_t)elem->size;
	}
	/* Behind the first that is not there, there is none. */
	for (size_t i = first; i < fetch->nops; i++) {
		if (fetch->ops[i].code == FT_OP_MORE && fetch->ops[i].from == length)
			fetch_skip_from(fetch, i);
	}
	return 0;
}

uint64_t typed_extent(const struct gotype *type, const struct fetch_limits *limits)
{
	const struct gotype *elem = type->kind == GOTYPE_ARRAY ? gotype_elem(type) : NULL;

	return elem && type->count > limits->max_elems && !known_find(type)
		       ? elem->size * limits->max_elems
		       : type->size;
}

int typed_make_array(const struct typed_walk *walk, const struct gotype *type, struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	uint32_t shown = type->count < walk->limits->max_elems ? (uint32_t)type->count
							       : walk->limits->max_elems;

	if (!elem || elem->kind == GOTYPE_INVALID)
		return typed_set_reason(shape, SHAPE_UNKNOWN_TYPE);
	if (walk->brief && elem->size) {
		uint64_t room = walk->brief->end - walk->brief->first - walk->at;

		if (shown > room / elem->size)
			shown = (uint32_t)(room / elem->size);
	}
	shape->kind = SHAPE_ARRAY;
	shape->count = type->count;
	shape->shown = shown;
	shape->stride = (uint32_t)elem->size;
	return build_elements(walk, elem, shown, 0, shape);
}

int typed_make_slice(const struct typed_walk *walk, const struct gotype *type, struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	uint32_t shown = walk->limits->max_elems;

	if (!elem || elem->kind == GOTYPE_INVALID)
		return typed_set_reason(shape, SHAPE_UNKNOWN_TYPE);
	if (elem->kind == GOTYPE_UINT8) {
		typed_make_string(walk, shape, true);
		return 0;
	}
	shape->kind = SHAPE_SLICE;
	if (elem->size && elem->size * shown > TYPED_TARGET_MAX)
		shown = elem->size > TYPED_TARGET_MAX ? 0
						      : (uint32_t)(TYPED_TARGET_MAX / elem->size);
	if (walk->nested && !typed_is_flat(elem, walk->followed))
		shown = 0;
	shape->stride = (uint32_t)elem->size;
	if (!elem->size || elem->size > TYPED_TARGET_MAX || !shown) {
		typed_read_counted(walk, shape, 0, 8);
		shape->data_len = 0;
		return 0;
	}
	return typed_make_elements(walk, elem, shown, shape);
}

int typed_make_elements(const struct typed_walk *walk, const struct gotype *elem, uint32_t shown,
			struct shape *shape)
{
	struct typed_walk in = *walk;
	struct brief brief;
	size_t counted;
	int ret;

	shape->stride = (uint32_t)elem->size;
	typed_read_counted(walk, shape, (uint32_t)elem->size, shown * (uint32_t)elem->size);
	if (!shape->data)
		return 0;
	counted = walk->fetch->nops - 1;
	if (walk->brief) {
		brief_choose_elems(&brief, elem, shown, walk->limits);
		in.brief = &brief;
		in.first = 0;
	}
	in.place = NULL;
	in.slot = shape->data;
	in.at = 0;
	ret = build_elements(&in, elem, shown, (uint16_t)(walk->slot + walk->at + 8), shape);
	fetch_skip_from(walk->fetch, counted);
	return ret;
}
