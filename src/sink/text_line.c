/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/text_line.h"

#include <limits.h>

#include "base/digits.h"
#include "base/put.h"
#include "sink/call_end.h"
#include "sink/mark_text.h"
#include "sink/text_fold.h"

#define NAME_LEAST  16 /* columns of a name, however narrow a terminal is */
#define FILE_LEAST  64 /* columns that the values of a line have in a file at least */
#define CALLER_MOST 32 /* columns that values leave to a caller's end */
#define CALL_ROOM   24 /* what a name leaves of two rows to `(...) {` and how the call ended */

static unsigned int add_indent(const struct text_lines *lines, struct buf *buf, uint32_t level)
{
	unsigned int width = 2 * (level < lines->levels ? level : lines->levels);
	char *to = buf_room(buf, width + PUT_SLACK);
	size_t from;

	if (!to)
		return 0;
	put_blanks(to, width);
	buf->len += width;
	if (level <= lines->levels)
		return width;
	from = buf->len;
	buf_addc(buf, '[');
	buf_addu(buf, level);
	buf_adds(buf, "] ");
	return width + (unsigned int)(buf->len - from);
}

/* The end of a name that is too wide for its two rows; returns its width. */
static unsigned int add_name_end(struct buf *buf, const struct func_name *name, unsigned int room)
{
	size_t len = text_tail_within(name->text, name->len, room - TEXT_DOTS_WIDTH);
	const char *end = name->text + name->len - len;

	buf_adds(buf, TEXT_DOTS);
	buf_add(buf, end, len);
	return TEXT_DOTS_WIDTH + text_width(end, len);
}

void text_chain(struct text_lines *lines, const struct call *first, uint32_t count)
{
	buf_reset(&lines->chain);
	lines->chain_width = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct func_name *name = func_names_get(&lines->names, first[i].func);

		buf_add(&lines->chain, name->text, name->len);
		buf_adds(&lines->chain, FOLD_BETWEEN);
		lines->chain_width += name->width + (unsigned int)strlen(FOLD_BETWEEN);
	}
}

/* The name of a function behind `width` columns; returns the columns of all. */
static unsigned int add_name(struct text_lines *lines, struct buf *buf, const struct call *call,
			     unsigned int width)
{
	const struct func_name *name = func_names_get(&lines->names, call->func);
	unsigned int room;
	char *to;

	if (lines->chain.len) {
		buf_add(buf, lines->chain.data, lines->chain.len);
		width += lines->chain_width;
	}
	room = lines->rows > width + CALL_ROOM ? lines->rows - width - CALL_ROOM : 0;
	if (lines->width && name->width > room)
		return width + add_name_end(buf, name, room < NAME_LEAST ? NAME_LEAST : room);
	to = buf_room(buf, (size_t)name->len + PUT_SLACK);
	if (to)
		buf->len = (size_t)(put_text(to, name->text, name->len) - buf->data);
	return width + name->width;
}

/* Values of `call` are written with the names that its executable has. */
static const struct value_style *style_of(struct text_lines *lines, const struct call *call)
{
	uint32_t exe = func_names_get(&lines->names, call->func)->exe;

	lines->style.names = catalog_exe(lines->config->catalog, exe)->names;
	return &lines->style;
}

static struct value_room *room_of(struct text_lines *lines)
{
	return lines->bounded ? &lines->room : NULL;
}

/* Appends ` = 3`; returns its width. */
static unsigned int add_results(struct text_lines *lines, struct buf *buf, const struct call *call,
				const struct values *results)
{
	size_t from = buf->len;

	buf_add(buf, " = ", 3);
	value_text_results(buf, results, style_of(lines, call), room_of(lines));
	return buf->failed ? 0 : text_width(buf->data + from, buf->len - from);
}

/* Appends a note; returns its width. */
static unsigned int put_note(struct buf *buf, const char *note, bool red)
{
	size_t len = strlen(note);

	buf_addc(buf, ' ');
	if (red)
		buf_adds(buf, RED);
	buf_add(buf, "/* ", 3);
	buf_add(buf, note, len);
	buf_add(buf, " */", 3);
	if (red)
		buf_adds(buf, PLAIN);
	return (unsigned int)len + 7;
}

