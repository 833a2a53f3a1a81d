/* SPDX-License-Identifier: GPL-2.0-only */
/* Known types, and the kinds of shapes that only their parts have. */
#include "trace/reading_priv.h"

/* Of a known type whose words cannot be had its parts are shown. */
static void read_known(const struct value_source *src, uint32_t own,
		       const struct value_place *place, const struct shape *shape,
		       struct reading *reading)
{
	const struct known_shape *known = shape->known;
	struct value_place inside = {own, place->end, place->iface};

	reading->bare = true;
	if (known->slot) {
		reading->known = NULL;
		if (!value_word(src, own)) {
			reading->is.kind = VALUE_NULL;
			return;
		}
		if (!reading_guard(src, known->status, known->slot, reading))
			return;
		reading->known = known;
		inside = (struct value_place){.at = known->slot,
					      .end = (uint32_t)known->slot + known->len};
	}
	reading->is.kind = VALUE_OBJECT;
	reading->children = known->parts;
	reading->is.nchildren = known->nparts;
	reading->inside = inside;
}

static void read_variable(const struct value_source *src, const struct shape *shape,
			  struct reading *reading)
{
	if (!reading_guard(src, shape->data_status, shape->data, reading))
		return;
	reading->is.kind = VALUE_UNSIGNED;
	reading->is.u = value_word(src, shape->data);
}

static void read_counted(const struct value_source *src, uint32_t own, const struct shape *shape,
			 struct reading *reading)
{
	uint64_t count = value_word(src, own);

	if (!reading_count_holds(count, reading))
		return;
	if (!count)
		reading_text(src, own, 0, 0, reading);
	else if (reading_guard(src, shape->data_status, shape->data, reading))
		reading_text(src, shape->data, count < shape->data_len ? count : shape->data_len,
			     count, reading);
}

void reading_known(const struct value_source *src, uint32_t own, const struct value_place *place,
		   const struct shape *shape, struct reading *reading)
{
	switch (shape->kind) {
	case SHAPE_RAW:
		reading_text(src, own, shape->size, shape->size, reading);
		break;
	case SHAPE_VARIABLE:
		read_variable(src, shape, reading);
		break;
	case SHAPE_COUNTED:
		read_counted(src, own, shape, reading);
		break;
	default:
		read_known(src, own, place, shape, reading);
	}
}
