/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * put: short pieces of text straight into memory, for lines that are written a million times a
 * second.
 *
 * Each function writes at `to` and returns the place behind what it has put. A copy of a fixed size
 * is two instructions where one of a length that is not known is a call, so they may write, and read,
 * PUT_SLACK bytes whatever the length is: the caller has made so much room, and what is read has so
 * much behind its beginning.
 */
#ifndef FTRACE_BASE_PUT_H
#define FTRACE_BASE_PUT_H

#include <stddef.h>
#include <string.h>

#define PUT_SLACK 32

static inline char *put_text(char *to, const char *text, size_t len)
{
	if (__builtin_expect(len <= PUT_SLACK, 1))
		memcpy(to, text, PUT_SLACK);
	else
		memcpy(to, text, len);
	return to + len;
}

static inline char *put_blanks(char *to, size_t count)
{
	if (__builtin_expect(count <= PUT_SLACK, 1))
		memset(to, ' ', PUT_SLACK);
	else
		memset(to, ' ', count);
	return to + count;
}

#endif
