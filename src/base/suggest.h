/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * suggest: "did you mean", for a name that is not there.
 */
#ifndef FTRACE_BASE_SUGGEST_H
#define FTRACE_BASE_SUGGEST_H

#include <stddef.h>

#define SUGGEST_MAX 3

struct suggest {
	const char *wanted;
	const char *names[SUGGEST_MAX]; /* the closest so far, best first; the givers' strings */
	unsigned int distance[SUGGEST_MAX];
	size_t count;
};

void suggest_init(struct suggest *s, const char *wanted);

/* Considers one more name. Names that are too far off to have been meant are passed over. */
void suggest_name(struct suggest *s, const char *name);

/* "; did you mean a, b?" or "" into `text`. */
const char *suggest_text(const struct suggest *s, char *text, size_t size);

/* How many letters have to be put in, taken out or exchanged to make `b` of `a` (Levenshtein's distance); some number
 * above `limit` when it is more than that, or one of them is longer than 127 bytes. */
unsigned int suggest_distance(const char *a, size_t alen, const char *b, size_t blen,
			      unsigned int limit);

#endif
