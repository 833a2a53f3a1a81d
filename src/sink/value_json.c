/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/value_json.h"

#include "base/digits.h"
#include "base/escape.h"
#include "base/json.h"
#include "sink/value_words.h"

static void add_nested(struct buf *buf, const struct value *nested);

static void add_float(struct buf *buf, double number, bool single)
{
	char text[DIGITS_FLOAT_MAX];

	json_float(buf, number, text, digits_float(number, single, text));
}

/* "main.f+16" */
static void add_symbol(struct buf *buf, const struct value *value)
{
	buf_addc(buf, '"');
	escape_json(buf, value->symbol, strlen(value->symbol));
	if (value->offset) {
		buf_addc(buf, '+');
		digits_add(buf, value->offset);
	}
	buf_addc(buf, '"');
}

static void add_address(struct buf *buf, const struct value *value)
{
	json_object(buf);
	json_key(buf, "ptr");
	json_hex_u64(buf, value->u);
	if (value->symbol) {
		json_key(buf, "symbol");
		add_symbol(buf, value);
	}
	json_object_end(buf);
}

static void add_list(struct buf *buf, const struct value *list)
{
	const struct value *child = list + 1;

	json_array(buf);
	for (uint32_t i = 0; i < value_parts(list); i++, child = value_next(child)) {
		json_next(buf);
		add_nested(buf, child);
	}
	json_array_end(buf);
}

static void add_object(struct buf *buf, const struct value *object)
{
	const struct value *child = object + 1;

	json_object(buf);
	for (uint32_t i = 0; i < value_parts(object); i++, child = value_next(child)) {
		json_key_string(buf, child->name, strlen(child->name));
		add_nested(buf, child);
	}
	json_object_end(buf);
}

/* Words that are UTF-8 and whole are a string, as a value is. */
static void add_says(struct buf *buf, const struct value *says)
{
	json_key(buf, "text");
	if (says->kind == VALUE_SAID && says->utf8)
		json_string(buf, says->text, says->nbytes);
	else
		add_nested(buf, says);
}

static void add_dynamic(struct buf *buf, const struct value *dynamic)
{
	const struct value *part = dynamic + 1;

	json_object(buf);
	json_field_text(buf, "type", dynamic->dynamic);
	if (value_parts(dynamic)) {
		json_key(buf, "value");
		add_nested(buf, part);
		part = value_next(part);
	}
	if (dynamic->says)
		add_says(buf, part);
	json_object_end(buf);
}

static void add_complex(struct buf *buf, const struct value *value)
{
	json_array(buf);
	add_float(buf, value->f, value->single);
	json_next(buf);
	add_float(buf, value->imag, value->single);
	json_array_end(buf);
}

static void add_length(struct buf *buf, const struct value *value)
{
	json_object(buf);
	json_field_u64(buf, "len", value->len);
	if (value->kind == VALUE_CHAN)
		json_field_u64(buf, "cap", value->capacity);
	json_object_end(buf);
}

/* What stands behind "value": of one that has it. */
static void add_plain(struct buf *buf, const struct value *value)
{
	switch (value->kind) {
	case VALUE_UNSIGNED:
		json_u64(buf, value->u);
		break;
	case VALUE_SIGNED:
		json_i64(buf, value->s);
		break;
	case VALUE_HEX:
		json_hex_u64(buf, value->u);
		break;
	case VALUE_BOOL:
		json_bool(buf, value->u);
		break;
	case VALUE_FLOAT:
		add_float(buf, value->f, value->single);
		break;
	case VALUE_COMPLEX:
		add_complex(buf, value);
		break;
	case VALUE_CHAR:
	case VALUE_TEXT:
		json_string(buf, value->text, value->nbytes);
		break;
	case VALUE_LIST:
		add_list(buf, value);
		break;
	case VALUE_OBJECT:
		add_object(buf, value);
		break;
	case VALUE_FUNC:
		if (value->symbol) {
			json_text(buf, value->symbol);
			break;
		}
		/* fall through */
	case VALUE_ADDRESS:
		add_address(buf, value);
		break;
	case VALUE_MAP:
	case VALUE_CHAN:
		add_length(buf, value);
		break;
	case VALUE_DYNAMIC:
		add_dynamic(buf, value);
		break;
	default:
		json_null(buf);
	}
}

static bool is_text(const struct value *value)
{
	return value->kind == VALUE_TEXT || value->kind == VALUE_CHAR || value->kind == VALUE_SAID;
}

