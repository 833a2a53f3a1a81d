/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * search: rows in which a text stands: in the name, in the values, in the words of a mark; also of what is folded away.
 *
 * Small letters stand for capitals, too, unless the text has a capital. The caller owns the struct; zero-initialised nothing is
 * searched for.
 */
#ifndef FTRACE_TUI_SEARCH_H
#define FTRACE_TUI_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tui/line.h"
#include "tui/rows.h"

struct search {
	char *text; /* NULL: none */
	bool exact; /* capitals count */
	/* Of each function, by id: whether its name has it, SEARCH_*. */
	unsigned char *funcs;
	size_t nfuncs;
	struct buf words; /* of the row at hand */
};

/* Another text. 0 or -ENOMEM. */
int search_set(struct search *search, const char *text);
void search_release(struct search *search);

/* Whether it stands in these bytes. */
bool search_matches(const struct search *search, const char *text, size_t len);

/* The next row with it behind *place, or the previous one in front of it. Behind the end it goes on at the beginning: *round
 * says so. What is found may be folded away. */
enum found search_find(struct search *search, struct rows *rows, struct lines *lines, bool forward,
		       struct place *place, bool *round);

#endif
