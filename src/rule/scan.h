/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scan: a cursor over one word of the command line, for the parsers of rules and filters.
 *
 * Columns count characters of UTF-8 from 1, in the whole word, as the user sees them. Nothing is
 * copied: `text` is the caller's, NUL-terminated. Blanks are space, tab, newline and CR.
 */
#ifndef FTRACE_RULE_SCAN_H
#define FTRACE_RULE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct scan {
	const char *text;
	size_t at, end;      /* offsets in text; at <= end */
	const char *noun;    /* "rule", "filter": what messages call the word */
	unsigned int number; /* which one, from 1 */
	struct error *err;   /* may be NULL */
};

#define SCAN_MAX 65536 /* bytes of a word; what is longer is refused */

/* A piece of the word, as a printf argument for "%.*s": at most 40 bytes of it. */
#define SCAN_PIECE(s, from, to) ((to) - (from) < 40 ? (int)((to) - (from)) : 40), (s)->text + (from)

/* Begins a word, which must be UTF-8 of at most SCAN_MAX bytes: 0 or -EINVAL. */
int scan_begin(struct scan *s, const char *text, const char *noun, unsigned int number,
	       struct error *err);

unsigned int scan_column(const struct scan *s, size_t at);

/* "NOUN NUMBER, column COLUMN: " and the message, into s->err. Returns -EINVAL. */
int scan_fail(struct scan *s, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* "NOUN NUMBER: out of memory". Returns -ENOMEM. */
int scan_nomem(struct scan *s);

/* The next byte that is no blank, the cursor on it; 0 at the end (a NUL in the text is none). */
char scan_peek(struct scan *s);

/* Goes over `c`, and blanks before it, if it is next. */
bool scan_take(struct scan *s, char c);

/* Letters, digits, `_` and everything beyond ASCII. */
bool scan_is_word(char c);

/* Goes over a run of such bytes, which begins at the cursor; returns where it ends. */
size_t scan_word(struct scan *s);

/* True when the piece from..to equals `text`. */
bool scan_equal(const struct scan *s, size_t from, size_t to, const char *text);

/* A copy of the piece, NUL-terminated, for free(); NULL when memory is out, with s->err filled. */
char *scan_copy(struct scan *s, size_t from, size_t to);

/* "'X' stands where WANTED should", or before `)`, `,` and the end "WANTED is missing": -EINVAL. */
int scan_unexpected(struct scan *s, const char *wanted);

#endif