/* A pointer is what it points to, and either may say what it is. That of a DYNAMIC is inside of it. */
static const struct value *find_says(const struct value *value)
{
	while (value->kind == VALUE_POINTER && !value->says)
		value++;
	return value->kind == VALUE_DYNAMIC ? NULL : value_says_text(value);
}

/* The value in keys, without braces; `says`: NULL, or its own words. */
static void add_keys(struct buf *buf, const struct value *value, const struct value *says)
{
	char room[VALUE_ERROR_MAX];

	if (value->kind == VALUE_ERROR) {
		json_field_text(buf, "error", value_error(value, room));
		return;
	}
	if (value->kind == VALUE_DEEPER) {
		json_field_bool(buf, "truncated", true);
		return;
	}
	if (is_text(value) && !value->utf8) {
		json_key(buf, "hex");
		json_hex(buf, value->text, value->nbytes);
	} else if (value->kind == VALUE_SAID) {
		json_key(buf, "text");
		json_string(buf, value->text, value->nbytes);
	} else {
		json_key(buf, "value");
		add_plain(buf, value);
	}
	if (says)
		add_says(buf, says);
	if (!value->truncated)
		return;
	json_field_bool(buf, "truncated", true);
	if (value->counted)
		json_field_u64(buf, "len", value->len);
}

/* A pointer is what it points to. */
static const struct value *skip_pointers(const struct value *value)
{
	while (value->kind == VALUE_POINTER)
		value++;
	return value;
}

/* Whether more is to be told of it than its bare value. */
static bool has_keys(const struct value *value)
{
	return value->kind == VALUE_ERROR || value->kind == VALUE_DEEPER ||
	       value->kind == VALUE_SAID || value->truncated || (is_text(value) && !value->utf8);
}

static void add_nested(struct buf *buf, const struct value *nested)
{
	const struct value *value = skip_pointers(nested), *says = find_says(nested);

	if (!says && !has_keys(value)) {
		add_plain(buf, value);
		return;
	}
	json_object(buf);
	add_keys(buf, value, says);
	json_object_end(buf);
}

/* Names that are no longer are put in place, together with the number behind them. */
#define SHORT_NAME 24
#define SHORT_ROOM (2 * SHORT_NAME + DIGITS_MAX + 64)

/* ASCII that stands in a JSON string as it is. */
static const bool plain[256] = {[' ' ... '!'] = true, ['#' ... '['] = true, [']' ... '~'] = true};

/* NULL when the name is longer, or has to be escaped. */
static inline char *put_short(char *to, const char *name)
{
	const char *end = name + SHORT_NAME;

	while (plain[(unsigned char)*name] && name < end)
		*to++ = *name++;
	return *name ? NULL : to;
}

/* An item's name and type, which nearly all are short; of a number all of it: then true. */
static bool add_head(struct buf *buf, const struct value *item)
{
	char *to = buf_room(buf, SHORT_ROOM);
	bool number = item->kind == VALUE_SIGNED || item->kind == VALUE_UNSIGNED;

	if (to)
		to = put_short(json_put(to, "{\"name\":\""), item->name);
	if (to)
		to = put_short(json_put(to, "\",\"type\":\""), item->type);
	if (!to) {
		json_object(buf);
		json_field_text(buf, "name", item->name);
		json_field_text(buf, "type", item->type);
		return false;
	}
	*to++ = '"';
	number &= !item->symbol && !item->says;
	if (number) {
		to = json_put(to, ",\"value\":");
		to = item->kind == VALUE_SIGNED ? digits_put_signed(to, item->s)
						: digits_put(to, item->u);
		*to++ = '}';
	}
	buf->len = (size_t)(to - buf->data);
	return number;
}

static void add_item(struct buf *buf, const struct value *item)
{
	static const struct value left_out = {.kind = VALUE_ERROR, .why = VALUE_LEFT_OUT};
	const struct value *value, *says;

	if (add_head(buf, item))
		return;
	value = skip_pointers(item);
	says = find_says(item);
	/* Nothing encloses an item: what was left out did not fit into the record. */
	add_keys(buf, value->kind == VALUE_DEEPER ? &left_out : value, says);
	/* A constant's name: inside of other values a number is a bare number. */
	if (!says && (value->kind == VALUE_SIGNED || value->kind == VALUE_UNSIGNED) &&
	    value->symbol) {
		json_key(buf, "text");
		json_text(buf, value->symbol);
	}
	json_object_end(buf);
}

void value_json(struct buf *buf, const struct values *values)
{
	const struct value *item = values->first;

	json_array(buf);
	for (uint32_t i = 0; i < values->nitems; i++, item = value_next(item)) {
		json_next(buf);
		add_item(buf, item);
	}
	json_array_end(buf);
}
