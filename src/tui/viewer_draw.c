/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/width.h"
#include "sink/colors.h"
#include "sink/stats_table.h"
#include "tui/details.h"
#include "tui/viewer.h"

#define WIDTH_LEAST  40 /* below that nothing is shown */
#define HEIGHT_LEAST 8
#define PANE_HEIGHT  20           /* of a screen with a pane for what is known of a call */
#define TELL_NS      100000000ull /* between two times that it is told how far it has come */
#define UNDERLINED   "\033[4m"

/* Lines of the pane, the one above it included. */
static unsigned int pane_of(const struct viewer *viewer)
{
	unsigned int height = screen_height(viewer->screen);

	return viewer->view == VIEW_CALLS && height >= PANE_HEIGHT ? height / 3 + 1 : 0;
}

unsigned int viewer_body(const struct viewer *viewer)
{
	unsigned int height = screen_height(viewer->screen), taken = 2 + pane_of(viewer);

	return height > taken ? height - taken : 1;
}

static void put(struct viewer *viewer, unsigned int y, enum look look)
{
	if (viewer->line.failed)
		viewer->failed = true;
	else
		screen_put(viewer->screen, y, viewer->line.data, viewer->line.len, look);
}

/* The rows from the top on; false when a column has grown, and all are to be made anew. */
static bool draw_rows(struct viewer *viewer)
{
	unsigned int body = viewer_body(viewer), width = screen_width(viewer->screen), y = 0;
	unsigned int columns = columns_width(&viewer->lines.columns);
	struct place place = viewer->top;
	enum found found = viewer->empty ? FOUND_NOTHING : FOUND;

	viewer->rows.near = true;
	while (y < body && found == FOUND) {
		buf_reset(&viewer->line);
		line_row(&viewer->lines, &viewer->line, &viewer->rows, place, width);
		put(viewer, 1 + y++, place_equal(place, viewer->cursor) ? LOOK_CURSOR : LOOK_PLAIN);
		found = rows_next(&viewer->rows, &place);
	}
	viewer->rows.near = false;
	viewer->failed |= found == FOUND_FAILED;
	screen_clear(viewer->screen, 1 + y, 1 + body);
	if (y < body && found == FOUND_STOPPED) {
		static const char text[] = "  -- none is near: Down, or G, looks further --";

		screen_put(viewer->screen, 1 + y, text, strlen(text), LOOK_DIM);
	}
	return columns == columns_width(&viewer->lines.columns);
}

/* A line across, which says how much more there is. */
static void draw_rule(struct viewer *viewer, unsigned int y, size_t more)
{
	struct buf *line = &viewer->line;
	unsigned int width = screen_width(viewer->screen);

	buf_reset(line);
	if (more)
		buf_addf(line, "\u2500\u2500 %zu more line%s: d ", more, more == 1 ? "" : "s");
	while (!line->failed && text_width(line->data, line->len) < width)
		buf_adds(line, "\u2500");
	put(viewer, y, LOOK_DIM);
}

/* What is known of the call under the cursor. */
static void draw_pane(struct viewer *viewer, unsigned int y, unsigned int lines)
{
	struct paper *text = &viewer->text;

	paper_reset(text);
	if (!viewer->empty)
		details(&text->text, &viewer->lines, &viewer->rows, viewer->cursor,
			screen_width(viewer->screen));
	viewer->failed |= paper_split(text) != 0;
	draw_rule(viewer, y, text->count > lines - 1 ? text->count - (lines - 1) : 0);
	for (unsigned int i = 0; i + 1 < lines; i++) {
		size_t len = 0;
		const char *line = i < text->count ? paper_line(text, i, &len) : "";

		screen_put(viewer->screen, y + 1 + i, line, len, LOOK_PLAIN);
	}
}

static void draw_calls(struct viewer *viewer)
{
	unsigned int pane = pane_of(viewer);

	/* As wide as the widest row wants them: at most once for each of them. */
	while (!draw_rows(viewer) && !viewer->failed)
		;
	buf_reset(&viewer->line);
	line_header(&viewer->lines, &viewer->line);
	put(viewer, 0, LOOK_HEAD);
	if (pane)
		draw_pane(viewer, 1 + viewer_body(viewer), pane);
}

/* Of the table's column names that of its order is underlined. */
static void draw_table_head(struct viewer *viewer)
{
	const char *name = stats_columns[viewer->config.sort];
	struct buf *line = &viewer->line;
	const char *head = buf_str(&viewer->table.head), *at = strstr(head, name);

	buf_reset(line);
	buf_add(line, head, at ? (size_t)(at - head) : strlen(head));
	if (at) {
		buf_adds(line, UNDERLINED);
		buf_adds(line, name);
		buf_adds(line, PLAIN);
		buf_adds(line, at + strlen(name));
	}
	put(viewer, 0, LOOK_HEAD);
}

/* A text from its top on. */
static void draw_paper(struct viewer *viewer, const struct paper *paper, bool cursor)
{
	unsigned int body = viewer_body(viewer);

	for (unsigned int y = 0; y < body; y++) {
		size_t len = 0, at = paper->top + y;
		const char *line = at < paper->count ? paper_line(paper, at, &len) : "";

		screen_put(viewer->screen, 1 + y, line, len,
			   cursor && at == paper->cursor && at < paper->count ? LOOK_CURSOR
									      : LOOK_PLAIN);
	}
}

