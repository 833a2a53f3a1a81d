/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value_parts: how value_text.h writes one value, by what it is made of. For the files value_*.c that write text only.
 */
#ifndef FTRACE_SINK_VALUE_PARTS_H
#define FTRACE_SINK_VALUE_PARTS_H

#include <string.h>

#include "base/buf.h"
#include "call/value.h"
#include "sink/value_text.h"

#define VALUE_DOTS       "..."
#define VALUE_DOTS_WIDTH 3

/* Where values go, and how. */
struct value_out {
	struct buf *buf;
	const struct value_style *style;
};

/* Where a piece of the text began, to take it back. */
struct value_place {
	size_t len;
	size_t mark;
};

static inline struct value_place value_place(const struct value_out *out)
{
	return (struct value_place){out->buf->len,
				    out->style->shown ? shown_mark(out->style->shown) : 0};
}

void value_take_back(struct value_out *out, struct value_place place);

/* Columns that were written since. */
unsigned int value_width(const struct value_out *out, struct value_place place);

/* Whether these are at most `room`. */
bool value_fits(const struct value_out *out, struct value_place place, unsigned int room);

/* Of whatever type it is: one that does not say itself is made of what went wrong, too. */
static inline bool value_is_error(const struct value *value)
{
	return value->kind == VALUE_DYNAMIC &&
	       (value->says || (value->type && !strcmp(value->type, "error")));
}

/* Whether what it says of itself is shown in its place. */
static inline bool value_speaks(const struct value_out *out, const struct value *value)
{
	return value->says && (out->style->brief || value->exact);
}

/* value_leaf.c: a value that has no parts, or says itself what it is. */
void value_leaf(struct value_out *out, const struct value *value);

/* The same of a text, with `...` for what does not fit into `room` columns; false when nearly nothing would be left. */
bool value_leaf_cut(struct value_out *out, const struct value *value, unsigned int room);

/* Whether it is written by value_leaf(). */
static inline bool value_is_leaf(const struct value_out *out, const struct value *value)
{
	switch (value->kind) {
	case VALUE_LIST:
	case VALUE_OBJECT:
	case VALUE_POINTER:
		return value_speaks(out, value);
	default:
		return value->kind != VALUE_DYNAMIC;
	}
}

/* The name of a type or a function in short: `*http.Server` of `*example.org/m/http.Server`. */
void value_name(struct value_out *out, const char *name, size_t len);

/* value_whole.c: all of it. False, and nothing was written, when that is wider than `room`. */
bool value_whole(struct value_out *out, const struct value *value, unsigned int room);

/* `addr:` */
void value_field_name(struct value_out *out, const struct value *field);

/*
 * value_pointer.c: `*Server(0xc000123)` of a POINTER, an ADDRESS or a DYNAMIC; false when its type or the address is not
 * known.
 */
bool value_named(struct value_out *out, const struct value *pointer);

/* The same where the struct `inside` that it leads to was shown before in no fewer columns than `room`; else false,
 * and of errors, which are what a reader looks for at each level.
 * value_remember() puts down that it was: UINT32_MAX columns are all of it. */
bool value_named_again(struct value_out *out, const struct value *pointer,
		       const struct value *inside, unsigned int room);
void value_remember(struct value_out *out, const struct value *pointer, const struct value *inside,
		    uint32_t width);

/* An address inside a struct, of what this tree has not shown: to a reader it says no more than that there is
 * something. */
bool value_leads_nowhere(const struct value_out *out, const struct value *pointer);

/* A field that is not shown since it has its type's zero value; one of which nothing was read that could be. */
bool value_is_zero(const struct value *value);
bool value_is_unread(const struct value *value);

/* value_cut.c: as much of it as fits into `room` columns, cut between its parts or inside a text. False, and nothing
 * was written, when that would tell nothing. */
bool value_cut(struct value_out *out, const struct value *value, unsigned int room);

#endif
