/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/keys.h"

#define LISTS   (VIEW_CALLS | VIEW_TABLE)
#define ALL     (LISTS | VIEW_TEXT)
#define CTRL(c) ((c)&0x1f)

#define KEYS_MAX 4

/* As the help has them; rows of the same action differ in where they mean it. */
static const struct row {
	enum action action;
	unsigned int views;
	int keys[KEYS_MAX]; /* 0 ends them */
	const char *names;  /* for the help; NULL: it says nothing of it */
	const char *help;
} rows[] = {
	/* clang-format off */
	{ACTION_UP, ALL, {KEY_IS_UP, 'k', CTRL('p')}, "Up k, Down j", "one row up, down"},
	{ACTION_DOWN, ALL, {KEY_IS_DOWN, 'j', CTRL('n')}, NULL, NULL},
	{ACTION_PAGE_UP,
	 ALL,
	 {KEY_IS_PAGE_UP, 'b', CTRL('b')},
	 "PgUp b, PgDn Space",
	 "one page up, down"},
	{ACTION_PAGE_DOWN, ALL, {KEY_IS_PAGE_DOWN, ' ', CTRL('f')}, NULL, NULL},
	{ACTION_FIRST, ALL, {KEY_IS_HOME, 'g'}, "Home g, End G", "to the top, the end"},
	{ACTION_LAST, ALL, {KEY_IS_END, 'G'}, NULL, NULL},

	{ACTION_TOGGLE, VIEW_CALLS, {KEY_IS_ENTER}, "Enter", "unfold the call, or fold it"},
	{ACTION_IN, VIEW_CALLS, {KEY_IS_RIGHT}, "Right", "unfold it, then to what it calls"},
	{ACTION_OUT, VIEW_CALLS, {KEY_IS_LEFT}, "Left", "fold it, then to its caller"},
	{ACTION_UNFOLD_BELOW, VIEW_CALLS, {'e'}, "e, c", "unfold, fold what it calls"},
	{ACTION_FOLD_BELOW, VIEW_CALLS, {'c'}, NULL, NULL},
	{ACTION_UNFOLD_ALL, VIEW_CALLS, {'E'}, "E, C", "unfold, fold all below it"},
	{ACTION_FOLD_ALL, VIEW_CALLS, {'C'}, NULL, NULL},
	{ACTION_CALLER, VIEW_CALLS, {'u'}, "u", "up to its caller"},
	{ACTION_LONGEST, VIEW_CALLS, {'l'}, "l", "to the longest of what it calls"},
	{ACTION_NEXT_SIBLING,
	 VIEW_CALLS,
	 {']'},
	 "], [",
	 "to the next, previous call of its caller"},
	{ACTION_PREVIOUS_SIBLING, VIEW_CALLS, {'['}, NULL, NULL},
	{ACTION_CENTER, VIEW_CALLS, {'z'}, "z", "the row into the middle"},

	{ACTION_SLOWEST, LISTS, {'S'}, "S", "to the slowest call of all"},
	{ACTION_SEARCH, LISTS, {'/'}, "/", "search in names and values"},
	{ACTION_FIND_NEXT, LISTS, {'n', '>'}, "n >, N < P", "to the next, previous match"},
	{ACTION_FIND_PREVIOUS, LISTS, {'N', '<', 'P'}, NULL, NULL},
	{ACTION_THIS_GOROUTINE, VIEW_CALLS, {'f'}, "f", "only this goroutine; again: all"},
	{ACTION_ASK_GOROUTINE, VIEW_CALLS, {'F'}, "F", "only the goroutine with that number"},

	{ACTION_DETAILS, VIEW_CALLS, {'d', KEY_IS_TAB}, "d Tab", "all of the call's details"},
	{ACTION_TABLE, VIEW_CALLS, {'R'}, "R", "the table of functions; in it back"},
	{ACTION_TABLE_HERE, VIEW_CALLS, {'r'}, "r", "the same, to the call's function"},
	{ACTION_TOGGLE,
	 VIEW_TABLE,
	 {KEY_IS_ENTER},
	 "Enter, in the table",
	 "to the function's slowest call"},
	{ACTION_SORT, VIEW_TABLE, {'s'}, "s, in the table", "sort by the next column"},
	{ACTION_INFO, LISTS, {'I'}, "I", "about the recording"},
	{ACTION_HELP, ALL, {'?', 'h'}, "? h", "this help"},
	{ACTION_BACK, VIEW_TABLE, {'R', KEY_IS_ESCAPE, KEY_IS_LEFT}, NULL, NULL},
	{ACTION_BACK, VIEW_TEXT, {KEY_IS_ESCAPE, KEY_IS_LEFT, 'd', KEY_IS_ENTER}, NULL, NULL},
	{ACTION_BACK, VIEW_TEXT, {'q', 'I', KEY_IS_TAB}, NULL, NULL},
	{ACTION_BACK, VIEW_CALLS, {KEY_IS_ESCAPE}, "Esc", "back; breaks off what takes long"},
	{ACTION_QUIT, LISTS, {'q', CTRL('c')}, "q", "quit"},
	{ACTION_QUIT, VIEW_TEXT, {CTRL('c')}, NULL, NULL},
	{ACTION_REDRAW, ALL, {CTRL('l')}, "Ctrl-L", "paint the screen anew"},
};

enum action key_action(int key, enum view view)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t k = 0; rows[i].views & view && k < KEYS_MAX && rows[i].keys[k]; k++)
			if (rows[i].keys[k] == key)
				return rows[i].action;
	return ACTION_NONE;
}

void keys_help(struct buf *buf)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].names)
			buf_addf(buf, "  %-20s %s\n", rows[i].names, rows[i].help);
}
