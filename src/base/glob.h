/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * glob: function name patterns.
 *
 * `*` is any text, `?` any character, `[...]` a set of them (`[a-z]`, `[!x]` or `[^x]`), `\` quotes the next
 * one; a byte that is not UTF-8 counts as a character. None of them stops at '/' or '.'. Go names hold brackets (`main.F[go.shape.int]`), so a
 * bracket is tried as a set and, when that fails, as written. The whole name must match. A pattern
 * over 1 023 bytes equals itself only. Time is bounded by the name's length times the square of
 * the pattern's (each bracket looks for its end), memory is fixed.
 */
#ifndef FTRACE_BASE_GLOB_H
#define FTRACE_BASE_GLOB_H

#include <stdbool.h>

bool glob_match(const char *pattern, const char *name);

/* The same with each byte as a character: what the kernel can do with a text (rule/filter_glob.h). */
bool glob_match_bytes(const char *pattern, const char *name);

/*
 * Matches one byte against the set, of bytes, that the bracket at `p` opens. Returns the pattern behind the set, NULL
 * when the set is not closed; *in says whether the byte is in it.
 */
const char *glob_match_set(const char *p, unsigned char c, bool *in);

/* True when the pattern holds no `*`, `?`, `[` or `\`: it can only equal one name. */
bool glob_is_plain(const char *pattern);

#endif
