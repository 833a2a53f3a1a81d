/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/value_json.h"

#include "base/digits.h"
#include "base/escape.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)

static void add_nested(struct buf *buf, const struct value_source *src, const struct value *nested);

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

static void add_list(struct buf *buf, const struct value_source *src, const struct value *list)
{
	struct value child;

	buf_addc(buf, '[');
	for (uint32_t i = 0; i < list->nchildren; i++) {
		if (i)
			buf_addc(buf, ',');
		value_child(src, list, i, &child);
		add_nested(buf, src, &child);
	}
	buf_addc(buf, ']');
}

static void add_object(struct buf *buf, const struct value_source *src, const struct value *object)
{
	struct value child;

	buf_addc(buf, '{');
	for (uint32_t i = 0; i < object->nchildren; i++) {
		const char *name = value_child_name(object, i);

		if (i)
			buf_addc(buf, ',');
		add_string(buf, name, strlen(name));
		buf_addc(buf, ':');
		value_child(src, object, i, &child);
		add_nested(buf, src, &child);
	}
	buf_addc(buf, '}');
}

static void add_dynamic(struct buf *buf, const struct value_source *src,
			const struct value *dynamic)
{
	char room[VALUE_SAYS_MAX];
	struct value part;

	ADD(buf, "{\"type\":");
	add_string(buf, dynamic->dynamic->name, strlen(dynamic->dynamic->name));
	if (dynamic->nchildren) {
		ADD(buf, ",\"value\":");
		value_child(src, dynamic, 0, &part);
		add_nested(buf, src, &part);
	}
	if (value_says(src, dynamic, &part, room)) {
		ADD(buf, ",\"text\":");
		add_nested(buf, src, &part);
	}
	buf_addc(buf, '}');
}

static void add_pair(struct buf *buf, const struct value *value)
{
	ADD(buf, "{\"len\":");
	digits_add(buf, value->count);
	if (value->kind == VALUE_CHAN) {
		ADD(buf, ",\"cap\":");
		digits_add(buf, value->capacity);
	}
	buf_addc(buf, '}');
}

/* What stands behind "value": of one that has it. */
static void add_plain(struct buf *buf, const struct value_source *src, const struct value *value)
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
		add_list(buf, src, value);
		break;
	case VALUE_OBJECT:
		add_object(buf, src, value);
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
		add_dynamic(buf, src, value);
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
static void add_keys(struct buf *buf, const struct value_source *src, const struct value *value)
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
		add_plain(buf, src, value);
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
static void skip_pointers(const struct value_source *src, struct value *value)
{
	while (value->kind == VALUE_POINTER) {
		struct value pointer = *value;

		value_child(src, &pointer, 0, value);
	}
}

static void add_nested(struct buf *buf, const struct value_source *src, const struct value *nested)
{
	struct value target;
	const struct value *value = nested;

	if (nested->kind == VALUE_POINTER) {
		target = *nested;
		skip_pointers(src, &target);
		value = &target;
	}
	if (value->kind != VALUE_ERROR && value->kind != VALUE_DEEPER && !value->truncated &&
	    !(is_text(value) && !value->utf8)) {
		add_plain(buf, src, value);
		return;
	}
	buf_addc(buf, '{');
	add_keys(buf, src, value);
	buf_addc(buf, '}');
}

static void add_item(struct buf *buf, const struct value_source *src, size_t i)
{
	const struct fetch_item *item = &src->fetch->items[i];
	struct value value;

	ADD(buf, "{\"name\":");
	add_string(buf, item->name, strlen(item->name));
	ADD(buf, ",\"type\":");
	add_string(buf, item->type, strlen(item->type));
	buf_addc(buf, ',');
	value_item(src, i, &value);
	skip_pointers(src, &value);
	/* Nothing encloses an item: what was left out did not fit into the record. */
	if (value.kind == VALUE_DEEPER)
		ADD(buf, "\"error\":\"<left out: more than --max-bytes>\"");
	else
		add_keys(buf, src, &value);
	buf_addc(buf, '}');
}

void value_json(struct buf *buf, const struct value_source *src)
{
	bool first = true;

	buf_addc(buf, '[');
	for (size_t i = 0; i < src->fetch->nitems; i++) {
		if (src->fetch->items[i].hidden)
			continue;
		if (!first)
			buf_addc(buf, ',');
		first = false;
		add_item(buf, src, i);
	}
	buf_addc(buf, ']');
}
