/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wire: numbers and bytes of a block. What is read is not trusted: beyond the end everything is 0, and `bad` says so.
 */
#ifndef FTRACE_RECORDING_WIRE_H
#define FTRACE_RECORDING_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

#define WIRE_MAX 10 /* bytes of a number */

static inline void wire_put(struct buf *buf, uint64_t value)
{
	unsigned char *to = (unsigned char *)buf_room(buf, WIRE_MAX);
	size_t len = 0;

	if (!to)
		return;
	while (value >= 0x80) {
		to[len++] = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	to[len++] = (unsigned char)value;
	buf->len += len;
}

static inline void wire_put_signed(struct buf *buf, int64_t value)
{
	wire_put(buf, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

/* From `from` to `to`, which may be less: numbers count as they wrap round. */
static inline void wire_put_delta(struct buf *buf, uint64_t from, uint64_t to)
{
	wire_put_signed(buf, (int64_t)(to - from));
}

struct wire {
	const unsigned char *at, *end;
	bool bad;
};

static inline uint64_t wire_get(struct wire *wire)
{
	uint64_t value = 0;

	for (unsigned int shift = 0; shift < 64; shift += 7) {
		unsigned char byte;

		if (wire->at == wire->end)
			break;
		byte = *wire->at++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	wire->bad = true;
	return 0;
}

static inline int64_t wire_get_signed(struct wire *wire)
{
	uint64_t value = wire_get(wire);

	return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

static inline uint64_t wire_get_delta(struct wire *wire, uint64_t from)
{
	return from + (uint64_t)wire_get_signed(wire);
}

/* A number that is at most `most`. */
static inline uint64_t wire_get_most(struct wire *wire, uint64_t most)
{
	uint64_t value = wire_get(wire);

	if (value <= most)
		return value;
	wire->bad = true;
	return 0;
}

/* `len` bytes where they are, or NULL. */
static inline const unsigned char *wire_bytes(struct wire *wire, uint64_t len)
{
	const unsigned char *at = wire->at;

	if (len > (uint64_t)(wire->end - wire->at)) {
		wire->bad = true;
		return NULL;
	}
	wire->at += len;
	return at;
}

/* How many things that take a byte at least can still come: no count may be more. */
static inline uint64_t wire_left(const struct wire *wire)
{
	return (uint64_t)(wire->end - wire->at);
}

#endif
