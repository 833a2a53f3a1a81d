/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Forgets the room that is left: shorter appends must not go on behind the gap. */
static char *buf_fail(struct buf *buf)
{
	buf->failed = true;
	buf->cap = buf->len;
	return NULL;
}

char *buf_room_slow(struct buf *buf, size_t more)
{
	size_t cap = buf->cap ? buf->cap : 64;
	char *data;

	if (buf->failed)
		return NULL;
	if (more > SIZE_MAX / 2 - buf->len)
		return buf_fail(buf);
	while (cap - buf->len < more)
		cap *= 2;
	if (cap == buf->cap)
		return buf->data + buf->len;
	data = realloc(buf->data, cap);
	if (!data)
		return buf_fail(buf);
	buf->data = data;
	buf->cap = cap;
	return data + buf->len;
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list args;
	char *to;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		return;
	to = buf_room(buf, (size_t)len + 1);
	if (!to)
		return;
	va_start(args, fmt);
	vsnprintf(to, (size_t)len + 1, fmt, args);
	va_end(args);
	buf->len += (size_t)len;
}

void buf_addu(struct buf *buf, uint64_t value)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	buf_add(buf, digits + at, sizeof(digits) - at);
}

void buf_addi(struct buf *buf, int64_t value)
{
	uint64_t magnitude = (uint64_t)value;

	if (value < 0) {
		buf_addc(buf, '-');
		magnitude = 0 - magnitude;
	}
	buf_addu(buf, magnitude);
}

void buf_addx(struct buf *buf, uint64_t value)
{
	char digits[16];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	buf_add(buf, digits + at, sizeof(digits) - at);
}

void buf_fill(struct buf *buf, char c, size_t count)
{
	char *to = count ? buf_room(buf, count) : NULL;

	if (to && count) {
		memset(to, c, count);
		buf->len += count;
	}
}

const char *buf_str(struct buf *buf)
{
	char *to = buf_room(buf, 1);

	if (!to)
		return "";
	*to = '\0';
	return buf->data;
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}
