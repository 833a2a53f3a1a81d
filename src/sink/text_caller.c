/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CALLER column, and what becomes of it where a terminal has no room for all of it.
 */
#include "base/escape.h"
#include "base/put.h"
#include "sink/shown_name.h"
#include "sink/source_file.h"
#include "sink/text_line.h"

#define VALUES_WIDTH 72 /* the FUNCTION column does not grow beyond this for the sake of values */
#define TAIL_LEAST   8  /* columns of a caller's end that are worth showing */

static void render_site(void *arg, struct buf *buf, const struct caller *caller,
			const struct catalog_exe *exe, struct call_site *site)
{
	const struct sink_config *config = arg;
	const char *file;
	size_t from = buf->len;

	shown_name_put(buf, exe, caller->func, config->trim, config->ntrim);
	if (buf->failed)
		return;
	site->name_len = (uint32_t)(buf->len - from);
	site->name_width = text_width(buf->data + from, site->name_len);
	buf_addc(buf, '+');
	buf_addu(buf, caller->offset);
	if (!caller->file)
		return;
	file = source_file_short(caller->file, exe->root);
	buf_addc(buf, ' ');
	from = buf->len;
	escape_text(buf, file, strlen(file));
	if (caller->line > 0) {
		buf_addc(buf, ':');
		buf_addu(buf, (uint64_t)caller->line);
	}
	if (buf->failed)
		return;
	site->file_len = (uint32_t)(buf->len - from);
	site->file_width = text_width(buf->data + from, site->file_len);
}

/* Ends a line with all of `site`. */
static void add_whole(const struct text_lines *lines, struct buf *buf, const struct call_site *site,
		      unsigned int gap)
{
	char *to = buf_room(buf, (size_t)gap + site->len + sizeof(DIM PLAIN "\n") + PUT_SLACK);

	if (!to)
		return;
	to = put_blanks(to, gap);
	if (lines->config->color) {
		memcpy(to, DIM, strlen(DIM));
		to += strlen(DIM);
	}
	to = put_text(to, site->text, site->len);
	if (lines->config->color) {
		memcpy(to, PLAIN, strlen(PLAIN));
		to += strlen(PLAIN);
	}
	*to++ = '\n';
	buf->len = (size_t)(to - buf->data);
}

/* What is shown of a caller: one piece of its text or two, with a blank between, or with dots in front. */
struct excerpt {
	const char *first, *second;
	size_t first_len, second_len;
	unsigned int width;
	bool dots;
};

/*
 * As much of `site` as fits into `room` columns: all of it, without the offset, its place in the source, the end of
 * that; false when even this would tell nothing.
 */
static bool find_excerpt(const struct call_site *site, unsigned int room, struct excerpt *excerpt)
{
	const char *file = site->text + site->len - site->file_len;
	const char *last = site->file_len ? file : site->text;
	size_t last_len = site->file_len ? site->file_len : site->name_len;
	unsigned int last_width = site->file_len ? site->file_width : site->name_width;

	*excerpt = (struct excerpt){.first = site->text, .first_len = site->len};
	if (site->width <= room) {
		excerpt->width = site->width;
	} else if (site->file_len && site->name_width + 1 + site->file_width <= room) {
		excerpt->first_len = site->name_len;
		excerpt->second = file;
		excerpt->second_len = site->file_len;
		excerpt->width = site->name_width + 1 + site->file_width;
	} else if (last_width <= room) {
		excerpt->first = last;
		excerpt->first_len = last_len;
		excerpt->width = last_width;
	} else if (room >= TAIL_LEAST + TEXT_DOTS_WIDTH) {
		excerpt->first_len = text_tail_within(last, last_len, room - TEXT_DOTS_WIDTH);
		excerpt->first = last + last_len - excerpt->first_len;
		excerpt->width = text_width(excerpt->first, excerpt->first_len) + TEXT_DOTS_WIDTH;
		excerpt->dots = true;
	} else {
		return false;
	}
	return true;
}

static void add_excerpt(const struct text_lines *lines, struct buf *buf,
			const struct excerpt *excerpt, unsigned int gap)
{
	buf_fill(buf, ' ', gap);
	if (lines->config->color)
		buf_adds(buf, DIM);
	if (excerpt->dots)
		buf_adds(buf, TEXT_DOTS);
	buf_add(buf, excerpt->first, excerpt->first_len);
	if (excerpt->second_len)
		buf_addc(buf, ' ');
	buf_add(buf, excerpt->second, excerpt->second_len);
	if (lines->config->color)
		buf_adds(buf, PLAIN);
}

/* Where the row has room for the caller's place in the source it stands there; else in the second row, if that is
 * still empty. */
