/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/viewer.h"

enum found viewer_survey(struct viewer *viewer)
{
	enum found found;

	if (!viewer->survey)
		viewer->survey = survey_new(&viewer->rows);
	found = viewer->survey ? survey_run(viewer->survey) : FOUND_FAILED;
	if (found == FOUND_FAILED)
		viewer->failed = true;
	return found;
}

static void make(struct viewer *viewer)
{
	viewer->config.stats = survey_stats(viewer->survey);
	viewer->config.width = (int)screen_width(viewer->screen);
	viewer->config.height = (int)screen_height(viewer->screen);
	viewer->failed |= table_make(&viewer->table, &viewer->config, &viewer->lines.names) != 0;
}

void viewer_show_table(struct viewer *viewer, uint32_t func)
{
	if (viewer_survey(viewer) == FOUND_FAILED)
		return;
	viewer->view = VIEW_TABLE;
	make(viewer);
	if (func != UINT32_MAX && !table_go_to(&viewer->table, func))
		viewer_say(viewer, "none of its calls has ended");
	paper_follow(&viewer->table.paper, viewer_body(viewer));
}

void viewer_table_resized(struct viewer *viewer)
{
	enum view view = viewer->view == VIEW_TEXT ? viewer->below : viewer->view;

	if (view != VIEW_TABLE)
		return;
	make(viewer);
	paper_follow(&viewer->table.paper, viewer_body(viewer));
}

/* Names only: the table has no values. */
static void find(struct viewer *viewer, bool forward)
{
	struct paper *paper = &viewer->table.paper;
	size_t count = viewer->table.nfuncs, at = paper->cursor;

	if (!viewer->search.text) {
		viewer_say(viewer, "nothing was searched for; / asks what");
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const struct func_name *name;

		at = (at + (forward ? 1 : count - 1)) % count;
		name = func_names_get(&viewer->lines.names, viewer->table.funcs[at]);
		if (!search_matches(&viewer->search, name->text, name->len))
			continue;
		paper->cursor = at;
		paper_follow(paper, viewer_body(viewer));
		return;
	}
	viewer_say(viewer, "it is in no name");
}

static void ask_search(struct viewer *viewer)
{
	char answer[256];

	if (!viewer_ask(viewer, "/", answer, sizeof(answer)))
		return;
	if (*answer)
		viewer->failed |= search_set(&viewer->search, answer) != 0;
	find(viewer, true);
}

void viewer_table(struct viewer *viewer, enum action action)
{
	uint32_t func;

	switch (action) {
	case ACTION_BACK:
		viewer->view = VIEW_CALLS;
		break;
	case ACTION_SORT:
		viewer->config.sort = table_next_key(viewer->config.sort);
		make(viewer);
		paper_follow(&viewer->table.paper, viewer_body(viewer));
		break;
	case ACTION_TOGGLE:
		func = table_func(&viewer->table);
		if (func != UINT32_MAX)
			viewer_slowest(viewer, func);
		break;
	case ACTION_SEARCH:
		ask_search(viewer);
		break;
	case ACTION_FIND_NEXT:
	case ACTION_FIND_PREVIOUS:
		find(viewer, action == ACTION_FIND_NEXT);
		break;
	default:
		paper_move(&viewer->table.paper, action, viewer_body(viewer), true);
	}
}
