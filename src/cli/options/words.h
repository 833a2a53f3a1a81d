/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words: a text that a shell would split into words: at white space, with '...', "..." and \ to quote.
 * Nothing else of a shell's is known: no variables, no globs. Source: POSIX, Shell Command Language, 2.2.
 *
 * Zero-initialised is empty. The caller owns the struct and releases it.
 */
#ifndef FTRACE_CLI_OPTIONS_WORDS_H
#define FTRACE_CLI_OPTIONS_WORDS_H

#include <stddef.h>

#include "base/error.h"

struct words {
	char **items; /* each one's memory is the struct's */
	size_t count, cap;
};

/* Appends the words of `text`. 0, or -EINVAL with "CAUSE; REMEDY" in `err` for a quote that does not
 * end; -ENOMEM. */
int words_split(struct words *words, const char *text, struct error *err);

/* Appends one word of `len` bytes, as it is: 0 or -ENOMEM. */
int words_add(struct words *words, const char *word, size_t len);

void words_release(struct words *words);

#endif
