/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values that are one word: numbers, texts, addresses, what a value says of itself.
 */
#include <math.h>
#include <string.h>

#include "base/digits.h"
#include "base/escape.h"
#include "base/width.h"
#include "sink/value_parts.h"
#include "sink/value_words.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)
/* Columns of a text's beginning that are worth showing, with quotes and dots. */
#define CUT_LEAST 12

static void add_float(struct buf *buf, double number, bool single)
{
	char text[DIGITS_FLOAT_MAX];

	buf_add(buf, text, digits_float(number, single, text));
}

/* As %v does: (1+2i). */
static void add_complex(struct buf *buf, const struct value *value)
{
	buf_addc(buf, '(');
	add_float(buf, value->f, value->single);
	if (isnan(value->imag) || (!signbit(value->imag) && !isinf(value->imag)))
		buf_addc(buf, '+');
	add_float(buf, value->imag, value->single);
	ADD(buf, "i)");
}

static void add_char(struct buf *buf, const struct value *value)
{
	buf_addc(buf, '\'');
	if (value->nbytes == 1 && (*value->text == '\'' || *value->text == '\\'))
		buf_addc(buf, '\\');
	escape_text(buf, value->text, value->nbytes);
	buf_addc(buf, '\'');
}

static void add_address(struct value_out *out, const struct value *value)
{
	struct buf *buf = out->buf;

	ADD(buf, "0x");
	buf_addx(buf, value->u);
	if (!value->symbol)
		return;
	ADD(buf, " <");
	value_name(out, value->symbol, strlen(value->symbol));
	if (value->offset) {
		buf_addc(buf, '+');
		digits_add(buf, value->offset);
	}
	buf_addc(buf, '>');
}

static void add_text(struct buf *buf, const struct value *value)
{
	/* "" would say that the string is empty. */
	if (!value->truncated || value->nbytes)
		escape_quoted(buf, value->text, value->nbytes);
	if (value->truncated)
		ADD(buf, VALUE_DOTS);
}

/* In its own words: no quotes, unless there are none. */
static void add_said(struct buf *buf, const struct value *said)
{
	if (!said->nbytes && !said->truncated)
		ADD(buf, "\"\"");
	escape_text(buf, said->text, said->nbytes);
	if (said->truncated)
		ADD(buf, VALUE_DOTS);
}

static void add_number(struct buf *buf, const struct value *value)
{
	if (value->kind == VALUE_UNSIGNED)
		digits_add(buf, value->u);
	else
		digits_add_signed(buf, value->s);
	if (!value->symbol)
		return;
	ADD(buf, " (");
	escape_text(buf, value->symbol, strlen(value->symbol));
	buf_addc(buf, ')');
}

static void add_count(struct value_out *out, const struct value *value)
{
	struct buf *buf = out->buf;
	bool brief = out->style->brief && value->kind == VALUE_MAP;

	buf_adds(buf, brief ? "map[" : value->kind == VALUE_MAP ? "map{len:" : "chan{len:");
	digits_add(buf, value->len);
	if (value->kind == VALUE_CHAN) {
		ADD(buf, ", cap:");
		digits_add(buf, value->capacity);
	}
	buf_addc(buf, brief ? ']' : '}');
}

static void add_error(struct buf *buf, const struct value *value)
{
	char room[VALUE_ERROR_MAX];
	const char *words = value_error(value, room);

	escape_text(buf, words, strlen(words));
}

void value_name(struct value_out *out, const char *name, size_t len)
{
	const struct value_style *style = out->style;

	short_texts_put(style->texts, style->names, out->buf, name, len);
}

/* What is shown of it where that is a text. */
static const struct value *find_text(const struct value_out *out, const struct value *value)
{
	if (value_speaks(out, value) && value->kind != VALUE_DYNAMIC)
		return value_says_text(value);
	return value->kind == VALUE_TEXT || value->kind == VALUE_SAID ? value : NULL;
}

void value_leaf(struct value_out *out, const struct value *value)
{
	struct buf *buf = out->buf;

	if (value_speaks(out, value)) {
		add_said(buf, value_says_text(value));
		return;
	}
	switch (value->kind) {
	case VALUE_TEXT:
		add_text(buf, value);
		break;
	case VALUE_SAID:
		add_said(buf, value);
		break;
	case VALUE_ERROR:
		add_error(buf, value);
		break;
	case VALUE_NULL:
		ADD(buf, "nil");
		break;
	case VALUE_UNSIGNED:
	case VALUE_SIGNED:
		add_number(buf, value);
		break;
	case VALUE_HEX:
		ADD(buf, "0x");
		buf_addx(buf, value->u);
		break;
	case VALUE_BOOL:
		buf_adds(buf, value->u ? "true" : "false");
		break;
	case VALUE_CHAR:
		add_char(buf, value);
		break;
	case VALUE_FLOAT:
		add_float(buf, value->f, value->single);
		break;
	case VALUE_COMPLEX:
		add_complex(buf, value);
		break;
	case VALUE_FUNC:
		if (value->symbol)
			value_name(out, value->symbol, strlen(value->symbol));
		else
			add_address(out, value);
		break;
	case VALUE_ADDRESS:
		if (!out->style->brief || !value_named(out, value))
			add_address(out, value);
		break;
	case VALUE_MAP:
	case VALUE_CHAN:
		add_count(out, value);
		break;
	default:
		ADD(buf, VALUE_DOTS);
	}
}

/* How many bytes of a text may stand in `room` columns once they are escaped: whole characters. */
static size_t count_fitting(const char *bytes, size_t len, bool quoted, unsigned int room)
{
	struct buf one = {0};
	size_t at = 0, n;
	uint32_t rune, width;

	while (at < len) {
		n = utf8_decode(bytes + at, len - at, &rune);
		if (!n)
			n = 1;
		buf_reset(&one);
		if (quoted)
			escape_quoted(&one, bytes + at, n);
		else
			escape_text(&one, bytes + at, n);
		width = text_width(one.data, one.len) - (quoted ? 2 : 0);
		if (one.failed || width > room)
			break;
		room -= width;
		at += n;
	}
	buf_release(&one);
	return at;
}

bool value_leaf_cut(struct value_out *out, const struct value *value, unsigned int room)
{
	const struct value *text = find_text(out, value);
	bool quoted = text == value && value->kind == VALUE_TEXT;
	struct value cut;

	if (!text || room < CUT_LEAST)
		return false;
	cut = *text;
	cut.truncated = true;
	room -= VALUE_DOTS_WIDTH + (quoted ? 2 : 0);
	cut.nbytes = (uint32_t)count_fitting(text->text, text->nbytes, quoted, room);
	if (quoted)
		add_text(out->buf, &cut);
	else
		add_said(out->buf, &cut);
	return true;
}
