/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keys: what a key does, and what the help says of it. uftrace's where they fit, and those of less and vi.
 */
#ifndef FTRACE_TUI_KEYS_H
#define FTRACE_TUI_KEYS_H

#include <stddef.h>

#include "base/buf.h"

/* What comes of the keyboard: a character by its number in Unicode, or one of these. */
enum key {
	KEY_IS_NONE = 0x110000, /* nothing was pressed */
	KEY_IS_UP,
	KEY_IS_DOWN,
	KEY_IS_LEFT,
	KEY_IS_RIGHT,
	KEY_IS_PAGE_UP,
	KEY_IS_PAGE_DOWN,
	KEY_IS_HOME,
	KEY_IS_END,
	KEY_IS_ENTER,
	KEY_IS_ESCAPE,
	KEY_IS_ERASE,
	KEY_IS_TAB,
	KEY_IS_RESIZED, /* the terminal has another size */
	KEY_IS_OVER,    /* the terminal has gone, or the program is to end */
};

enum action {
	ACTION_NONE,
	ACTION_UP,
	ACTION_DOWN,
	ACTION_PAGE_UP,
	ACTION_PAGE_DOWN,
	ACTION_FIRST,
	ACTION_LAST,
	ACTION_TOGGLE,
	ACTION_IN,
	ACTION_OUT,
	ACTION_UNFOLD_BELOW,
	ACTION_FOLD_BELOW,
	ACTION_UNFOLD_ALL,
	ACTION_FOLD_ALL,
	ACTION_CALLER,
	ACTION_LONGEST,
	ACTION_NEXT_SIBLING,
	ACTION_PREVIOUS_SIBLING,
	ACTION_CENTER,
	ACTION_SLOWEST,
	ACTION_SEARCH,
	ACTION_FIND_NEXT,
	ACTION_FIND_PREVIOUS,
	ACTION_THIS_GOROUTINE,
	ACTION_ASK_GOROUTINE,
	ACTION_DETAILS,
	ACTION_TABLE,
	ACTION_TABLE_HERE,
	ACTION_SORT,
	ACTION_INFO,
	ACTION_HELP,
	ACTION_BACK,
	ACTION_QUIT,
	ACTION_REDRAW,
};

/* In which views a key means something. */
enum view {
	VIEW_CALLS = 1 << 0,
	VIEW_TABLE = 1 << 1,
	VIEW_TEXT = 1 << 2, /* the help, details on the whole screen */
};

enum action key_action(int key, enum view view);

/* The text of the help. */
void keys_help(struct buf *buf);

#endif
