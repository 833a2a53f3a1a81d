/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/line.h"

#include <errno.h>
#include <string.h>

#include "base/width.h"
#include "sink/call_end.h"
#include "sink/colors.h"

#define FOLDED       "\u25b8 " /* a small triangle to the right, ... */
#define UNFOLDED     "\u25be " /* ... and one down */
#define NAME_LEAST   16        /* columns that indentation leaves to a name */
#define VALUES_LEAST 24 /* that values have at least, though the end of the line may cut them off */

void lines_init(struct lines *lines, const struct sink_config *config)
{
	*lines = (struct lines){.config = config};
	lines->style.texts = &lines->texts;
	columns_init(&lines->columns, config);
	func_names_init_text(&lines->names, config->catalog, config->trim, config->ntrim);
}

void lines_release(struct lines *lines)
{
	func_names_release(&lines->names);
}

void line_header(const struct lines *lines, struct buf *buf)
{
	columns_header(&lines->columns, buf);
	buf_adds(buf, "  FUNCTION");
}

const struct value_style *lines_style(struct lines *lines, uint32_t func, bool brief)
{
	lines->style.names = catalog_exe_of(lines->config->catalog, func)->names;
	lines->style.brief = brief;
	return &lines->style;
}

struct mark_words lines_words(struct lines *lines, const struct tree *tree)
{
	const struct catalog *catalog = lines->config->catalog;

	/* A tree is of one executable. */
	return (struct mark_words){.config = lines->config,
				   .names = &lines->names,
				   .exe = tree->ncalls
						  ? catalog_exe_of(catalog, tree->calls[0].func)
						  : catalog_exe(catalog, 0)};
}

/* Makes room in the columns for whoever it is. */
static void fit(struct lines *lines, const struct owner *owner)
{
	if (!lines->pid)
		lines->pid = owner->pid;
	if (owner->pid && owner->pid != lines->pid) {
		columns_show_pid(&lines->columns, lines->pid);
		columns_show_pid(&lines->columns, owner->pid);
	}
	columns_fit(&lines->columns, owner);
}

static void add_in_red(const struct lines *lines, struct buf *buf, bool red, const char *text)
{
	red = red && lines->config->color;
	if (red)
		buf_adds(buf, RED);
	buf_adds(buf, text);
	if (red)
		buf_adds(buf, PLAIN);
}

/* Two columns a level, as far as there is room; below that its number. */
static void add_indent(struct buf *buf, uint32_t level, unsigned int room)
{
	uint32_t most = room > NAME_LEAST ? (room - NAME_LEAST) / 4 : 0;

	buf_fill(buf, ' ', 2 * (size_t)(level < most ? level : most));
	if (level > most) {
		buf_addc(buf, '[');
		buf_addu(buf, level);
		buf_adds(buf, "] ");
	}
}

static void add_values(struct lines *lines, struct buf *buf, const struct tree *tree,
		       const struct call *call, enum node_kind kind)
{
	const struct func_name *name = func_names_get(&lines->names, call->func);
	const struct value_style *style = lines_style(lines, call->func, true);
	const struct values *values;

	if (kind == NODE_CLOSING)
		buf_adds(buf, "} ");
	buf_add(buf, name->text, name->len);
	if (kind != NODE_CLOSING) {
		buf_addc(buf, '(');
		values = tree_args(tree, call);
		if (values)
			value_text_args(buf, values, style, &lines->room);
		buf_addc(buf, ')');
	}
	if (kind == NODE_OPENING) {
		buf_adds(buf, " {");
		return;
	}
	values = tree_results(tree, call);
	if (values) {
		buf_adds(buf, " = ");
		value_text_results(buf, values, style, &lines->room);
	}
}

/* Name, arguments and results; once more with less of them where they are too wide. */
static void add_call(struct lines *lines, struct buf *buf, const struct tree *tree,
		     const struct call *call, enum node_kind kind, unsigned int room)
{
	size_t from = buf->len;
	unsigned int width, fixed;
	const char *words;
	bool red;

	lines->room.width = lines->room.nwidths = 0;
	lines->room.shared = lines->room.errors_whole = false;
	add_values(lines, buf, tree, call, kind);
	width = buf->failed ? 0 : text_width(buf->data + from, buf->len - from);
	if (width > room && lines->room.nwidths) {
		fixed = width - lines->room.width;
		buf->len = from;
		value_room_share(&lines->room,
				 room > fixed + VALUES_LEAST ? room - fixed : VALUES_LEAST);
		add_values(lines, buf, tree, call, kind);
	}
	words = kind == NODE_OPENING ? NULL : call_end_words(call, &red);
	if (words) {
		buf_adds(buf, " ");
		add_in_red(lines, buf, red, "/* ");
		add_in_red(lines, buf, red, words);
		add_in_red(lines, buf, red, " */");
	}
	if (call->flags & (CALL_CUT_FROM | CALL_CUT_TO))
		buf_adds(buf, " /* cut */");
}

