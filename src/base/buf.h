/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * buf: a growing byte buffer, for text that is put together piece by piece.
 *
 * Zero-initialised is empty. The caller owns the struct and releases it with
 * buf_release(). A failed allocation is remembered in `failed`, later appends do
 * nothing, and whoever writes the buffer out checks it once. `data` is not
 * NUL-terminated unless buf_str() was called last.
 */
#ifndef FTRACE_BASE_BUF_H
#define FTRACE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *data;
	size_t len;
	size_t cap;
	bool failed;
};

/* Makes room for `more` bytes and returns where they go, or NULL. */
char *buf_room_slow(struct buf *buf, size_t more);

static inline char *buf_room(struct buf *buf, size_t more)
{
	if (__builtin_expect(buf->cap - buf->len >= more, 1))
		return buf->data + buf->len;
	return buf_room_slow(buf, more);
}

static inline void buf_add(struct buf *buf, const void *bytes, size_t len)
{
	char *to = len ? buf_room(buf, len) : NULL;

	if (to) {
		memcpy(to, bytes, len);
		buf->len += len;
	}
}

static inline void buf_addc(struct buf *buf, char c)
{
	char *to = buf_room(buf, 1);

	if (to) {
		*to = c;
		buf->len++;
	}
}

static inline void buf_adds(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_addf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_addu(struct buf *buf, uint64_t value);       /* decimal */
void buf_addi(struct buf *buf, int64_t value);        /* decimal, signed */
void buf_addx(struct buf *buf, uint64_t value);       /* hexadecimal, no 0x */
void buf_fill(struct buf *buf, char c, size_t count); /* `count` times `c` */

/* NUL-terminates and returns the text; "" when an allocation failed. */
const char *buf_str(struct buf *buf);

static inline void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

void buf_release(struct buf *buf);

#endif
