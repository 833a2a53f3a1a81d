/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * error: one line of text for the user, made where the user's words are known.
 *
 * The text has the form "THING: CAUSE; REMEDY" and no newline. Functions that
 * can fail for a reason worth telling take a `struct error *` as last argument,
 * fill it once and return a negative errno. The caller owns the struct; it
 * holds no other memory. A NULL pointer is allowed and drops the text.
 */
#ifndef FTRACE_BASE_ERROR_H
#define FTRACE_BASE_ERROR_H

#include <stdarg.h>

struct error {
	int code;        /* negative errno, 0 when nothing was set */
	char text[1024]; /* NUL-terminated UTF-8, cut when longer; '?' for control characters */
};

/* Fills `err` and returns `code`, which must be a negative errno. */
int error_set(struct error *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "THING: " before the text that is there already; returns err->code. `err` must have been
 * filled. Without one (NULL) the code is not known here: -EINVAL. */
int error_prefix(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#ifdef __clang_analyzer__
/* It sees one file at a time, and would take what these return for a success. */
#define ERROR_IS_NEGATIVE(call)                  \
	({                                       \
		int code_ = (call);              \
		if (code_ >= 0)                  \
			__builtin_unreachable(); \
		code_;                           \
	})
#define error_set(...)    ERROR_IS_NEGATIVE((error_set)(__VA_ARGS__))
#define error_prefix(...) ERROR_IS_NEGATIVE((error_prefix)(__VA_ARGS__))
#endif

#endif
