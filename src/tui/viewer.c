/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tui/tui.h"
#include "tui/viewer.h"

void viewer_say(struct viewer *viewer, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	buf_reset(&viewer->message);
	buf_adds(&viewer->message, text);
}

/* Of the text that lies over the others. */
static void read_text(struct viewer *viewer, enum action action)
{
	if (action == ACTION_BACK)
		viewer->view = viewer->below;
	else
		paper_move(&viewer->text, action, viewer_body(viewer), false);
}

/* What means the same everywhere; false: it does not. */
static bool act_anywhere(struct viewer *viewer, enum action action)
{
	switch (action) {
	case ACTION_QUIT:
		viewer->quit = true;
		return true;
	case ACTION_HELP:
		viewer_show_help(viewer);
		return true;
	case ACTION_INFO:
		viewer_show_info(viewer);
		return true;
	case ACTION_SLOWEST:
		viewer_slowest(viewer, UINT32_MAX);
		return true;
	case ACTION_REDRAW:
		viewer_draw(viewer, true);
		return true;
	default:
		return action == ACTION_NONE;
	}
}

static void press(struct viewer *viewer, int key)
{
	enum action action = key_action(key, viewer->view);

	if (key == KEY_IS_OVER)
		viewer->quit = true;
	if (key != KEY_IS_NONE)
		buf_reset(&viewer->message);
	if (act_anywhere(viewer, action))
		return;
	switch (viewer->view) {
	case VIEW_CALLS:
		viewer_calls(viewer, action);
		break;
	case VIEW_TABLE:
		viewer_table(viewer, action);
		break;
	case VIEW_TEXT:
		read_text(viewer, action);
	}
}

/* What was made for another width is made anew. */
static void resized(struct viewer *viewer)
{
	viewer->resized = false;
	viewer_table_resized(viewer);
	viewer_follow(viewer, false);
}

static void run(struct viewer *viewer, bool table)
{
	viewer_begin(viewer);
	if (table)
		viewer_show_table(viewer, UINT32_MAX);
	while (!viewer->quit && !viewer->failed && !viewer->lines.names.failed) {
		int key;

		viewer_draw(viewer, false);
		key = screen_key(viewer->screen, -1);
		viewer->told = clock_now();
		if (key == KEY_IS_RESIZED)
			viewer->resized = true;
		else
			press(viewer, key);
		if (viewer->resized)
			resized(viewer);
	}
}

static int open_parts(struct viewer *viewer, const char *name, struct error *err)
{
	int ret = recording_find_blocks(viewer->recording);

	if (ret == -ESPIPE)
		return error_set(err, ret,
				 "%s: --tui reads what it shows, and this can be read only once; "
				 "name a file",
				 name);
	if (!ret)
		ret = shelf_init(&viewer->shelf, viewer->recording);
	if (!ret)
		ret = rows_init(&viewer->rows, &viewer->shelf);
	if (ret)
		return error_set(err, ret, "%s: %s; close something", name, strerror(-ret));
	viewer->rows.go_on = viewer_go_on;
	viewer->rows.arg = viewer;
	viewer->screen = screen_open(viewer->config.color, err);
	return viewer->screen ? 0 : err->code;
}

static void release(struct viewer *viewer)
{
	screen_close(viewer->screen);
	survey_free(viewer->survey);
	table_release(&viewer->table);
	paper_release(&viewer->text);
	search_release(&viewer->search);
	lines_release(&viewer->lines);
	rows_release(&viewer->rows);
	shelf_release(&viewer->shelf);
	buf_release(&viewer->title);
	buf_release(&viewer->line);
	buf_release(&viewer->message);
	free(viewer);
}

int tui_run(struct recording *recording, const char *name, const struct sink_config *config,
	    bool table, struct recording_damage *damage, struct error *err)
{
	struct viewer *viewer = calloc(1, sizeof(*viewer));
	int ret;

	*damage = (struct recording_damage){0};
	if (!viewer)
		return error_set(err, -ENOMEM, "%s: out of memory; close something", name);
	viewer->name = name;
	viewer->recording = recording;
	viewer->config = *config;
	viewer->config.brief = true;
	viewer->view = viewer->below = VIEW_CALLS;
	lines_init(&viewer->lines, &viewer->config);
	ret = open_parts(viewer, name, err);
	if (!ret) {
		run(viewer, table);
		if (viewer->failed || viewer->lines.names.failed)
			ret = error_set(err, -ENOMEM, "%s: out of memory; close something", name);
	}
	*damage = viewer->shelf.damage;
	release(viewer);
	return ret;
}
