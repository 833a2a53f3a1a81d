/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>

#include "plan/fetch_ops.h"
#include "plan/typed_priv.h"

/* Whether all of a value of this type lies in its own bytes, so that one pattern fits all elements. */
static bool is_flat(const struct gotype *type)
{
	switch (type->kind) {
	case GOTYPE_STRUCT:
		for (size_t i = 0; i < type->nfields; i++)
			if (!is_flat(type->fields[i].type))
				return false;
		return true;
	case GOTYPE_ARRAY: {
		const struct gotype *elem = gotype_elem(type);

		return elem && is_flat(elem);
	}
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

/* `count` elements of type `elem` from the walk's part on, as children of `shape`. */
static int build_elements(const struct typed_walk *walk, const struct gotype *elem, uint32_t count,
			  struct shape *shape)
{
	bool pattern = (is_flat(elem) && !walk->place) || count <= 1;
	uint32_t made = pattern ? (count ? 1 : 0) : count;
	bool counted = shape->kind == SHAPE_SLICE;

	if (!typed_add_children(shape, made))
		return -ENOMEM;
	for (uint32_t i = 0; i < made; i++) {
		struct typed_walk in = *walk;
		struct ft_op *more = NULL;
		size_t first = walk->fetch->nops;
		int ret;

		in.at += i * (uint32_t)elem->size;
		in.offset += i * (uint32_t)elem->size;
		in.nested = true;
		/* An element that is not there has the bytes of an older record in its place. */
		if (counted && !is_flat(elem)) {
			more = fetch_op(walk->fetch, FT_OP_MORE);
			if (!more) {
				shape->children[i].kind = SHAPE_DEEPER;
				continue;
			}
			more->from = (uint16_t)shape->stride; /* the count's place, put there by typed_make_slice() */
			more->imm = i;
		}
		ret = typed_build(&in, elem, &shape->children[i]);
		if (ret)
			return ret;
		shape->children[i].at = i * (uint32_t)elem->size;
		if (more)
			skip_from(&walk->fetch->ops[first], walk->fetch);
	}
	return 0;
}

int typed_make_array(const struct typed_walk *walk, const struct gotype *type, struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	uint32_t shown = type->count < walk->limits->max_elems ? (uint32_t)type->count
							       : walk->limits->max_elems;
	int ret;

	if (!elem || elem->kind == GOTYPE_INVALID)
		return typed_set_reason(shape, "<unknown type>");
	shape->kind = SHAPE_ARRAY;
	shape->count = type->count;
	shape->shown = shown;
	shape->stride = 0;
	ret = build_elements(walk, elem, shown, shape);
	shape->stride = (uint32_t)elem->size;
	return ret;
}

int typed_make_slice(const struct typed_walk *walk, const struct gotype *type, struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	struct typed_walk in = *walk;
	uint32_t shown = walk->limits->max_elems;
	size_t counted;
	int ret;

	if (!elem || elem->kind == GOTYPE_INVALID)
		return typed_set_reason(shape, "<unknown type>");
	if (elem->kind == GOTYPE_UINT8) {
		typed_make_string(walk, shape, true);
		return 0;
	}
	shape->kind = SHAPE_SLICE;
	if (elem->size && elem->size * shown > TYPED_TARGET_MAX)
		shown = elem->size > TYPED_TARGET_MAX ? 0 : (uint32_t)(TYPED_TARGET_MAX / elem->size);
	if (walk->nested && !is_flat(elem))
		shown = 0;
	shape->stride = (uint32_t)elem->size;
	if (!elem->size || elem->size > TYPED_TARGET_MAX || !shown) {
		typed_read_counted(walk, shape, 0, 8);
		shape->data_len = 0;
		return 0;
	}
	typed_read_counted(walk, shape, (uint32_t)elem->size, shown * (uint32_t)elem->size);
	if (!shape->data)
		return 0;
	counted = walk->fetch->nops - 1;
	in.place = NULL;
	in.slot = shape->data;
	in.at = 0;
	shape->stride = walk->slot + walk->at + 8;
	ret = build_elements(&in, elem, shown, shape);
	shape->stride = (uint32_t)elem->size;
	fetch_skip_from(walk->fetch, counted);
	return ret;
}
