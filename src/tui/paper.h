/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * paper: a text as lines, of which a screenful is to be seen: the help, details, the table.
 *
 * The caller owns the struct; zero-initialised is empty.
 */
#ifndef FTRACE_TUI_PAPER_H
#define FTRACE_TUI_PAPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tui/keys.h"

struct paper {
	struct buf text;
	size_t *starts; /* of each line, once it was split */
	size_t count, cap;
	size_t cursor, top; /* lines */
};

/* What is in `text` becomes lines: each ends with a newline. 0 or -ENOMEM. */
int paper_split(struct paper *paper);

/* Nothing is on it. */
void paper_reset(struct paper *paper);
void paper_release(struct paper *paper);

/* Line `i`, without its newline. */
const char *paper_line(const struct paper *paper, size_t i, size_t *len);

/* Moves the cursor as the action says, with `height` lines on the screen; false when that is none of its actions. Without
 * `cursor` the text moves instead. */
bool paper_move(struct paper *paper, enum action action, size_t height, bool cursor);

/* Makes the line of the cursor be among those to be seen. */
void paper_follow(struct paper *paper, size_t height);

#endif
