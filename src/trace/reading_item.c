/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/reading.h"

#include "trace/reading_priv.h"

static void read_item(const struct value_source *src, const struct fetch_item *item,
		      const struct shape *shape, struct reading *reading)
{
	struct value_place place = {.at = item->slot,
				    .end = src->len < UINT16_MAX ? (uint32_t)src->len : UINT16_MAX};

	/* An item without bytes of its own has a reason, or text elsewhere: nothing lies at 0. */
	if (!item->slot)
		place.end = 0;
	if (item->status && shape->kind != SHAPE_REASON) {
		reading->is = (struct value){0};
		if (!reading_guard(src, item->status, item->slot, reading))
			return;
	}
	reading_of(src, &place, shape, reading);
}

void reading_item(const struct value_source *src, size_t i, struct reading *reading)
{
	const struct fetch_item *item = &src->fetch->items[i];
	const struct shape *shape = &item->shape;

	if (src->dictionary && src->types)
		shape = rtypes_instance(src->types, shape, src->dictionary - src->bias);
	read_item(src, item, shape, reading);
	reading->is.type = shape == &item->shape ? item->type : shape->type;
}
