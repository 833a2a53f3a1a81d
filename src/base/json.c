/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/json.h"

#include <math.h>

#include "base/digits.h"
#include "base/escape.h"

void json_u64(struct buf *buf, uint64_t value)
{
	digits_add(buf, value);
}

void json_i64(struct buf *buf, int64_t value)
{
	digits_add_signed(buf, value);
}

void json_string(struct buf *buf, const char *bytes, size_t len)
{
	char *to = escape_json_none(bytes, len) ? buf_room(buf, len + 2) : NULL;

	/* Nearly all: names, types, short texts. */
	if (to) {
		to[0] = '"';
		if (len)
			memcpy(to + 1, bytes, len);
		to[len + 1] = '"';
		buf->len += len + 2;
		return;
	}
	buf_addc(buf, '"');
	escape_json(buf, bytes, len);
	buf_addc(buf, '"');
}

void json_hex_u64(struct buf *buf, uint64_t value)
{
	json_literal(buf, "\"0x");
	buf_addx(buf, value);
	buf_addc(buf, '"');
}

void json_hex(struct buf *buf, const void *bytes, size_t len)
{
	const unsigned char *from = bytes;
	char *to = buf_room(buf, 2 * len + 2);

	if (!to)
		return;
	*to++ = '"';
	for (size_t i = 0; i < len; i++) {
		*to++ = "0123456789abcdef"[from[i] >> 4];
		*to++ = "0123456789abcdef"[from[i] & 15];
	}
	*to = '"';
	buf->len += 2 * len + 2;
}

void json_float(struct buf *buf, double number, const char *text, size_t len)
{
	if (isfinite(number))
		buf_add(buf, text, len);
	else
		json_string(buf, text, len);
}

void json_key_string(struct buf *buf, const char *bytes, size_t len)
{
	json_next(buf);
	json_string(buf, bytes, len);
	buf_addc(buf, ':');
}
