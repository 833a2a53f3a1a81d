/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/value_text.h"

#include <limits.h>

#include "base/escape.h"
#include "sink/value_parts.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)
/* Of a brief value, and of what an error says. */
#define BRIEF_WIDTH 100
#define ERROR_WIDTH 200

/* ~r0: debug information's name of a result that has none. */
static bool is_unnamed(const char *name)
{
	return name[0] == '~' && name[1] == 'r' && name[2] >= '0' && name[2] <= '9';
}

static unsigned int minus(unsigned int room, unsigned int width)
{
	return room > width ? room - width : 0;
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
	unsigned int most = item->kind == VALUE_DYNAMIC && item->says ? ERROR_WIDTH : BRIEF_WIDTH;
	struct value_place place = value_place(out);

	if (named)
		add_item_name(out, item);
	if (room != UINT_MAX)
		room = minus(room, value_width(out, place));
	if (value_cut(out, item, room < most ? room : most))
		return true;
	/* Not even a part of it in all the room that a value may have: its name, and that it is there. */
	if (room >= VALUE_DOTS_WIDTH && named) {
		ADD(out->buf, VALUE_DOTS);
		return true;
	}
	value_take_back(out, place);
	return false;
}

static unsigned int room_for_item(const struct value_room *room)
{
	unsigned int left = minus(room->all, room->width);

	return left < room->most ? left : room->most;
}

static void use_room(struct value_room *room, unsigned int width)
{
	room->width += width;
	if (room->nwidths < VALUE_WIDTHS)
		room->widths[room->nwidths++] = width;
}

static bool is_named(const struct value *item, bool results)
{
	return !results || !is_unnamed(item->name);
}

/* What does not fit is told once for all that stands in a row; true when it was told last. */
static bool add_brief_items(struct value_out *out, const struct values *values,
			    struct value_room *room, bool results)
{
	const struct value *item = values->first;
	const char *between = "";
	bool dots = false;

	for (uint32_t i = 0; i < values->nitems; i++, item = value_next(item)) {
		struct value_place place = value_place(out);
		unsigned int most = room ? minus(room_for_item(room), i ? 2 : 0) : UINT_MAX;
		bool added;

		buf_adds(out->buf, between);
		added = add_brief_item(out, item, is_named(item, results), most);
		if (!added && dots)
			value_take_back(out, place);
		else if (!added)
			ADD(out->buf, VALUE_DOTS);
		dots = !added;
		between = ", ";
		if (room)
			use_room(room, value_width(out, place));
	}
	return dots;
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
	bool dots = false;

	if (style->brief)
		dots = add_brief_items(&out, values, room, results);
	else
		add_full_items(&out, values, results);
	if (values->len > values->nitems && !dots)
		buf_adds(buf, values->nitems ? ", " VALUE_DOTS : VALUE_DOTS);
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

/* Those that are narrower than an even share leave the rest of it to the others. */
void value_room_share(struct value_room *room, unsigned int all)
{
	unsigned int left = all, wide = room->nwidths, share = 0, before = UINT_MAX;

	while (wide && wide < before) {
		share = left / wide;
		before = wide;
		left = all;
		wide = 0;
		for (unsigned int i = 0; i < room->nwidths; i++) {
			if (room->widths[i] > share)
				wide++;
			else
				left = minus(left, room->widths[i]);
		}
	}
	*room = (struct value_room){.most = share, .all = all};
}
