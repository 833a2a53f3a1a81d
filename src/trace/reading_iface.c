/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/reading_priv.h"

/* Its descriptor is at `at`. */
static void unknown_type(struct reading *reading, uint64_t at)
{
	reading_fail(reading, VALUE_UNKNOWN_TYPE);
	reading->is.counted = true;
	reading->is.u = at;
}

/* Whether a value of that type says all there is to it in a few columns; of a pointer its target may. */
static bool is_short(const struct shape *shape, bool pointers)
{
	switch (shape->kind) {
	case SHAPE_STRUCT:
	case SHAPE_ARRAY:
	case SHAPE_INTERFACE:
	case SHAPE_ADDRESS:
	case SHAPE_REASON:
	case SHAPE_DEEPER:
		return false;
	case SHAPE_POINTER:
		return pointers && shape->nchildren && is_short(&shape->children[0], false);
	default:
		return true;
	}
}

void reading_interface(const struct value_source *src, uint32_t own, const struct shape *shape,
		       struct reading *reading)
{
	const struct shape_interface *iface = &shape->iface;
	uint64_t word = value_word(src, own);
	const struct rtype *type;

	if (!word) {
		reading->is.kind = VALUE_NULL;
		return;
	}
	if (iface->type && value_status(src, iface->type_status) != FT_V_UNREAD) {
		if (!reading_guard(src, iface->type_status, iface->type, reading))
			return;
		word = value_word(src, iface->type);
		type = src->types ? rtypes_find(src->types, word - src->bias) : NULL;
		if (!type) {
			unknown_type(reading, word);
			return;
		}
	} else {
		/* Nothing was read for it; but what the linker made is in the file. */
		type = !src->types    ? NULL
		       : iface->empty ? rtypes_find(src->types, word - src->bias)
				      : rtypes_of_itab(src->types, word - src->bias);
		if (!type && iface->empty && iface->brief) {
			unknown_type(reading, word);
			return;
		}
		if (!type) {
			reading->is.kind = VALUE_DEEPER;
			return;
		}
	}
	reading->is.kind = VALUE_DYNAMIC;
	reading->is.dynamic = type->name;
	reading->is.text = type->text;
	reading->is.nbytes = (uint32_t)strlen(type->text);
	reading->is.word = value_word(src, own + 8);
	reading->dynamic = type;
	reading->bare = iface->brief && !is_short(&type->shape, true);
	reading->is.nchildren = iface->value && (!reading->bare || type->known);
	reading->inside = (struct value_place){own + 8, own + 16, iface};
}

void reading_take_row(const struct value_source *src, const struct known *row,
		      struct reading *reading)
{
	struct reading target;

	if (reading->is.kind == VALUE_ERROR || reading->is.kind == VALUE_DEEPER)
		return;
	if (reading->is.kind == VALUE_POINTER && row->parts[0][0]) {
		reading_child(src, reading, 0, &target);
		if (target.is.kind != VALUE_OBJECT)
			return;
		*reading = target;
	}
	reading->row = row;
}

void reading_dynamic(const struct value_source *src, const struct reading *parent,
		     struct reading *child)
{
	const struct shape_interface *iface = parent->inside.iface;
	const struct rtype *type = parent->dynamic;
	struct value_place place = {iface->value, (uint32_t)iface->value + iface->value_len, iface};

	child->is = (struct value){.type = type->name};
	child->pattern = child->bare = false;
	reading_forget(child);
	if (type->direct) {
		/* The data word is the value: a pointer, and what it points to was read. */
		struct shape shape = type->shape;

		shape.data = iface->value;
		shape.data_len = iface->value_len;
		shape.data_status = iface->value_status;
		reading_of(src, &parent->inside, &shape, child);
	} else if (reading_guard(src, iface->value_status, iface->value, child)) {
		reading_of(src, &place, &type->shape, child);
	}
	/* What has a row of its own has no parts that were read for it. */
	if (type->known)
		reading_take_row(src, type->known, child);
}

void value_symbol(const struct value_source *src, uint64_t addr, struct value *value)
{
	struct image_func func;
	ssize_t index;

	value->symbol = NULL;
	index = src->image ? image_find(src->image, addr - src->bias) : -1;
	if (index < 0 || image_func(src->image, (size_t)index, false, &func))
		return;
	value->symbol = func.name;
	value->offset = addr - src->bias - func.entry;
}

void value_variable(const struct value_source *src, uint64_t addr, struct value *value)
{
	uint64_t at = addr - src->bias, vaddr;

	value->symbol = src->image ? image_variable(src->image, at, &vaddr) : NULL;
	if (value->symbol)
		value->offset = at - vaddr;
}
