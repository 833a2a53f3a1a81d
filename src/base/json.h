/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json: JSON text at the end of a buffer, value after value.
 *
 *     json_object(buf);
 *     json_field_u64(buf, "pid", 7);
 *     json_key(buf, "names");
 *     json_array(buf);
 *     json_next(buf);
 *     json_text(buf, "a");
 *     json_array_end(buf);
 *     json_object_end(buf);            {"pid":7,"names":["a"]}
 *
 * The text itself says whether a comma belongs before a field or an element: not behind an opening bracket. So there is
 * no state to carry, and a value that was made before is added as it is. Whether brackets, keys and elements are in
 * their places is the caller's affair.
 *
 * A failed allocation is remembered by the buffer (buf.h). Source: RFC 8259.
 */
#ifndef FTRACE_BASE_JSON_H
#define FTRACE_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* To be called before each element of an array, and by json_key() before each field: a comma, but behind the bracket that
 * opens it. */
static inline void json_next(struct buf *buf)
{
	char last = buf->len ? buf->data[buf->len - 1] : '[';

	if (last != '[' && last != '{')
		buf_addc(buf, ',');
}

static inline void json_object(struct buf *buf)
{
	buf_addc(buf, '{');
}

static inline void json_object_end(struct buf *buf)
{
	buf_addc(buf, '}');
}

static inline void json_array(struct buf *buf)
{
	buf_addc(buf, '[');
}

static inline void json_array_end(struct buf *buf)
{
	buf_addc(buf, ']');
}

/* The end of an object that is a line of its own. */
static inline void json_line_end(struct buf *buf)
{
	buf_add(buf, "}\n", 2);
}

#define json_literal(buf, text) buf_add((buf), (text), sizeof(text) - 1)

/* In room that was made before (buf_room()): where it goes on. */
#define json_put(to, literal) \
	(memcpy((to), (literal), sizeof(literal) - 1), (to) + sizeof(literal) - 1)

static inline void json_null(struct buf *buf)
{
	json_literal(buf, "null");
}

static inline void json_bool(struct buf *buf, bool value)
{
	if (value)
		json_literal(buf, "true");
	else
		json_literal(buf, "false");
}

void json_u64(struct buf *buf, uint64_t value);
void json_i64(struct buf *buf, int64_t value);

/* A string, escaped (escape.h). */
void json_string(struct buf *buf, const char *bytes, size_t len);

/* A string whose inside was escaped before. */
static inline void json_quoted(struct buf *buf, const char *escaped, size_t len)
{
	buf_addc(buf, '"');
	buf_add(buf, escaped, len);
	buf_addc(buf, '"');
}

static inline void json_text(struct buf *buf, const char *text)
{
	json_string(buf, text, strlen(text));
}

/* "0x1f", "00ff": a number, bytes, in hexadecimal digits. */
void json_hex_u64(struct buf *buf, uint64_t value);
void json_hex(struct buf *buf, const void *bytes, size_t len);

/* A number that reads back as the same; as a string what JSON has no number for: "NaN", "+Inf", "-Inf". `text` is
 * its shortest decimal form. */
void json_float(struct buf *buf, double number, const char *text, size_t len);

/* A key that is not known before: escaped. */
void json_key_string(struct buf *buf, const char *bytes, size_t len);

/* A key that is a string literal, and needs no escapes. */
#define json_key(buf, name) \
	(json_next(buf), buf_add((buf), "\"" name "\":", sizeof("\"" name "\":") - 1))

/* A key and its value. */
#define json_field_u64(buf, name, value)  (json_key(buf, name), json_u64((buf), (value)))
#define json_field_i64(buf, name, value)  (json_key(buf, name), json_i64((buf), (value)))
#define json_field_bool(buf, name, value) (json_key(buf, name), json_bool((buf), (value)))
#define json_field_text(buf, name, value) (json_key(buf, name), json_text((buf), (value)))

#endif
