/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * viewer: what is on the screen, and what keys make of it. For the files viewer*.c alone.
 *
 *     column names
 *     rows                 the calls, or the table, or a text
 *     ...
 *     the function's name  what is known of the call under the cursor, where there is room
 *     ...
 *     the last line        where one is; what was found, or asked
 */
#ifndef FTRACE_TUI_VIEWER_H
#define FTRACE_TUI_VIEWER_H

#include "tui/keys.h"
#include "tui/line.h"
#include "tui/paper.h"
#include "tui/rows.h"
#include "tui/screen.h"
#include "tui/search.h"
#include "tui/survey.h"
#include "tui/table.h"

struct viewer {
	const char *name; /* of the file */
	struct recording *recording;
	struct sink_config config; /* with the size of the screen, and the table's order */
	struct screen *screen;
	struct shelf shelf;
	struct rows rows;
	struct lines lines;
	struct search search;
	struct survey *survey; /* NULL: nothing was asked that needs one */
	enum view view, below; /* `below`: the one that a text lies on */
	bool empty;            /* there is no row */
	struct place top, cursor;
	struct table table;
	struct paper text;  /* VIEW_TEXT, or what is known of the call under the cursor */
	struct buf title;   /* of the text */
	struct buf line;    /* one that is put together */
	struct buf message; /* the last line tells it until the next key */
	uint64_t told;      /* clock: when how far it has come was shown last */
	bool resized;       /* while it looked for something */
	bool quit;
	bool failed; /* memory is out */
};

/* viewer_draw.c: the screen as it is to be now. */
void viewer_draw(struct viewer *viewer, bool anew);
/* Lines that rows have, and that the text has. */
unsigned int viewer_body(const struct viewer *viewer);
/* For rows->go_on: tells how far it has come, and looks whether Esc was pressed. */
bool viewer_go_on(void *arg, uint64_t done, uint64_t all);

/* viewer_ask.c: asks for a line; false when there was none. `answer` is of `size` bytes. */
bool viewer_ask(struct viewer *viewer, const char *question, char *answer, size_t size);

/* viewer_calls.c: moves, folds and finds among the calls. */
void viewer_calls(struct viewer *viewer, enum action action);
/* To a row, which is made visible, into the middle unless it is on the screen. */
void viewer_go_to(struct viewer *viewer, struct place place);
/* To the slowest call of a function; UINT32_MAX: of all. */
void viewer_slowest(struct viewer *viewer, uint32_t func);
/* To the first row. */
void viewer_begin(struct viewer *viewer);
/* The rows of the screen begin so that the cursor is among them. */
void viewer_follow(struct viewer *viewer, bool center);

/* viewer_table.c */
void viewer_table(struct viewer *viewer, enum action action);
/* Shows it, after all was read, or what was until that was broken off. */
void viewer_show_table(struct viewer *viewer, uint32_t func);
/* The screen has another size. */
void viewer_table_resized(struct viewer *viewer);
/* Reads all; FOUND_STOPPED: some of it. */
enum found viewer_survey(struct viewer *viewer);

/* viewer_text.c: what lies over the others. */
void viewer_show_help(struct viewer *viewer);
void viewer_show_info(struct viewer *viewer);
void viewer_show_details(struct viewer *viewer);

/* Says it in the last line. */
void viewer_say(struct viewer *viewer, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
