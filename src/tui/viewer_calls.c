/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>

#include "base/units.h"
#include "tui/viewer.h"

/* A search that came to nothing is told; true when it came to something. */
static bool came_to(struct viewer *viewer, enum found found, const char *nothing)
{
	if (found == FOUND_FAILED)
		viewer->failed = true;
	else if (found == FOUND_STOPPED)
		viewer_say(viewer, "broken off");
	else if (found == FOUND_NOTHING && nothing)
		viewer_say(viewer, "%s", nothing);
	return found == FOUND;
}

/* How many rows `from` is above `to`, if that is less than `most`; else `most`. */
static unsigned int rows_between(struct viewer *viewer, struct place from, struct place to,
				 unsigned int most)
{
	for (unsigned int i = 0; i < most; i++) {
		if (place_equal(from, to))
			return i;
		if (rows_next(&viewer->rows, &from) != FOUND)
			break;
	}
	return most;
}

void viewer_follow(struct viewer *viewer, bool center)
{
	unsigned int body = viewer_body(viewer), above;

	if (viewer->empty || !body)
		return;
	viewer->rows.near = true;
	rows_settle(&viewer->rows, &viewer->top);
	if (center)
		above = body / 2;
	else if (!place_before(viewer->cursor, viewer->top) &&
		 rows_between(viewer, viewer->top, viewer->cursor, body) < body)
		goto out;
	else
		above = place_before(viewer->cursor, viewer->top) ? 0 : body - 1;
	viewer->top = viewer->cursor;
	while (above-- > 0 && rows_previous(&viewer->rows, &viewer->top) == FOUND)
		;
out:
	viewer->rows.near = false;
}

void viewer_go_to(struct viewer *viewer, struct place place)
{
	unsigned int body = viewer_body(viewer);
	bool seen;

	viewer->failed |= rows_reveal(&viewer->rows, place) != 0;
	viewer->cursor = place;
	viewer->rows.near = true;
	seen = !place_before(place, viewer->top) &&
	       rows_between(viewer, viewer->top, place, body) < body;
	viewer->rows.near = false;
	viewer_follow(viewer, !seen);
}

void viewer_begin(struct viewer *viewer)
{
	viewer->empty = !came_to(viewer, rows_first(&viewer->rows, &viewer->cursor),
				 "there are no calls in it");
	viewer->top = viewer->cursor;
}

/* Other goroutines are to be seen: the cursor stays where it can. */
static void show_others(struct viewer *viewer)
{
	survey_free(viewer->survey);
	viewer->survey = NULL;
	if (!came_to(viewer, rows_settle(&viewer->rows, &viewer->cursor), NULL)) {
		rows_show_all(&viewer->rows);
		viewer_say(viewer, "no call of that goroutine was found");
	}
	viewer->top = viewer->cursor;
	viewer_follow(viewer, true);
}

static void this_goroutine(struct viewer *viewer)
{
	const struct sheet *sheet = shelf_get(&viewer->shelf, viewer->cursor.block);
	const struct root *root;

	if (!sheet) {
		viewer->failed = true;
		return;
	}
	root = &sheet->roots[sheet->nodes[viewer->cursor.node].root];
	if (viewer->rows.only)
		rows_show_all(&viewer->rows);
	else if (root->goid_known)
		rows_show_only(&viewer->rows, root->goid);
	else
		viewer_say(viewer, "whose this is is not known");
	show_others(viewer);
}

static void ask_goroutine(struct viewer *viewer)
{
	char answer[24];
	uint64_t goid;

	if (!viewer_ask(viewer, "only goroutine: ", answer, sizeof(answer)))
		return;
	if (units_number(answer, strlen(answer), 10, &goid)) {
		viewer_say(viewer, "a goroutine has a number");
		return;
	}
	rows_show_only(&viewer->rows, goid);
	show_others(viewer);
}

void viewer_slowest(struct viewer *viewer, uint32_t func)
{
	enum found found = viewer_survey(viewer);
	const struct slow_call *slow;
	struct place place;

	if (found == FOUND_FAILED)
		return;
	slow = survey_slowest(viewer->survey, func);
	if (!slow) {
		viewer_say(viewer, "no call has ended");
		return;
	}
	if (!came_to(viewer, survey_find(viewer->survey, slow, &place), "it is not there any more"))
		return;
	viewer->view = VIEW_CALLS;
	viewer_go_to(viewer, place);
	if (!survey_is_whole(viewer->survey))
		viewer_say(viewer, "the slowest of the first %llu of %llu calls",
			   (unsigned long long)survey_calls(viewer->survey),
			   (unsigned long long)viewer->shelf.calls);
}

