/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who gets which columns of a line.
 */
#include <limits.h>

#include "base/terminal.h"
#include "sink/text_line.h"

#define FUNC_WIDTH   50  /* of the FUNCTION column at first */
#define FUNC_LIMIT   100 /* without a terminal */
#define FUNC_LEAST   24  /* on a narrow one */
#define CALLER_ROOM  36 /* on a terminal: what the FUNCTION column leaves to CALLER at first, ... */
#define CALLER_LEAST 20 /* ... and when it has grown */
#define LEVELS       100
#define LINE_WIDTH \
	200 /* of a line with brief values where there is no terminal, if names leave it to them */

static unsigned int clamp(unsigned int value, unsigned int least, unsigned int most)
{
	return value < least ? least : value > most ? most : value;
}

/* Shares what the terminal has right of the other columns between FUNCTION and CALLER. */
static void share_width(struct text_lines *lines)
{
	unsigned int left = columns_width(&lines->columns), room;

	lines->levels = LEVELS;
	lines->func_limit = FUNC_LIMIT;
	lines->callers = true;
	lines->rows = UINT_MAX;
	if (!lines->width) {
		if (lines->bounded)
			lines->rows = LINE_WIDTH - left;
		lines->func = clamp(lines->func, FUNC_WIDTH, FUNC_LIMIT);
		return;
	}
	room = lines->width > left + TEXT_GAP ? lines->width - left - TEXT_GAP : 0;
	lines->callers = room >= FUNC_LEAST + CALLER_LEAST;
	lines->levels = clamp(room / 4, 4, LEVELS);
	lines->func_limit =
		lines->callers ? clamp(room - CALLER_LEAST, FUNC_LEAST, FUNC_LIMIT) : room;
	/* A wide character may leave the last column of a row empty. */
	lines->rows = clamp(2 * lines->width - 1, left + FUNC_LEAST, UINT_MAX) - left;
	room = room > CALLER_ROOM ? room - CALLER_ROOM : 0;
	lines->func = clamp(lines->func, clamp(room, FUNC_LEAST, FUNC_WIDTH), lines->func_limit);
}

void text_lines_init(struct text_lines *lines, const struct sink_config *config)
{
	*lines = (struct text_lines){
		.config = config,
		.width = config->width > 0 ? (unsigned int)config->width : 0,
		.style = {.brief = config->brief},
		.header_due = true,
	};
	lines->style.texts = &lines->texts;
	lines->bounded = config->brief;
	columns_init(&lines->columns, config);
	func_names_init_text(&lines->names, config->catalog, config->trim, config->ntrim);
	text_callers_init(lines);
	share_width(lines);
}

void text_lines_release(struct text_lines *lines)
{
	func_names_release(&lines->names);
	call_sites_release(&lines->sites);
	buf_release(&lines->chain);
	buf_release(&lines->creator);
}

static void add_header(struct text_lines *lines)
{
	struct buf *buf = &lines->config->outlet->buf;

	columns_header(&lines->columns, buf);
	buf_adds(buf, "FUNCTION");
	if (lines->callers) {
		buf_fill(buf, ' ', lines->func + TEXT_GAP - strlen("FUNCTION"));
		buf_adds(buf, "CALLER");
	}
	buf_addc(buf, '\n');
	lines->header_due = false;
}

/* The terminal may have got another width since; what it has of the lines above is its own affair. */
static bool follow_terminal(struct text_lines *lines)
{
	unsigned int now = lines->width ? terminal_columns(lines->config->outlet->fd) : 0;

	if (!now || now == lines->width)
		return false;
	lines->width = now;
	lines->header_due = true;
	return true;
}

void text_lines_begin(struct text_lines *lines, const struct owner *owner)
{
	unsigned int before = columns_width(&lines->columns);

	columns_fit(&lines->columns, owner);
	if (follow_terminal(lines) || columns_width(&lines->columns) != before)
		share_width(lines);
	if (lines->header_due)
		add_header(lines);
}

void text_lines_show_pid(struct text_lines *lines, uint32_t pid)
{
	if (!lines->columns.pid)
		lines->header_due = true;
	columns_show_pid(&lines->columns, pid);
	share_width(lines);
}

void text_lines_grow(struct text_lines *lines, unsigned int width)
{
	if (width <= lines->func)
		return;
	/* In steps, so that the column does not move with every line. */
	width = (width + 3) & ~3u;
	lines->func = width < lines->func_limit ? width : lines->func_limit;
}

void text_lines_fit(struct text_lines *lines, const struct call *call)
{
	if (call->level <= lines->levels && !(call->flags & CALL_ENTRY_UNSEEN))
		text_lines_grow(lines, 2 * call->level +
					       func_names_get(&lines->names, call->func)->width +
					       4);
}