static void add_on_terminal(const struct text_lines *lines, struct buf *buf,
			    const struct call_site *site, unsigned int width)
{
	unsigned int left = columns_width(&lines->columns), used = left + width;
	bool second = used > lines->width;
	unsigned int column = left + lines->func + TEXT_GAP;
	unsigned int row = second ? used - lines->width : used;
	unsigned int at = second || row + TEXT_GAP > column ? row + TEXT_GAP : column;
	unsigned int room = at < lines->width ? lines->width - at : 0;
	struct excerpt excerpt;

	if (find_excerpt(site, room, &excerpt) && (second || !excerpt.dots)) {
		add_excerpt(lines, buf, &excerpt, at - row);
	} else if (!second) {
		buf_addc(buf, '\n');
		room = lines->width > column ? lines->width - column : 0;
		/* To the left of its column where it needs to be. */
		if (!find_excerpt(site, room, &excerpt) || excerpt.dots) {
			if (!find_excerpt(site, lines->width - 1, &excerpt))
				return;
			column = lines->width - excerpt.width;
		}
		add_excerpt(lines, buf, &excerpt, column);
	}
	buf_addc(buf, '\n');
}

/* In a file nothing wraps: all of it, but where brief values and names have made the line long already. */
static void add_to_line(const struct text_lines *lines, struct buf *buf,
			const struct call_site *site, unsigned int width)
{
	unsigned int gap = width < lines->func ? lines->func + TEXT_GAP - width : TEXT_GAP;
	unsigned int room = lines->rows > width + gap ? lines->rows - width - gap : 0;
	struct excerpt excerpt;

	if (site->width <= room) {
		add_whole(lines, buf, site, gap);
		return;
	}
	find_excerpt(site, room < site->file_width ? site->file_width : room, &excerpt);
	add_excerpt(lines, buf, &excerpt, gap);
	buf_addc(buf, '\n');
}

const struct call_site *text_caller_find(struct text_lines *lines, const struct tree *tree,
					 const struct call *call)
{
	if (!call->caller || !lines->callers)
		return NULL;
	return call_sites_find(&lines->sites, tree->source, call,
			       func_names_get(&lines->names, call->func)->exe);
}

/* Of text in which nothing but colours is not shown. */
static unsigned int plain_width(const char *text, size_t len)
{
	unsigned int width = 0;

	while (len) {
		const char *escape = memchr(text, '\033', len);
		size_t plain = escape ? (size_t)(escape - text) : len, skip = plain;

		width += text_width(text, plain);
		while (skip < len && text[skip++] != 'm')
			;
		text += skip;
		len -= skip;
	}
	return width;
}

/* Puts it behind what is in the line; its end goes before. */
static void add_behind(const struct text_lines *lines, struct buf *buf, const struct buf *creator,
		       const char *gap)
{
	buf->len--;
	buf_adds(buf, gap);
	if (lines->config->color)
		buf_adds(buf, DIM);
	buf_add(buf, creator->data, creator->len);
	buf_adds(buf, lines->config->color ? PLAIN "\n" : "\n");
}

/* The line's function part is `used` columns wide; from `from` on stands its caller. On a terminal that has no room in the row
 * there is a second one, where the caller is not there already. */
static void add_creator(const struct text_lines *lines, struct buf *buf, size_t from,
			unsigned int used, const struct buf *creator)
{
	unsigned int width = text_width(creator->data, creator->len), column;
	const char *gap = buf->len - from > 1 ? "; " : "  ";

	if (buf->failed || creator->failed)
		return;
	if (!lines->width) {
		add_behind(lines, buf, creator, gap);
		return;
	}
	used += columns_width(&lines->columns);
	if (used > lines->width || memchr(buf->data + from, '\n', buf->len - 1 - from))
		return;
	used += plain_width(buf->data + from, buf->len - 1 - from);
	if (used + TEXT_GAP + width <= lines->width) {
		add_behind(lines, buf, creator, gap);
		return;
	}
	if (width >= lines->width)
		return;
	column = columns_width(&lines->columns) + lines->func + TEXT_GAP;
	if (column + width > lines->width)
		column = lines->width - width;
	buf_fill(buf, ' ', column);
	buf_addc(buf, '\n');
	add_behind(lines, buf, creator, "");
}

static void add_caller(struct text_lines *lines, const struct tree *tree, const struct call *call,
		       unsigned int width)
{
	struct buf *buf = &lines->config->outlet->buf;
	const struct call_site *site = text_caller_find(lines, tree, call);

	if (!site) {
		buf_addc(buf, '\n');
		return;
	}
	/* Values may be of any length: a long line does not push all others aside. */
	if (width <= VALUES_WIDTH || (call->args == CALL_NONE && call->results == CALL_NONE))
		text_lines_grow(lines, width);
	if (lines->width)
		add_on_terminal(lines, buf, site, width);
	else
		add_to_line(lines, buf, site, width);
}

void text_caller_add(struct text_lines *lines, const struct tree *tree, const struct call *call,
		     unsigned int width, const struct buf *creator)
{
	struct buf *buf = &lines->config->outlet->buf;
	size_t from = buf->len;

	add_caller(lines, tree, call, width);
	if (creator->len && lines->callers)
		add_creator(lines, buf, from, width, creator);
}

void text_callers_init(struct text_lines *lines)
{
	call_sites_init(&lines->sites, lines->config->catalog, render_site, (void *)lines->config);
}
