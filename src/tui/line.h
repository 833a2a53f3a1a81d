/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line: a row as text.
 *
 *     17:10:59.088803   10.3 ms *   1  v main.doSomething(round=14) = 18
 *     17:10:59.088811    182 ns     1      main.add(a=1, b=14) = 15
 *     17:10:59.088826   5.48 ms #   1    > main.busy(d=200us) = 8504265314378249804
 *
 * Columns, values, colours and words are those of the text output (sink/), values brief and within the row; a triangle tells
 * whether there is more below a call. Text of the traced program is escaped: the only escapes that come out are SGR sequences of
 * our own, and none without colours.
 *
 * The caller owns the struct.
 */
#ifndef FTRACE_TUI_LINE_H
#define FTRACE_TUI_LINE_H

#include "base/buf.h"
#include "call/sink.h"
#include "sink/columns.h"
#include "sink/func_names.h"
#include "sink/mark_text.h"
#include "sink/value_text.h"
#include "tui/rows.h"

struct lines {
	const struct sink_config *config;
	struct columns columns;
	struct func_names names;
	struct value_style style;
	struct short_texts texts; /* the style's */
	struct value_room room;
	uint32_t pid; /* of the first process that was seen; 0: none was */
};

/* `config` outlives it. */
void lines_init(struct lines *lines, const struct sink_config *config);
void lines_release(struct lines *lines);

/* The column names. */
void line_header(const struct lines *lines, struct buf *buf);

/* Appends the row at that place, of `width` columns at most, unless its name is wider. Columns may have grown for it: then
 * columns_width() is another one, and what was made before does not fit below it. */
void line_row(struct lines *lines, struct buf *buf, struct rows *rows, struct place place,
	      unsigned int width);

/* How values of this function's executable are written: good until the next question. */
const struct value_style *lines_style(struct lines *lines, uint32_t func, bool brief);

/* What is needed for the words of a mark in that tree. */
struct mark_words lines_words(struct lines *lines, const struct tree *tree);

#endif
