/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * digits: decimal numbers straight into memory, for lines that are written a million times a
 * second.
 *
 * Each function but the last writes at `to` without a terminator and returns the place after the last digit; the
 * caller has made room (DIGITS_MAX bytes).
 */
#ifndef FTRACE_BASE_DIGITS_H
#define FTRACE_BASE_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* Of any uint64_t. */
#define DIGITS_MAX 20

/* "00" "01" ... "99" */
extern const char digits_pairs[201];
/* 10 to the power of the index */
extern const uint64_t digits_powers[20];

/* How many digits `value` has; 1 for 0. */
static inline unsigned int digits_count(uint64_t value)
{
	/* 1233 / 4096 is a little more than the logarithm of 2 to base 10. */
	unsigned int guess = (unsigned int)(64 - __builtin_clzll(value | 1)) * 1233 >> 12;

	return guess + 1 - (value < digits_powers[guess] && guess);
}

/* The lowest `count` digits of `value`, zeroes in front. */
static inline char *digits_padded(char *to, uint64_t value, unsigned int count)
{
	unsigned int at = count;

	while (at >= 2) {
		at -= 2;
		memcpy(to + at, digits_pairs + value % 100 * 2, 2);
		value /= 100;
	}
	if (at)
		*to = (char)('0' + value % 10);
	return to + count;
}

static inline char *digits_put(char *to, uint64_t value)
{
	return digits_padded(to, value, digits_count(value));
}

static inline char *digits_put_signed(char *to, int64_t value)
{
	if (value >= 0)
		return digits_put(to, (uint64_t)value);
	*to++ = '-';
	return digits_put(to, 0 - (uint64_t)value);
}

/* At the end of `buf`; nothing when it has no memory for it. */
static inline void digits_add(struct buf *buf, uint64_t value)
{
	char *to = buf_room(buf, DIGITS_MAX);

	if (to)
		buf->len = (size_t)(digits_put(to, value) - buf->data);
}

static inline void digits_add_signed(struct buf *buf, int64_t value)
{
	char *to = buf_room(buf, DIGITS_MAX + 1);

	if (to)
		buf->len = (size_t)(digits_put_signed(to, value) - buf->data);
}

/* The shortest decimal text that reads back to the same float (`single`) or double; "NaN", "+Inf",
 * "-Inf". Returns its length. */
#define DIGITS_FLOAT_MAX 40
size_t digits_float(double number, bool single, char room[DIGITS_FLOAT_MAX]);

#endif
