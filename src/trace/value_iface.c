/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/value_priv.h"

void value_interface(const struct value_source *src, uint32_t own, const struct shape *shape,
		     struct value *value)
{
	const struct shape_interface *iface = &shape->iface;
	uint64_t word = value_word(src, own);
	const struct rtype *type;

	if (!word) {
		value->kind = VALUE_NULL;
		return;
	}
	if (iface->type) {
		if (!value_guard(src, iface->type_status, iface->type, value))
			return;
		word = value_word(src, iface->type);
		type = src->types ? rtypes_find(src->types, word - src->bias) : NULL;
		if (!type) {
			value->kind = VALUE_ERROR;
			value->why = VALUE_UNKNOWN_TYPE;
			value->u = word;
			return;
		}
	} else {
		/* Nothing was read for it; but what the linker made is in the file. */
		type = !src->types    ? NULL
		       : iface->empty ? rtypes_find(src->types, word - src->bias)
				      : rtypes_of_itab(src->types, word - src->bias);
		if (!type) {
			value->kind = VALUE_DEEPER;
			return;
		}
	}
	value->kind = VALUE_DYNAMIC;
	value->dynamic = type;
	value->nchildren = iface->value ? 1 : 0;
	value->inside = (struct value_place){own + 8, own + 16, iface};
}

void value_dynamic(const struct value_source *src, const struct value *parent, struct value *child)
{
	const struct shape_interface *iface = parent->inside.iface;
	const struct rtype *type = parent->dynamic;
	struct value_place place = {iface->value, (uint32_t)iface->value + iface->value_len, iface};

	child->truncated = child->counted = child->pattern = false;
	child->nchildren = 0;
	if (type->direct) {
		/* The data word is the value: a pointer, and what it points to was read. */
		struct shape shape = type->shape;

		shape.data = iface->value;
		shape.data_len = iface->value_len;
		shape.data_status = iface->value_status;
		value_read(src, &parent->inside, &shape, child);
	} else if (value_guard(src, iface->value_status, iface->value, child)) {
		value_read(src, &place, &type->shape, child);
	}
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
