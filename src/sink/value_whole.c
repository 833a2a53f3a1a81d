/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values with all that was read of them.
 */
#include <limits.h>
#include <string.h>

#include "base/escape.h"
#include "base/width.h"
#include "sink/value_parts.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)

void value_take_back(struct value_out *out, struct value_place place)
{
	out->buf->len = place.len;
	if (out->style->shown)
		shown_undo(out->style->shown, place.mark);
}

unsigned int value_width(const struct value_out *out, struct value_place place)
{
	const struct buf *buf = out->buf;

	return buf->failed ? 0 : text_width(buf->data + place.len, buf->len - place.len);
}

/* No character is wider than its bytes are many. */
bool value_fits(const struct value_out *out, struct value_place place, unsigned int room)
{
	return out->buf->len - place.len <= room || value_width(out, place) <= room;
}

static bool are_zero(const struct value *parent)
{
	const struct value *child = parent + 1;

	for (uint32_t i = 0; i < value_parts(parent); i++, child = value_next(child))
		if (!value_is_zero(child))
			return false;
	return true;
}

bool value_is_zero(const struct value *value)
{
	if (value->zero || (value->says && value_says_text(value)->zero))
		return true;
	switch (value->kind) {
	case VALUE_NULL:
		return true;
	case VALUE_UNSIGNED:
	case VALUE_SIGNED:
	case VALUE_HEX:
	case VALUE_BOOL:
	case VALUE_ADDRESS:
		return !value->u;
	case VALUE_FUNC:
		return !value->symbol && !value->u;
	case VALUE_FLOAT:
	case VALUE_COMPLEX:
		return value->u == 0 && (value->kind == VALUE_FLOAT || value->capacity == 0);
	case VALUE_CHAR:
		return value->nbytes == 1 && !*value->text;
	case VALUE_TEXT:
		return !value->nbytes && !value->truncated;
	case VALUE_LIST: /* an empty slice is no nil one */
		return value->nchildren && !value->truncated && are_zero(value);
	case VALUE_OBJECT:
		return are_zero(value);
	default:
		return false;
	}
}

bool value_is_unread(const struct value *value)
{
	const struct value *child = value + 1;
	bool unread = false;

	if (value->kind != VALUE_OBJECT || value->says)
		return value->kind == VALUE_DEEPER;
	for (uint32_t i = 0; i < value->nchildren; i++, child = value_next(child)) {
		if (value_is_unread(child))
			unread = true;
		else if (!value_is_zero(child))
			return false;
	}
	return unread;
}

/* What is left of `room` for what comes next. */
static unsigned int left_of(const struct value_out *out, struct value_place place,
			    unsigned int room)
{
	size_t used = out->buf->len - place.len;

	if (used > room)
		used = value_width(out, place);
	return used < room ? room - (unsigned int)used : 0;
}

/* What was not read is told once for all that stands in a row. */
static bool add_list(struct value_out *out, const struct value *list, unsigned int room)
{
	struct value_place place = value_place(out);
	const struct value *child = list + 1;
	bool more = false;

	buf_addc(out->buf, '[');
	for (uint32_t i = 0; i < value_parts(list); i++, child = value_next(child)) {
		bool unread =
			out->style->brief ? value_is_unread(child) : child->kind == VALUE_DEEPER;

		if (more && unread)
			continue;
		more = unread;
		if (i)
			ADD(out->buf, ", ");
		if (unread)
			ADD(out->buf, VALUE_DOTS);
		else if (!value_whole(out, child, left_of(out, place, room)))
			return false;
	}
	if (list->truncated && !more)
		buf_adds(out->buf, value_parts(list) ? ", " VALUE_DOTS : VALUE_DOTS);
	buf_addc(out->buf, ']');
	return true;
}

void value_field_name(struct value_out *out, const struct value *field)
{
	escape_text(out->buf, field->name, strlen(field->name));
	buf_addc(out->buf, ':');
}

