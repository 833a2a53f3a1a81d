/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * screen: the terminal. The only place that knows of ncurses.
 *
 * Lines are UTF-8 with SGR sequences as the text output has them; other control characters never get through. Colours are of the
 * palette that every terminal has, on its own background.
 */
#ifndef FTRACE_TUI_SCREEN_H
#define FTRACE_TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct screen;

/* Takes the terminal behind stdin and stdout. NULL with `err` filled where there is none, or where it is one that cannot place
 * text. There is one at a time. */
struct screen *screen_open(bool color, struct error *err);

/* Gives it back as it was. NULL is none. */
void screen_close(struct screen *screen);

/* Lines and columns now. */
unsigned int screen_height(const struct screen *screen);
unsigned int screen_width(const struct screen *screen);

enum look {
	LOOK_PLAIN,
	LOOK_HEAD,   /* column names and titles */
	LOOK_CURSOR, /* the row under the cursor, the last line */
	LOOK_DIM,
};

/* Line `y` becomes this text; where it is longer than the line, dots in the last column say so. */
void screen_put(struct screen *screen, unsigned int y, const char *text, size_t len,
		enum look look);

/* The lines from `y` on to in front of `end` become empty. */
void screen_clear(struct screen *screen, unsigned int y, unsigned int end);

/* What was put is to be seen. `anew`: all of it is painted again. */
void screen_show(struct screen *screen, bool anew);

/* The next key (keys.h); waits at most `ms` milliseconds, forever with a negative number: KEY_IS_NONE when none came. */
int screen_key(struct screen *screen, int ms);

#endif