static void add_mark(struct lines *lines, struct buf *buf, const struct tree *tree,
		     const struct mark *mark)
{
	struct mark_words words = lines_words(lines, tree);
	bool alarm = mark->kind->alarm;

	if (alarm && lines->config->color)
		buf_adds(buf, RED);
	buf_adds(buf, alarm ? "-- " : "~ ");
	mark_text(buf, &words, mark, tree_mark_detail(tree, mark));
	if (alarm)
		buf_adds(buf, " --");
	if (alarm && lines->config->color)
		buf_adds(buf, PLAIN);
}

static void moment_of_mark(struct moment *moment, const struct mark *mark)
{
	*moment = (struct moment){.time = mark->start, .timed = true};
	if (!mark->kind->lasts || mark->open)
		return;
	moment->duration = mark->end > mark->start ? mark->end - mark->start : 0;
	moment->wait = moment->duration;
	moment->waited = mark->kind->waits;
	/* Without a column of their own waits are durations. */
	moment->lasted = true;
}

/* What is known of a damaged block. */
static void add_damage(struct lines *lines, struct buf *buf, const struct rows *rows,
		       const struct sheet *sheet, size_t block)
{
	struct buf words = {0};

	buf_addf(&words, "-- block %zu of %zu ", block + 1, rows->shelf->nblocks);
	if (sheet->error == -EBADMSG)
		buf_adds(&words, "is damaged");
	else
		buf_addf(&words, "cannot be read: %s", strerror(-sheet->error));
	buf_addf(&words, ": %llu call%s missing --", (unsigned long long)sheet->missing,
		 sheet->missing == 1 ? " is" : "s are");
	add_in_red(lines, buf, true, buf_str(&words));
	buf_release(&words);
}

void line_row(struct lines *lines, struct buf *buf, struct rows *rows, struct place place,
	      unsigned int width)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place.block);
	const struct node *node;
	const struct root *root;
	const struct call *call;
	struct tree tree;
	struct moment moment = {0};
	struct owner owner;
	unsigned int left, room;
	size_t from;

	if (!sheet) {
		buf->failed = true;
		return;
	}
	node = &sheet->nodes[place.node];
	if (node->kind == NODE_DAMAGE) {
		add_damage(lines, buf, rows, sheet, place.block);
		return;
	}
	root = &sheet->roots[node->root];
	owner = (struct owner){.pid = root->process ? root->process->pid : 0,
			       .goid_known = root->goid_known,
			       .goid = root->goid,
			       .curg = root->curg};
	tree = sheet_tree(sheet, place.node);
	call = sheet_call(sheet, place.node);
	fit(lines, &owner);
	if (call) {
		moment.time = node->kind == NODE_CLOSING || call->flags & CALL_ENTRY_UNSEEN
				      ? call->end
				      : call->start;
		moment.timed = true;
		if (node->kind != NODE_OPENING)
			moment_of_call(&moment, call, tree_times(&tree, call));
	} else {
		moment_of_mark(&moment, sheet_mark(sheet, place.node));
	}
	columns_add(&lines->columns, buf, &owner, &moment);
	left = columns_width(&lines->columns) + 2;
	room = width > left ? width - left : 0;
	from = buf->len;
	add_indent(buf, node->level, room);
	buf_adds(buf, node->span == 1 ? "  " : rows_is_unfolded(rows, place) ? UNFOLDED : FOLDED);
	if (!buf->failed) {
		unsigned int used = text_width(buf->data + from, buf->len - from) - 2;

		room = room > used ? room - used : 0;
	}
	if (call)
		add_call(lines, buf, &tree, call, node->kind, room);
	else
		add_mark(lines, buf, &tree, sheet_mark(sheet, place.node));
}