/* In the table the names of functions are looked at. */
static void find(struct viewer *viewer, bool forward)
{
	struct place place = viewer->cursor;
	bool round = false;

	if (!viewer->search.text) {
		viewer_say(viewer, "nothing was searched for; / asks what");
		return;
	}
	if (!came_to(viewer,
		     search_find(&viewer->search, &viewer->rows, &viewer->lines, forward, &place,
				 &round),
		     "it is nowhere"))
		return;
	viewer_go_to(viewer, place);
	if (round)
		viewer_say(viewer, forward ? "behind the end: again from the beginning"
					   : "in front of the beginning: again from the end");
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

/* Where the cursor goes; true when that may be far away, or folded away. */
static enum found move(struct viewer *viewer, enum action action, struct place *to)
{
	struct rows *rows = &viewer->rows;
	enum found found = FOUND;
	unsigned int page = viewer_body(viewer);

	switch (action) {
	case ACTION_UP:
		return rows_previous(rows, to);
	case ACTION_DOWN:
		return rows_next(rows, to);
	case ACTION_PAGE_UP:
	case ACTION_PAGE_DOWN:
		for (unsigned int i = 1; i < page && found == FOUND; i++)
			found = action == ACTION_PAGE_UP ? rows_previous(rows, to)
							 : rows_next(rows, to);
		return found == FOUND_NOTHING ? FOUND : found;
	case ACTION_FIRST:
		return rows_first(rows, to);
	case ACTION_LAST:
		return rows_last(rows, to);
	case ACTION_CALLER:
		return rows_caller(rows, to);
	case ACTION_LONGEST:
		return rows_longest_below(rows, to);
	case ACTION_NEXT_SIBLING:
		return rows_sibling(rows, to, true);
	case ACTION_PREVIOUS_SIBLING:
		return rows_sibling(rows, to, false);
	case ACTION_IN:
		return rows_first_below(rows, to);
	default:
		return FOUND_NOTHING;
	}
}

static void unfold(struct viewer *viewer, enum rows_extent extent, bool unfold)
{
	viewer->failed |= rows_unfold(&viewer->rows, viewer->cursor, extent, unfold) != 0;
	viewer_follow(viewer, false);
}

/* Folding, by the row under the cursor; false: it is none of that. */
static bool fold(struct viewer *viewer, enum action action)
{
	struct rows *rows = &viewer->rows;
	bool open = rows_is_unfolded(rows, viewer->cursor);

	switch (action) {
	case ACTION_TOGGLE:
		unfold(viewer, ROWS_IT, !open);
		return true;
	case ACTION_IN:
		if (open || !rows_has_more(rows, viewer->cursor))
			return false;
		unfold(viewer, ROWS_IT, true);
		return true;
	case ACTION_OUT:
		if (open)
			unfold(viewer, ROWS_IT, false);
		return open;
	case ACTION_UNFOLD_BELOW:
	case ACTION_FOLD_BELOW:
		unfold(viewer, ROWS_RIGHT_BELOW, action == ACTION_UNFOLD_BELOW);
		return true;
	case ACTION_UNFOLD_ALL:
	case ACTION_FOLD_ALL:
		unfold(viewer, ROWS_ALL_BELOW, action == ACTION_UNFOLD_ALL);
		return true;
	default:
		return false;
	}
}

/* What needs no row. */
static bool act_without_row(struct viewer *viewer, enum action action)
{
	switch (action) {
	case ACTION_ASK_GOROUTINE:
		ask_goroutine(viewer);
		return true;
	case ACTION_TABLE:
		viewer_show_table(viewer, UINT32_MAX);
		return true;
	default:
		return viewer->empty;
	}
}

static bool act_on_row(struct viewer *viewer, enum action action)
{
	const struct sheet *sheet;
	const struct call *call;

	switch (action) {
	case ACTION_CENTER:
		viewer_follow(viewer, true);
		return true;
	case ACTION_SEARCH:
		ask_search(viewer);
		return true;
	case ACTION_FIND_NEXT:
	case ACTION_FIND_PREVIOUS:
		find(viewer, action == ACTION_FIND_NEXT);
		return true;
	case ACTION_THIS_GOROUTINE:
		this_goroutine(viewer);
		return true;
	case ACTION_DETAILS:
		viewer_show_details(viewer);
		return true;
	case ACTION_TABLE_HERE:
		sheet = shelf_get(&viewer->shelf, viewer->cursor.block);
		call = sheet ? sheet_call(sheet, viewer->cursor.node) : NULL;
		viewer_show_table(viewer, call ? call->func : UINT32_MAX);
		return true;
	default:
		return fold(viewer, action);
	}
}

void viewer_calls(struct viewer *viewer, enum action action)
{
	struct place to = viewer->cursor;
	bool steps = action == ACTION_UP || action == ACTION_DOWN || action == ACTION_PAGE_UP ||
		     action == ACTION_PAGE_DOWN || action == ACTION_FIRST || action == ACTION_LAST;

	if (act_without_row(viewer, action) || act_on_row(viewer, action))
		return;
	/* Where it is folded, or there is nothing to fold, it leads out. */
	if (action == ACTION_OUT)
		action = ACTION_CALLER;
	if (!came_to(viewer, move(viewer, action, &to), NULL))
		return;
	if (!steps) {
		viewer_go_to(viewer, to);
		return;
	}
	viewer->cursor = to;
	viewer_follow(viewer, false);
}
