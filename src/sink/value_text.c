/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/value_text.h"

#include <limits.h>
#include <string.h>

#include "base/escape.h"
#include "sink/value_parts.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)
/* Of a brief value, and of what an error says. */
#define BRIEF_WIDTH 100
#define ERROR_WIDTH 200
#define WIDE_LEAST  20 /* what a value that gives way gets at least, as long as there is room */
#define MORE_WIDTH  5  /* of `, ...` */

/* ~r0: debug information's name of a result that has none. */
static bool is_unnamed(const char *name)
{
	return name[0] == '~' && name[1] == 'r' && name[2] >= '0' && name[2] <= '9';
}

static unsigned int minus(unsigned int room, unsigned int width)
{
	return room > width ? room - width : 0;
}

static bool has_text(const struct value *object)
{
	const struct value *child = object + 1;

	for (uint32_t i = 0; i < value_parts(object); i++, child = value_next(child))
		if (child->kind == VALUE_TEXT && child->nbytes)
			return true;
	return false;
}

/* How many shares of the room a value may claim: what failed before what says itself, and that before what it is made of. */
static uint8_t weight_of(const struct value *item)
{
	const struct value *inside = item;

	if (value_is_error(item))
		return 4;
	if (item->kind == VALUE_POINTER && !item->says)
		inside++;
	if (inside->says)
		return 2;
	switch (inside->kind) {
	case VALUE_OBJECT:
		return has_text(inside) ? 2 : 1;
	case VALUE_LIST:
	case VALUE_ADDRESS:
	case VALUE_DYNAMIC:
		return 1;
	default:
		return 2;
	}
}

static void add_item_name(struct value_out *out, const struct value *item)
{
	escape_text(out->buf, item->name, strlen(item->name));
	buf_addc(out->buf, '=');
}

/* A value with its name; false, and nothing was written, when nothing of it fits. */
static bool add_brief_item(struct value_out *out, const struct value *item, bool named,
			   unsigned int room)
{
	unsigned int most = value_is_error(item) ? ERROR_WIDTH : BRIEF_WIDTH;
	struct value_place place = value_place(out);

	if (named)
		add_item_name(out, item);
	if (room != UINT_MAX)
		room = minus(room, value_width(out, place));
	if (value_cut(out, item, room < most ? room : most))
		return true;
	/* Not even a part of it in all the room that a value may have: its name, and that it is there. */
	if (room == UINT_MAX && named) {
		ADD(out->buf, VALUE_DOTS);
		return true;
	}
	value_take_back(out, place);
	return false;
}

static unsigned int share_of(const struct value_room *room, unsigned int i)
{
	return room->share * (i < room->nwidths ? room->weights[i] : 1) / room->shares;
}

static bool is_wide(const struct value_room *room)
{
	return room->at >= room->nwidths || room->widths[room->at] > share_of(room, room->at);
}

static unsigned int room_for_item(const struct value_room *room)
{
	unsigned int most;

	if (!room->shared)
		return UINT_MAX;
	if (!is_wide(room))
		return room->widths[room->at];
	most = share_of(room, room->at);
	if (most < WIDE_LEAST)
		most = WIDE_LEAST;
	return most < room->wide ? most : room->wide;
}

static void use_room(struct value_room *room, const struct value *item, unsigned int width)
{
	if (room->shared) {
		if (is_wide(room))
			room->wide = minus(room->wide, width);
		room->at++;
		return;
	}
	room->width += width;
	if (room->nwidths < VALUE_WIDTHS) {
		room->weights[room->nwidths] = weight_of(item);
		room->widths[room->nwidths++] = width;
	}
}

static bool is_named(const struct value *item, bool results)
{
	return !results || !is_unnamed(item->name);
}

/* What does not fit is told once, at the end; true when it has to be. Results without names keep their places. */
static bool add_brief_items(struct value_out *out, const struct values *values,
			    struct value_room *room, bool results)
{
	const struct value *item = values->first;
	const char *between = "";
	bool more = false;

	for (uint32_t i = 0; i < values->nitems; i++, item = value_next(item)) {
		struct value_place place = value_place(out);
		bool named = is_named(item, results);
		bool free = !room || (room->errors_whole && value_is_error(item));
		unsigned int most = free ? UINT_MAX : room_for_item(room);

		buf_adds(out->buf, between);
		if (most != UINT_MAX)
			most = minus(most, *between ? 2 : 0);
		if (add_brief_item(out, item, named, most)) {
			between = ", ";
		} else if (named) {
			value_take_back(out, place);
			more = true;
		} else {
			ADD(out->buf, VALUE_DOTS);
			between = ", ";
		}
		if (room)
			use_room(room, item, value_width(out, place));
	}
	return more;
}

static void add_full_items(struct value_out *out, const struct values *values, bool results)
{
	const struct value *item = values->first;

	for (uint32_t i = 0; i < values->nitems; i++, item = value_next(item)) {
		if (i)
			ADD(out->buf, ", ");
		if (is_named(item, results))
			add_item_name(out, item);
		if (value_is_leaf(out, item))
			value_leaf(out, item);
		else
			value_whole(out, item, UINT_MAX);
	}
}

static void add_items(struct buf *buf, const struct values *values, const struct value_style *style,
		      struct value_room *room, bool results)
{
	struct value_out out = {buf, style};
	bool more = values->len > values->nitems;
	size_t from = buf->len;

	if (style->brief)
		more |= add_brief_items(&out, values, room, results);
	else
		add_full_items(&out, values, results);
	if (more)
		buf_adds(buf, buf->len > from ? ", " VALUE_DOTS : VALUE_DOTS);
}

void value_text_one(struct buf *buf, const struct value *value, const struct value_style *style,
		    unsigned int width)
{
	struct value_out out = {buf, style};

	if (!value_whole(&out, value, width) && !value_cut(&out, value, width))
		buf_adds(buf, VALUE_DOTS);
}

void value_text_args(struct buf *buf, const struct values *args, const struct value_style *style,
		     struct value_room *room)
{
	add_items(buf, args, style, room, false);
}

void value_text_results(struct buf *buf, const struct values *results,
			const struct value_style *style, struct value_room *room)
{
	bool several = results->nitems > 1 || results->len > 1;

	if (several)
		buf_addc(buf, '(');
	add_items(buf, results, style, room, true);
	if (several)
		buf_addc(buf, ')');
}

/* Those that are narrower than their share leave the rest of it to the others. */
void value_room_share(struct value_room *room, unsigned int all)
{
	unsigned int left = all, wide = room->nwidths, before = UINT_MAX, weights = 0;

	for (unsigned int i = 0; i < room->nwidths; i++)
		weights += room->weights[i];
	room->shares = 1;
	while (wide && wide < before) {
		room->share = left;
		room->shares = weights;
		before = wide;
		left = all;
		wide = weights = 0;
		for (unsigned int i = 0; i < room->nwidths; i++) {
			if (room->widths[i] <= share_of(room, i)) {
				left = minus(left, room->widths[i]);
				continue;
			}
			wide++;
			weights += room->weights[i];
		}
	}
	/* Of very many wide ones the first have something to say. */
	room->wide = wide > 1 && left / wide < WIDE_LEAST ? minus(left, MORE_WIDTH) : left;
	room->shared = true;
	room->at = 0;
}