/* The number of the call under the cursor, or of the one that the mark there belongs to; 0: of none. */
static uint64_t call_number(struct viewer *viewer)
{
	const struct sheet *sheet =
		viewer->empty ? NULL : shelf_get(&viewer->shelf, viewer->cursor.block);
	uint32_t at = viewer->cursor.node;

	while (sheet && at != NODE_NONE && !node_is_call(&sheet->nodes[at]))
		at = sheet->nodes[at].parent;
	return sheet && at != NODE_NONE ? viewer->shelf.slots[viewer->cursor.block].before +
						  sheet->nodes[at].item + 1
					: 0;
}

/* Where one is, and what is the matter with the file. */
static void add_state(struct viewer *viewer, struct buf *line)
{
	const struct shelf *shelf = &viewer->shelf;
	const struct rows *rows = &viewer->rows;
	uint64_t call = call_number(viewer);

	escape_text(line, viewer->name, strlen(viewer->name));
	if (viewer->view == VIEW_TABLE)
		buf_addf(line, ": %zu functions, %llu", viewer->table.nfuncs,
			 (unsigned long long)survey_calls(viewer->survey));
	else if (call)
		buf_addf(line, ": call %llu", (unsigned long long)call);
	else
		buf_adds(line, ": call -");
	buf_addf(line, " of %llu%s", (unsigned long long)shelf->calls,
		 viewer->view == VIEW_TABLE ? " calls" : "");
	if (rows->only && rows->goid)
		buf_addf(line, ", only G%llu", (unsigned long long)rows->goid);
	else if (rows->only)
		buf_adds(line, ", only what is on no goroutine");
	if (shelf->damage.cut)
		buf_adds(line, ", no end");
	if (shelf->damage.blocks)
		buf_addf(line, ", %llu block%s damaged", (unsigned long long)shelf->damage.blocks,
			 shelf->damage.blocks == 1 ? "" : "s");
}

/* `left`, and to the right, if there is room, how to go on. */
static void draw_last(struct viewer *viewer)
{
	const char *hint = viewer->view == VIEW_TEXT ? "Esc back " : "? help ";
	unsigned int width = screen_width(viewer->screen), used;
	struct buf *line = &viewer->line;

	buf_reset(line);
	buf_addc(line, ' ');
	if (viewer->message.len)
		buf_add(line, viewer->message.data, viewer->message.len);
	else
		add_state(viewer, line);
	used = line->failed ? 0 : text_width(line->data, line->len);
	if (used + 1 + strlen(hint) < width) {
		buf_fill(line, ' ', width - used - strlen(hint));
		buf_adds(line, hint);
	}
	put(viewer, screen_height(viewer->screen) - 1, LOOK_CURSOR);
}

static bool is_too_small(const struct viewer *viewer)
{
	return screen_width(viewer->screen) < WIDTH_LEAST ||
	       screen_height(viewer->screen) < HEIGHT_LEAST;
}

static void draw_too_small(struct viewer *viewer)
{
	unsigned int height = screen_height(viewer->screen);

	screen_clear(viewer->screen, 0, height);
	buf_reset(&viewer->line);
	buf_addf(&viewer->line, "too small: %ux%u, needs %ux%u", screen_width(viewer->screen),
		 height, WIDTH_LEAST, HEIGHT_LEAST);
	put(viewer, 0, LOOK_PLAIN);
}

void viewer_draw(struct viewer *viewer, bool anew)
{
	if (is_too_small(viewer)) {
		draw_too_small(viewer);
		screen_show(viewer->screen, anew);
		return;
	}
	switch (viewer->view) {
	case VIEW_CALLS:
		draw_calls(viewer);
		break;
	case VIEW_TABLE:
		draw_table_head(viewer);
		draw_paper(viewer, &viewer->table.paper, true);
		break;
	case VIEW_TEXT:
		screen_put(viewer->screen, 0, viewer->title.data, viewer->title.len, LOOK_HEAD);
		draw_paper(viewer, &viewer->text, false);
	}
	draw_last(viewer);
	screen_show(viewer->screen, anew);
}

bool viewer_go_on(void *arg, uint64_t done, uint64_t all)
{
	struct viewer *viewer = arg;
	int key = screen_key(viewer->screen, 0);
	uint64_t now = clock_now();

	viewer->resized |= key == KEY_IS_RESIZED;
	viewer->quit |= key == KEY_IS_OVER;
	if (key == KEY_IS_ESCAPE || key == KEY_IS_OVER)
		return false;
	if (now - viewer->told < TELL_NS)
		return true;
	viewer->told = now;
	buf_reset(&viewer->line);
	buf_addf(&viewer->line, " reading: %llu %%, %llu of %llu calls; Esc breaks off",
		 (unsigned long long)(all ? done * 100 / all : 0), (unsigned long long)done,
		 (unsigned long long)all);
	put(viewer, screen_height(viewer->screen) - 1, LOOK_CURSOR);
	screen_show(viewer->screen, false);
	return true;
}
