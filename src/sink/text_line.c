/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/text_line.h"

#include "base/digits.h"
#include "base/escape.h"
#include "base/put.h"
#include "sink/source_file.h"
#include "sink/value_text.h"

#define FUNC_WIDTH   50  /* of the FUNCTION column at first */
#define FUNC_LIMIT   100 /* without a terminal */
#define VALUES_WIDTH 72  /* it does not grow beyond this for the sake of values */
#define FUNC_LEAST   24  /* on a narrow one */
#define CALLER_ROOM  36 /* on a terminal: what the FUNCTION column leaves to CALLER at first, ... */
#define CALLER_LEAST 20 /* ... and when it has grown */
#define LEVELS       100
#define GAP          2 /* between FUNCTION and CALLER */

static void render_site(void *arg, struct buf *buf, const struct caller *caller,
			const struct catalog_exe *exe, struct call_site *site)
{
	const struct sink_config *config = arg;
	const char *name = func_name_trim(caller->func, config->trim, config->ntrim), *file;
	size_t from = buf->len;

	escape_text(buf, name, strlen(name));
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

static unsigned int clamp(unsigned int value, unsigned int least, unsigned int most)
{
	return value < least ? least : value > most ? most : value;
}

/* Shares what the terminal has right of the other columns between FUNCTION and CALLER. */
static void share_width(struct text_lines *lines)
{
	unsigned int left = columns_width(&lines->columns);
	unsigned int all, room;

	lines->levels = LEVELS;
	lines->func_limit = FUNC_LIMIT;
	lines->callers = true;
	if (lines->config->width <= 0) {
		lines->func = clamp(lines->func, FUNC_WIDTH, FUNC_LIMIT);
		return;
	}
	all = (unsigned int)lines->config->width;
	room = all > left + GAP ? all - left - GAP : 0;
	lines->callers = room >= FUNC_LEAST + CALLER_LEAST;
	lines->levels = clamp(room / 4, 4, LEVELS);
	lines->func_limit =
		lines->callers ? clamp(room - CALLER_LEAST, FUNC_LEAST, FUNC_LIMIT) : room;
	room = room > CALLER_ROOM ? room - CALLER_ROOM : 0;
	lines->func = clamp(lines->func, clamp(room, FUNC_LEAST, FUNC_WIDTH), lines->func_limit);
}

void text_lines_init(struct text_lines *lines, const struct sink_config *config)
{
	*lines = (struct text_lines){.config = config, .header_due = true};
	columns_init(&lines->columns, config);
	call_sites_init(&lines->sites, config->catalog, render_site, (void *)config);
	func_names_init(&lines->names, config->catalog, escape_text, config->trim, config->ntrim);
	share_width(lines);
}

void text_lines_release(struct text_lines *lines)
{
	func_names_release(&lines->names);
	call_sites_release(&lines->sites);
}

static void add_header(struct text_lines *lines)
{
	struct buf *buf = &lines->config->outlet->buf;

	columns_header(&lines->columns, buf);
	buf_adds(buf, "FUNCTION");
	if (lines->callers) {
		buf_fill(buf, ' ', lines->func + GAP - strlen("FUNCTION"));
		buf_adds(buf, "CALLER");
	}
	buf_addc(buf, '\n');
	lines->header_due = false;
}

void text_lines_begin(struct text_lines *lines, const struct owner *owner)
{
	unsigned int before = columns_width(&lines->columns);

	columns_fit(&lines->columns, owner);
	if (columns_width(&lines->columns) != before)
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

static void grow(struct text_lines *lines, unsigned int width)
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
		grow(lines, 2 * call->level + func_names_get(&lines->names, call->func)->width + 4);
}

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

/* Indentation and name, up to the parenthesis; returns their width. */
static unsigned int add_name(struct text_lines *lines, struct buf *buf, const struct call *call)
{
	const struct func_name *name = func_names_get(&lines->names, call->func);
	unsigned int width = add_indent(lines, buf, call->level);
	char *to = buf_room(buf, (size_t)name->len + 1 + PUT_SLACK);

	if (!to)
		return 0;
	to = put_text(to, name->text, name->len);
	*to++ = '(';
	buf->len = (size_t)(to - buf->data);
	return width + name->width + 1;
}

unsigned int text_head(struct text_lines *lines, struct buf *buf, const struct tree *tree,
		       const struct call *call)
{
	unsigned int width = add_name(lines, buf, call) + 1;
	const struct values *args = tree_args(tree, call);
	size_t from;

	if (args) {
		from = buf->len;
		value_text_args(buf, args);
		width += buf->failed ? 0 : text_width(buf->data + from, buf->len - from);
	}
	buf_addc(buf, ')');
	return width;
}

/* Appends ` = 3`; returns its width. */
static unsigned int add_results(struct buf *buf, const struct values *results)
{
	size_t from = buf->len;

	buf_add(buf, " = ", 3);
	value_text_results(buf, results);
	return buf->failed ? 0 : text_width(buf->data + from, buf->len - from);
}

/* What is said of a call that did not return by itself, in red when that is bad news. */
static const char *end_note(const struct call *call, bool *red)
{
	*red = false;
	if (call->flags & CALL_ENTRY_UNSEEN)
		return call->flags & CALL_ENTRY_LOST ? "entry not seen" : "entered before tracing";
	switch (call->how) {
	case CALL_OPEN:
		return "still running";
	case CALL_TAIL:
		return "tail call";
	case CALL_UNWOUND:
		*red = !!(call->flags & CALL_PANIC);
		return call->flags & CALL_PANIC    ? "panic"
		       : call->flags & CALL_GOEXIT ? "Goexit"
						   : "unwound";
	case CALL_EXIT:
		return "process exited";
	case CALL_LOST:
		*red = true;
		return "exit lost";
	default:
		return NULL;
	}
}

/* Appends the note; returns its width. */
static unsigned int add_note(const struct text_lines *lines, struct buf *buf,
			     const struct call *call)
{
	bool red;
	const char *note;
	size_t len;

	if (call->how == CALL_RETURN && !(call->flags & CALL_ENTRY_UNSEEN))
		return 0;
	note = end_note(call, &red);
	if (!note)
		return 0;
	len = strlen(note);
	red = red && lines->config->color;
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

static void add_dim(const struct text_lines *lines, struct buf *buf, const char *text, size_t len)
{
	if (lines->config->color)
		buf_adds(buf, DIM);
	buf_add(buf, text, len);
	if (lines->config->color)
		buf_adds(buf, PLAIN);
}

/* As much of `site` as fits into `room` characters; false when not even the place in the source. */
static bool add_shortened(const struct text_lines *lines, struct buf *buf,
			  const struct call_site *site, unsigned int gap, unsigned int room)
{
	const char *file = site->text + site->len - site->file_len;

	if (site->width <= room) {
		buf_fill(buf, ' ', gap);
		add_dim(lines, buf, site->text, site->len);
	} else if (site->file_len && site->name_width + 1 + site->file_width <= room) {
		buf_fill(buf, ' ', gap);
		add_dim(lines, buf, site->text, site->name_len);
		buf_addc(buf, ' ');
		add_dim(lines, buf, file, site->file_len);
	} else if (site->file_len && site->file_width <= room) {
		buf_fill(buf, ' ', gap);
		add_dim(lines, buf, file, site->file_len);
	} else {
		return false;
	}
	return true;
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

/* Ends a line whose function part is `width` wide with the caller. */
static void add_caller(struct text_lines *lines, struct buf *buf, const struct tree *tree,
		       const struct call *call, unsigned int width)
{
	const struct call_site *site = NULL;
	unsigned int left, gap, at, all;

	if (call->caller && lines->callers)
		site = call_sites_find(&lines->sites, tree->source, call,
				       func_names_get(&lines->names, call->func)->exe);
	if (!site) {
		buf_addc(buf, '\n');
		return;
	}
	/* Values may be of any length: a long line does not push all others aside. */
	if (width <= VALUES_WIDTH || (call->args == CALL_NONE && call->results == CALL_NONE))
		grow(lines, width);
	gap = width < lines->func ? lines->func + GAP - width : GAP;
	if (lines->config->width <= 0) {
		add_whole(lines, buf, site, gap);
		return;
	}
	left = columns_width(&lines->columns);
	all = (unsigned int)lines->config->width;
	at = left + width + gap;
	if (!add_shortened(lines, buf, site, gap, at < all ? all - at : 0)) {
		at = left + lines->func + GAP;
		buf_addc(buf, '\n');
		add_shortened(lines, buf, site, at, at < all ? all - at : 0);
	}
	buf_addc(buf, '\n');
}

/* A duration that is known only because something else showed the call to be over is marked. */
static void set_duration(struct moment *moment, const struct call *call)
{
	if ((call->flags & CALL_ENTRY_UNSEEN) || call->how == CALL_OPEN || call->how == CALL_EXIT ||
	    call->how == CALL_LOST)
		return;
	moment->duration = call->end > call->start ? call->end - call->start : 0;
	moment->lasted = true;
	moment->approximate = !!(call->flags & CALL_APPROXIMATE);
}

/* The head that was made before, or one that is made where it belongs; returns its width. */
static unsigned int add_head(struct text_lines *lines, struct buf *buf, const struct tree *tree,
			     const struct call *call, const struct text_held *head)
{
	if (!head)
		return text_head(lines, buf, tree, call);
	buf_add(buf, head->text.data, head->text.len);
	return head->width;
}

void text_opening(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
		  const struct call *call, const struct text_held *head)
{
	struct buf *buf = &lines->config->outlet->buf;
	struct moment moment = {.time = call->start, .timed = true};
	unsigned int width;

	columns_add(&lines->columns, buf, owner, &moment);
	width = add_head(lines, buf, tree, call, head);
	buf_add(buf, " {", 2);
	add_caller(lines, buf, tree, call, width + 2);
}

void text_leaf(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
	       const struct call *call, const struct text_held *head)
{
	struct buf *buf = &lines->config->outlet->buf;
	struct moment moment = {.time = call->start, .timed = true};
	const struct values *results;
	unsigned int width;

	set_duration(&moment, call);
	columns_add(&lines->columns, buf, owner, &moment);
	width = add_head(lines, buf, tree, call, head);
	results = tree_results(tree, call);
	if (results)
		width += add_results(buf, results);
	buf_addc(buf, ';');
	width += 1 + add_note(lines, buf, call);
	add_caller(lines, buf, tree, call, width);
}

void text_closing(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
		  const struct call *call)
{
	struct buf *buf = &lines->config->outlet->buf;
	const struct func_name *name = func_names_get(&lines->names, call->func);
	struct moment moment = {.time = call->end};
	const struct values *results;

	set_duration(&moment, call);
	moment.timed = moment.lasted || ((call->flags & CALL_ENTRY_UNSEEN) && call->end);
	columns_add(&lines->columns, buf, owner, &moment);
	add_indent(lines, buf, call->level);
	buf_addc(buf, '}');
	/* Without a name of its own it is that of its opening line. */
	results = tree_results(tree, call);
	if (!results || (call->flags & CALL_ENTRY_UNSEEN)) {
		buf_addc(buf, ' ');
		buf_add(buf, name->text, name->len);
	}
	if (results) {
		add_results(buf, results);
		buf_addc(buf, ';');
	}
	add_note(lines, buf, call);
	buf_addc(buf, '\n');
}

/* The words of a mark with what they stand for. */
static void add_words(struct text_lines *lines, struct buf *buf, const struct mark *mark)
{
	const struct mark_kind *kind = mark->kind;
	const char *words = mark->result == 1 && kind->words_one ? kind->words_one : kind->words;

	for (; *words; words++) {
		const struct func_name *name;

		if (words[0] == '%' && words[1] == 'r') {
			buf_addu(buf, mark->result);
			words++;
		} else if (words[0] == '%' && words[1] == 'f') {
			name = func_names_get(&lines->names, mark->what);
			buf_add(buf, name->text, name->len);
			words++;
		} else {
			buf_addc(buf, *words);
		}
	}
}

void text_mark(struct text_lines *lines, const struct owner *owner, const struct mark *mark,
	       unsigned int level)
{
	struct buf *buf = &lines->config->outlet->buf;
	struct moment moment = {.time = mark->start, .timed = true};

	if (!lines->config->only)
		columns_add(&lines->columns, buf, owner, &moment);
	add_indent(lines, buf, level);
	if (lines->config->color)
		buf_adds(buf, RED);
	buf_adds(buf, "-- ");
	add_words(lines, buf, mark);
	buf_adds(buf, " --");
	if (lines->config->color)
		buf_adds(buf, PLAIN);
	buf_addc(buf, '\n');
}
