/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json: JSON text at the end of a buffer, value after value.
 *
 *     json_object(buf);
 *     json_field_u64(buf, "pid", 7);
 *     json_key(buf, "names");
 *     json_array(buf);
 *     json_string(buf, "a", 1);
 *     json_array_end(buf);
 *     json_object_end(buf);            {"pid":7,"names":["a"]}
 *
 * The text itself says where a comma belongs: before whatever does not follow an opening bracket, a colon or the
 * end of a line. So there is no state to carry, and text that was made before goes anywhere (json_raw()). Whether
 * brackets and keys are in their places is the caller's affair.
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

/* The bytes behind which no comma stands. */
extern const bool json_opens[256];

/* Room for a value of `len` bytes, behind its comma; NULL when there is none. Without a branch: which of the two it is
 * changes from value to value. */
static inline char *json_room(struct buf *buf, size_t len)
{
	char *to = buf_room(buf, len + 1);

	if (to && buf->len) {
		*to = ',';
		to += !json_opens[(unsigned char)to[-1]];
	}
	return to;
}

/* What was put there goes as far as `to`. */
static inline void json_put(struct buf *buf, const char *to)
{
	if (to)
		buf->len = (size_t)(to - buf->data);
}

static inline void json_open(struct buf *buf, char bracket)
{
	char *to = json_room(buf, 1);

	if (to)
		*to++ = bracket;
	json_put(buf, to);
}

static inline void json_object(struct buf *buf)
{
	json_open(buf, '{');
}

static inline void json_object_end(struct buf *buf)
{
	buf_addc(buf, '}');
}

static inline void json_array(struct buf *buf)
{
	json_open(buf, '[');
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

/* A whole value that was made before. */
static inline __attribute__((always_inline)) void json_raw(struct buf *buf, const char *text,
							   size_t len)
{
	char *to = json_room(buf, len);

	if (to)
		to = (char *)memcpy(to, text, len) + len;
	json_put(buf, to);
}

#define json_literal(buf, text) json_raw((buf), (text), sizeof(text) - 1)

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
	json_open(buf, '"');
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

/* Of a size that the compiler knows, a copy is an instruction or two. */
static inline __attribute__((always_inline)) void json_key_literal(struct buf *buf,
								   const char *literal, size_t len)
{
	char *to = json_room(buf, len);

	if (to)
		to = (char *)memcpy(to, literal, len) + len;
	json_put(buf, to);
}

/* A key that is a string literal, and needs no escapes. */
#define json_key(buf, name) json_key_literal((buf), "\"" name "\":", sizeof("\"" name "\":") - 1)

/* A key and its value. */
#define json_field_u64(buf, name, value)  (json_key(buf, name), json_u64((buf), (value)))
#define json_field_i64(buf, name, value)  (json_key(buf, name), json_i64((buf), (value)))
#define json_field_bool(buf, name, value) (json_key(buf, name), json_bool((buf), (value)))
#define json_field_text(buf, name, value) (json_key(buf, name), json_text((buf), (value)))

#endif