/* What there is to be said of it; returns its width. */
static unsigned int add_note(const struct text_lines *lines, struct buf *buf,
			     const struct call *call)
{
	bool red, cut = call->flags & (CALL_CUT_FROM | CALL_CUT_TO);
	unsigned int width = 0;
	const char *note;

	if (call->how == CALL_RETURN && !(call->flags & CALL_ENTRY_UNSEEN) && !cut)
		return 0;
	note = call_end_words(call, &red);
	if (note)
		width = put_note(buf, note, red && lines->config->color);
	return cut ? width + put_note(buf, "cut", false) : width;
}

/* What stands in the FUNCTION column. */
enum part {
	PART_HEAD,    /* main.add(a=1) */
	PART_OPENING, /* main.add(a=1) { */
	PART_LEAF,    /* main.add(a=1) = 2; */
	PART_CLOSING, /* } = 2; */
};

struct piece {
	const struct tree *tree;
	const struct call *call;
	const struct text_held *head; /* what was made of it before; NULL: nothing */
	enum part part;
};

/* Indentation, name and arguments; returns their width. */
static unsigned int make_head(struct text_lines *lines, struct buf *buf, const struct tree *tree,
			      const struct call *call)
{
	unsigned int width = add_name(lines, buf, call, add_indent(lines, buf, call->level)) + 2;
	const struct values *args = tree_args(tree, call);
	size_t from;

	buf_addc(buf, '(');
	if (args) {
		from = buf->len;
		value_text_args(buf, args, style_of(lines, call), room_of(lines));
		width += buf->failed ? 0 : text_width(buf->data + from, buf->len - from);
	}
	buf_addc(buf, ')');
	return width;
}

static inline unsigned int add_head(struct text_lines *lines, struct buf *buf,
				    const struct piece *piece)
{
	if (!piece->head)
		return make_head(lines, buf, piece->tree, piece->call);
	buf_add(buf, piece->head->text.data, piece->head->text.len);
	return piece->head->width;
}

static inline unsigned int add_opening(struct text_lines *lines, struct buf *buf,
				       const struct piece *piece)
{
	unsigned int width = add_head(lines, buf, piece);

	buf_add(buf, " {", 2);
	return width + 2;
}

static inline unsigned int add_leaf(struct text_lines *lines, struct buf *buf,
				    const struct piece *piece)
{
	unsigned int width = add_head(lines, buf, piece);
	const struct values *results = tree_results(piece->tree, piece->call);

	if (results)
		width += add_results(lines, buf, piece->call, results);
	buf_addc(buf, ';');
	return width + 1 + add_note(lines, buf, piece->call);
}

static inline unsigned int add_closing(struct text_lines *lines, struct buf *buf,
				       const struct piece *piece)
{
	const struct call *call = piece->call;
	const struct values *results = tree_results(piece->tree, call);
	unsigned int width = add_indent(lines, buf, call->level) + 1;

	buf_addc(buf, '}');
	/* Without a name of its own it is that of its opening line; a chain's would be as long as that. */
	if (!lines->chain.len && (!results || (call->flags & CALL_ENTRY_UNSEEN))) {
		buf_addc(buf, ' ');
		width = add_name(lines, buf, call, width + 1);
	}
	if (results) {
		width += add_results(lines, buf, call, results) + 1;
		buf_addc(buf, ';');
	}
	return width + add_note(lines, buf, call);
}

