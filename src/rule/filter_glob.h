/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter_glob: the glob of a `~`, made into the table that decide.h runs over a text.
 *
 * It means what base/glob.h says of glob_match_bytes(), `?` and sets take a byte: a bracket is a set, and is also what is written. That gives each
 * part of the glob that takes one byte a place in a row of bits; a bracket has, besides the way
 * through its bytes as written, one way that leads from it to what stands behind it.
 *
 * Filters of many functions share one table, which is 9 KiB: it goes with the last of them. Not to be
 * shared between threads.
 */
#ifndef FTRACE_RULE_FILTER_GLOB_H
#define FTRACE_RULE_FILTER_GLOB_H

#include <stdbool.h>

#include <ftrace/decide.h>

struct filter_glob {
	unsigned int refs;
	struct ft_glob table;
};

/* `pattern` is at most FT_TEXT_MAX bytes long and has at most FT_GLOB_SETS brackets that are closed; NULL
 * when memory is out. The caller holds it, and gives it back with filter_glob_put(). */
struct filter_glob *filter_glob_new(const char *pattern);

/* One more holder. */
struct filter_glob *filter_glob_get(struct filter_glob *glob);

/* Frees it for the last holder; NULL is none. */
void filter_glob_put(struct filter_glob *glob);

/* Brackets of a glob that may be sets. */
unsigned int filter_glob_sets(const char *pattern);

/* A beginning and a star: decide.h compares such a one as it does texts. */
bool filter_glob_is_prefix(const char *pattern);

#endif
