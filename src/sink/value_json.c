/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/value_json.h"

#include "base/digits.h"
#include "base/escape.h"
#include "sink/value_words.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)

static void add_nested(struct buf *buf, const struct value *nested);

static void add_string(struct buf *buf, const char *text, size_t len)
{
	buf_addc(buf, '"');
	escape_json(buf, text, len);
	buf_addc(buf, '"');
}

static void add_hex(struct buf *buf, const char *bytes, size_t len)
{
	char *to = buf_room(buf, 2 * len + 2);

	if (!to)
		return;
	*to++ = '"';
	for (size_t i = 0; i < len; i++) {
		*to++ = "0123456789abcdef"[(unsigned char)bytes[i] >> 4];
		*to++ = "0123456789abcdef"[(unsigned char)bytes[i] & 15];
	}
	*to = '"';
	buf->len += 2 * len + 2;
}

/* A number, but for what JSON has no number for. */
static void add_float(struct buf *buf, double number, bool single)
{
	char text[VALUE_FLOAT_MAX];
	size_t len = value_float(number, single, text);

	if (number - number != 0) /* not finite */
		add_string(buf, text, len);
	else
		buf_add(buf, text, len);
}

static void add_address(struct buf *buf, const struct value *value)
{
	ADD(buf, "{\"ptr\":\"0x");
	buf_addx(buf, value->u);
	buf_addc(buf, '"');
	if (value->symbol) {
		ADD(buf, ",\"symbol\":\"");
		escape_json(buf, value->symbol, strlen(value->symbol));
		if (value->offset) {
			buf_addc(buf, '+');
			digits_add(buf, value->offset);
		}
		buf_addc(buf, '"');
	}
	buf_addc(buf, '}');
}

static void add_list(struct buf *buf, const struct value *list)
{
	const struct value *child = list + 1;

	buf_addc(buf, '[');
	for (uint32_t i = 0; i < list->nchildren; i++, child = value_next(child)) {
		if (i)
			buf_addc(buf, ',');
		add_nested(buf, child);
	}
	buf_addc(buf, ']');
}

static void add_object(struct buf *buf, const struct value *object)
{
	const struct value *child = object + 1;

	buf_addc(buf, '{');
	for (uint32_t i = 0; i < object->nchildren; i++, child = value_next(child)) {
		if (i)
			buf_addc(buf, ',');
		add_string(buf, child->name, strlen(child->name));
		buf_addc(buf, ':');
		add_nested(buf, child);
	}
	buf_addc(buf, '}');
}

static void add_dynamic(struct buf *buf, const struct value *dynamic)
{
	const struct value *part = dynamic + 1;

	ADD(buf, "{\"type\":");
	add_string(buf, dynamic->dynamic, strlen(dynamic->dynamic));
	if (dynamic->nchildren > dynamic->says) {
		ADD(buf, ",\"value\":");
		add_nested(buf, part);
		part = value_next(part);
	}
	if (dynamic->says) {
		ADD(buf, ",\"text\":");
		add_nested(buf, part);
	}
	buf_addc(buf, '}');
}

static void add_pair(struct buf *buf, const struct value *value)
{
	ADD(buf, "{\"len\":");
	digits_add(buf, value->len);
	if (value->kind == VALUE_CHAN) {
		ADD(buf, ",\"cap\":");
		digits_add(buf, value->capacity);
	}
	buf_addc(buf, '}');
}

/* What stands behind "value": of one that has it. */
static void add_plain(struct buf *buf, const struct value *value)
{
	switch (value->kind) {
	case VALUE_UNSIGNED:
		digits_add(buf, value->u);
		break;
	case VALUE_SIGNED:
		digits_add_signed(buf, value->s);
		break;
	case VALUE_HEX:
		ADD(buf, "\"0x");
		buf_addx(buf, value->u);
		buf_addc(buf, '"');
		break;
	case VALUE_BOOL:
		buf_adds(buf, value->u ? "true" : "false");
		break;
	case VALUE_FLOAT:
		add_float(buf, value->f, value->single);
		break;
	case VALUE_COMPLEX:
		buf_addc(buf, '[');
		add_float(buf, value->f, value->single);
		buf_addc(buf, ',');
		add_float(buf, value->imag, value->single);
		buf_addc(buf, ']');
		break;
	case VALUE_CHAR:
	case VALUE_TEXT:
		add_string(buf, value->text, value->nbytes);
		break;
	case VALUE_LIST:
		add_list(buf, value);
		break;
	case VALUE_OBJECT:
		add_object(buf, value);
		break;
	case VALUE_FUNC:
		if (value->symbol) {
			add_string(buf, value->symbol, strlen(value->symbol));
			break;
		}
		/* fall through */
	case VALUE_ADDRESS:
		add_address(buf, value);
		break;
	case VALUE_MAP:
	case VALUE_CHAN:
		add_pair(buf, value);
		break;
	case VALUE_DYNAMIC:
		add_dynamic(buf, value);
		break;
	default:
		ADD(buf, "null");
	}
}

static bool is_text(const struct value *value)
{
	return value->kind == VALUE_TEXT || value->kind == VALUE_CHAR;
}

/* The value in keys, without braces. */
static void add_keys(struct buf *buf, const struct value *value)
{
	char room[VALUE_ERROR_MAX];
	const char *why;

	if (value->kind == VALUE_ERROR) {
		why = value_error(value, room);
		ADD(buf, "\"error\":");
		add_string(buf, why, strlen(why));
		return;
	}
	if (value->kind == VALUE_DEEPER) {
		ADD(buf, "\"truncated\":true");
		return;
	}
	if (is_text(value) && !value->utf8) {
		ADD(buf, "\"hex\":");
		add_hex(buf, value->text, value->nbytes);
	} else {
		ADD(buf, "\"value\":");
		add_plain(buf, value);
	}
	if (!value->truncated)
		return;
	ADD(buf, ",\"truncated\":true");
	if (value->counted) {
		ADD(buf, ",\"len\":");
		digits_add(buf, value->len);
	}
}

/* A pointer is what it points to. */
static const struct value *skip_pointers(const struct value *value)
{
	while (value->kind == VALUE_POINTER)
		value++;
	return value;
}

static void add_nested(struct buf *buf, const struct value *nested)
{
	const struct value *value = skip_pointers(nested);

	if (value->kind != VALUE_ERROR && value->kind != VALUE_DEEPER && !value->truncated &&
	    !(is_text(value) && !value->utf8)) {
		add_plain(buf, value);
		return;
	}
	buf_addc(buf, '{');
	add_keys(buf, value);
	buf_addc(buf, '}');
}

static void add_item(struct buf *buf, const struct value *item)
{
	static const struct value left_out = {.kind = VALUE_ERROR, .why = VALUE_LEFT_OUT};
	const struct value *value = skip_pointers(item);

	ADD(buf, "{\"name\":");
	add_string(buf, item->name, strlen(item->name));
	ADD(buf, ",\"type\":");
	add_string(buf, item->type, strlen(item->type));
	buf_addc(buf, ',');
	/* Nothing encloses an item: what was left out did not fit into the record. */
	add_keys(buf, value->kind == VALUE_DEEPER ? &left_out : value);
	buf_addc(buf, '}');
}

void value_json(struct buf *buf, const struct values *values)
{
	const struct value *item = values->first;

	buf_addc(buf, '[');
	for (uint32_t i = 0; i < values->nitems; i++, item = value_next(item)) {
		if (i)
			buf_addc(buf, ',');
		add_item(buf, item);
	}
	buf_addc(buf, ']');
}