static unsigned int add_piece(struct text_lines *lines, struct buf *buf, const struct piece *piece)
{
	switch (piece->part) {
	case PART_HEAD:
		return add_head(lines, buf, piece);
	case PART_OPENING:
		return add_opening(lines, buf, piece);
	case PART_LEAF:
		return add_leaf(lines, buf, piece);
	default:
		return add_closing(lines, buf, piece);
	}
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* What two rows, or a file's line, leave when the caller has its place in the source there. */
static unsigned int find_limit(struct text_lines *lines, const struct piece *piece)
{
	const struct call_site *site = NULL;
	unsigned int last = 0;

	if (piece->part != PART_CLOSING)
		site = text_caller_find(lines, piece->tree, piece->call);
	if (site)
		last = TEXT_GAP + least(site->file_len ? site->file_width : site->name_width,
					lines->width ? CALLER_MOST : UINT_MAX);
	last = lines->rows > last ? lines->rows - last : 0;
	/* Of a call that is not over the results are still to come. */
	return piece->part == PART_HEAD ? last / 3 * 2 : last;
}

/* The same, and with the values once more where they were too wide. */
static unsigned int fit_piece(struct text_lines *lines, struct buf *buf, const struct piece *piece)
{
	struct shown *shown = lines->style.shown;
	size_t from = buf->len, mark = shown ? shown_mark(shown) : 0;
	unsigned int width, limit, fixed, room;

	lines->room.width = lines->room.nwidths = 0;
	lines->room.shared = false;
	lines->room.errors_whole = !lines->width;
	width = add_piece(lines, buf, piece);
	/* Most lines are short. */
	if (width <= lines->rows / 2)
		return width;
	limit = find_limit(lines, piece);
	if (width <= limit || !lines->room.nwidths)
		return width;
	buf->len = from;
	if (shown)
		shown_undo(shown, mark);
	fixed = width - lines->room.width;
	room = limit > fixed ? limit - fixed : 0;
	/* A file has no edge. */
	if (!lines->width && room < FILE_LEAST)
		room = FILE_LEAST;
	value_room_share(&lines->room, room);
	return add_piece(lines, buf, piece);
}

void text_head(struct text_lines *lines, struct text_held *held, const struct tree *tree,
	       const struct call *call)
{
	struct piece piece = {.tree = tree, .call = call, .part = PART_HEAD};

	buf_reset(&held->text);
	text_creator(lines, &held->creator, tree, call);
	held->width = lines->bounded ? fit_piece(lines, &held->text, &piece)
				     : add_head(lines, &held->text, &piece);
}

/* What stands behind the caller. */
static const struct buf *find_creator(struct text_lines *lines, const struct piece *piece)
{
	if (piece->head)
		return &piece->head->creator;
	text_creator(lines, &lines->creator, piece->tree, piece->call);
	return &lines->creator;
}

void text_opening(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
		  const struct call *call, const struct text_held *head)
{
	struct buf *buf = &lines->config->outlet->buf;
	struct moment moment = {.time = call->start, .timed = true};
	struct piece piece = {tree, call, head, PART_OPENING};
	unsigned int width;

	columns_add(&lines->columns, buf, owner, &moment);
	width = lines->bounded ? fit_piece(lines, buf, &piece) : add_opening(lines, buf, &piece);
	text_caller_add(lines, tree, call, width, find_creator(lines, &piece));
}

void text_leaf(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
	       const struct call *call, const struct text_held *head)
{
	struct buf *buf = &lines->config->outlet->buf;
	struct moment moment = {.time = call->start, .timed = true};
	struct piece piece = {tree, call, head, PART_LEAF};
	unsigned int width;

	moment_of_call(&moment, call, lines->times);
	columns_add(&lines->columns, buf, owner, &moment);
	width = lines->bounded ? fit_piece(lines, buf, &piece) : add_leaf(lines, buf, &piece);
	text_caller_add(lines, tree, call, width, find_creator(lines, &piece));
}

void text_closing(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
		  const struct call *call)
{
	struct buf *buf = &lines->config->outlet->buf;
	struct moment moment = {.time = call->end};
	struct piece piece = {.tree = tree, .call = call, .part = PART_CLOSING};

	moment_of_call(&moment, call, lines->times);
	moment.timed = moment.lasted || ((call->flags & CALL_ENTRY_UNSEEN) && call->end);
	columns_add(&lines->columns, buf, owner, &moment);
	if (lines->bounded)
		fit_piece(lines, buf, &piece);
	else
		add_closing(lines, buf, &piece);
	buf_addc(buf, '\n');
}

void text_mark(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
	       const struct mark *mark, unsigned int level)
{
	struct buf *buf = &lines->config->outlet->buf;
	struct moment moment = {.time = mark->start, .timed = true};
	struct mark_words words = {.config = lines->config, .names = &lines->names};
	bool alarm = mark->kind->alarm, red = alarm && lines->config->color;

	/* A tree is of one executable. */
	words.exe = tree && tree->ncalls
			    ? catalog_exe_of(lines->config->catalog, tree->calls[0].func)
			    : catalog_exe(lines->config->catalog, 0);
	if (mark->kind->lasts && !mark->open) {
		moment.duration = mark->end > mark->start ? mark->end - mark->start : 0;
		moment.wait = moment.duration;
		moment.waited = mark->kind->waits;
		moment.lasted = !mark->kind->waits;
	}
	if (!lines->config->only)
		columns_add(&lines->columns, buf, owner, &moment);
	add_indent(lines, buf, level);
	if (red)
		buf_adds(buf, RED);
	buf_adds(buf, alarm ? "-- " : "~ ");
	mark_text(buf, &words, mark, tree_mark_detail(tree, mark));
	if (alarm)
		buf_adds(buf, " --");
	if (red)
		buf_adds(buf, PLAIN);
	buf_addc(buf, '\n');
}
