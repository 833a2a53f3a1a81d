/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Brief values that are too wide for their room: what says most comes first, the brackets stay closed, and what is
 * left out is told by one mark.
 */
#include "base/escape.h"
#include "sink/value_parts.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)
#define MORE_WIDTH        5 /* of `, ...` */

static unsigned int minus(unsigned int room, unsigned int width)
{
	return room > width ? room - width : 0;
}

/* What a reader looks at first: scalars, text, errors, known types. */
static bool is_plain(const struct value_out *out, const struct value *value)
{
	if (value->kind == VALUE_POINTER && !value->says)
		value++;
	return value_is_leaf(out, value) || value->says;
}

/* As much of a struct's field as fits. */
static bool add_field(struct value_out *out, const struct value *field, const char *between,
		      unsigned int room)
{
	struct value_place place = value_place(out);

	buf_adds(out->buf, between);
	value_field_name(out, field);
	if (value_cut(out, field, minus(room, value_width(out, place))))
		return true;
	value_take_back(out, place);
	return false;
}

/* Columns of a plain field, which stays out of the text; 0 of any other. */
static unsigned int plain_width(struct value_out *out, const struct value *field)
{
	struct value_place place = value_place(out);
	unsigned int width;

	if (!is_plain(out, field) || value_is_zero(field) || value_is_unread(field) ||
	    value_leads_nowhere(out, field))
		return 0;
	ADD(out->buf, ", ");
	value_field_name(out, field);
	value_whole(out, field, UINT32_MAX);
	width = value_width(out, place);
	value_take_back(out, place);
	return width;
}

static unsigned int plain_widths(struct value_out *out, const struct value *object)
{
	const struct value *child = object + 1;
	unsigned int width = 0;

	for (uint32_t i = 0; i < value_parts(object); i++, child = value_next(child))
		width += plain_width(out, child);
	return width;
}

/* Fields in their order; what plain ones to come need is kept for them. */
static bool cut_object(struct value_out *out, const struct value *object, unsigned int room)
{
	struct value_place place = value_place(out);
	unsigned int kept = plain_widths(out, object);
	const struct value *child = object + 1;
	const char *between = "";
	bool more = false;

	if (room < MORE_WIDTH + 2)
		return false;
	room -= MORE_WIDTH + 1;
	buf_addc(out->buf, '{');
	for (uint32_t i = 0; i < value_parts(object); i++, child = value_next(child)) {
		unsigned int left = minus(room, value_width(out, place));

		if (value_is_unread(child) || value_leads_nowhere(out, child)) {
			more = true;
		} else if (!value_is_zero(child)) {
			kept = minus(kept, plain_width(out, child));
			if (!is_plain(out, child))
				left = minus(left, kept);
			if (add_field(out, child, between, left))
				between = ", ";
			else
				more = true;
		}
	}
	if (more) {
		buf_adds(out->buf, between);
		ADD(out->buf, VALUE_DOTS);
	}
	buf_addc(out->buf, '}');
	return *between;
}

/* The first elements, of which the first may be cut itself. */
static bool cut_list(struct value_out *out, const struct value *list, unsigned int room)
{
	struct value_place place = value_place(out);
	const struct value *child = list + 1;
	uint32_t i = 0;

	if (room < MORE_WIDTH + 2)
		return false;
	room -= MORE_WIDTH + 1;
	buf_addc(out->buf, '[');
	for (; i < value_parts(list); i++, child = value_next(child)) {
		struct value_place before = value_place(out);
		unsigned int left;

		if (i)
			ADD(out->buf, ", ");
		left = minus(room, value_width(out, place));
		if (i ? value_whole(out, child, left) : value_cut(out, child, left))
			continue;
		value_take_back(out, before);
		break;
	}
	if (i < value_parts(list) || list->truncated)
		buf_adds(out->buf, i ? ", " VALUE_DOTS : VALUE_DOTS);
	buf_addc(out->buf, ']');
	return i > 0;
}

/* What a pointer or an interface leads to: its own words for that are there already. */
static bool cut_pointed(struct value_out *out, const struct value *pointer,
			const struct value *inside, unsigned int room)
{
	struct value_place place = value_place(out);

	if (!value_cut(out, inside, room))
		return false;
	value_remember(out, pointer, inside, value_width(out, place));
	return true;
}

static bool cut_pointer(struct value_out *out, const struct value *pointer, unsigned int room)
{
	const struct value *inside = pointer + 1;
	bool bare = inside->says || inside->kind == VALUE_SAID;

	if (!bare)
		buf_addc(out->buf, '&');
	return cut_pointed(out, pointer, inside, minus(room, !bare));
}

static bool cut_dynamic(struct value_out *out, const struct value *dynamic, unsigned int room)
{
	struct value_place place = value_place(out);
	const struct value *says = value_says_text(dynamic);
	const struct value *inside = says ? says : dynamic + 1;
	bool bare;

	if (!dynamic->nchildren)
		return false;
	if (inside->kind == VALUE_POINTER && !inside->says)
		inside++;
	bare = inside->kind == VALUE_OBJECT && !inside->says;
	value_name(out, dynamic->text, dynamic->nbytes);
	if (!bare)
		buf_addc(out->buf, '(');
	if (!cut_pointed(out, dynamic, inside, minus(room, value_width(out, place) + !bare)))
		return false;
	if (!bare)
		buf_addc(out->buf, ')');
	return true;
}

static bool cut_parts(struct value_out *out, const struct value *value, unsigned int room)
{
	if (value_is_leaf(out, value))
		return value_leaf_cut(out, value, room);
	switch (value->kind) {
	case VALUE_LIST:
		return cut_list(out, value, room);
	case VALUE_OBJECT:
		return cut_object(out, value, room);
	case VALUE_POINTER:
		return cut_pointer(out, value, room);
	default:
		return cut_dynamic(out, value, room);
	}
}

bool value_cut(struct value_out *out, const struct value *value, unsigned int room)
{
	struct value_place place = value_place(out);

	if (value_whole(out, value, room))
		return true;
	if (cut_parts(out, value, room) && value_fits(out, place, room))
		return true;
	value_take_back(out, place);
	return false;
}