/* What is zero is left out, and what was not read is told once, at the end. */
static bool add_object_briefly(struct value_out *out, const struct value *object, unsigned int room)
{
	struct value_place place = value_place(out);
	const struct value *child = object + 1;
	const char *between = "";
	bool more = false;

	buf_addc(out->buf, '{');
	for (uint32_t i = 0; i < value_parts(object); i++, child = value_next(child)) {
		bool unread = value_is_unread(child) || value_leads_nowhere(out, child);

		more |= unread;
		if (unread || value_is_zero(child))
			continue;
		buf_adds(out->buf, between);
		between = ", ";
		value_field_name(out, child);
		if (!value_whole(out, child, left_of(out, place, room)))
			return false;
	}
	if (more) {
		buf_adds(out->buf, between);
		ADD(out->buf, VALUE_DOTS);
	}
	buf_addc(out->buf, '}');
	return true;
}

/* Every field; of several in a row that were not read there is one mark. */
static void add_object(struct value_out *out, const struct value *object)
{
	const struct value *child = object + 1;
	uint32_t parts = value_parts(object);
	bool in_run = false;

	buf_addc(out->buf, '{');
	for (uint32_t i = 0; i < parts; i++, child = value_next(child)) {
		bool unread = child->kind == VALUE_DEEPER;

		if (in_run && unread)
			continue;
		in_run = unread && i + 1 < parts && value_next(child)->kind == VALUE_DEEPER;
		if (i)
			ADD(out->buf, ", ");
		if (!in_run)
			value_field_name(out, child);
		value_whole(out, child, UINT_MAX);
	}
	buf_addc(out->buf, '}');
}

/* A struct that a pointer or an interface leads to, with the sign for that already written. */
static bool add_pointed(struct value_out *out, const struct value *pointer,
			const struct value *inside, unsigned int room)
{
	if (!value_whole(out, inside, room))
		return false;
	value_remember(out, pointer, inside, UINT32_MAX);
	return true;
}

static bool add_pointer(struct value_out *out, const struct value *pointer, unsigned int room)
{
	const struct value *inside = pointer + 1;

	if (value_named_again(out, pointer, inside, room))
		return true;
	/* What a value says of itself needs no sign. */
	if (!out->style->brief || !(inside->says || inside->kind == VALUE_SAID))
		buf_addc(out->buf, '&');
	return add_pointed(out, pointer, inside, room);
}

/* What an error says is more than what it is made of. A struct's braces do for parentheses in brief. */
static bool add_dynamic(struct value_out *out, const struct value *dynamic, unsigned int room)
{
	struct value_place place = value_place(out);
	const struct value *says = value_says_text(dynamic);
	const struct value *inside = says ? says : dynamic + 1;
	bool bare;

	if (out->style->brief && !dynamic->nchildren && value_named(out, dynamic))
		return true;
	if (out->style->brief && dynamic->nchildren && inside->kind == VALUE_POINTER &&
	    !inside->says)
		inside++;
	if (dynamic->nchildren && value_named_again(out, dynamic, inside, room))
		return true;
	bare = out->style->brief && dynamic->nchildren && inside->kind == VALUE_OBJECT &&
	       !inside->says;
	value_name(out, dynamic->text, dynamic->nbytes);
	if (!bare)
		buf_addc(out->buf, '(');
	if (!dynamic->nchildren)
		ADD(out->buf, VALUE_DOTS);
	else if (!add_pointed(out, dynamic, inside, left_of(out, place, room)))
		return false;
	if (!bare)
		buf_addc(out->buf, ')');
	return true;
}

static bool add_parts(struct value_out *out, const struct value *value, unsigned int room)
{
	switch (value->kind) {
	case VALUE_LIST:
		return add_list(out, value, room);
	case VALUE_OBJECT:
		if (out->style->brief)
			return add_object_briefly(out, value, room);
		add_object(out, value);
		return true;
	case VALUE_POINTER:
		return add_pointer(out, value, room);
	default:
		return add_dynamic(out, value, room);
	}
}

bool value_whole(struct value_out *out, const struct value *value, unsigned int room)
{
	struct value_place place = value_place(out);
	bool all = true;

	if (value_is_leaf(out, value))
		value_leaf(out, value);
	else
		all = add_parts(out, value, room);
	if (room == UINT_MAX || (all && value_fits(out, place, room)))
		return true;
	value_take_back(out, place);
	return false;
}
