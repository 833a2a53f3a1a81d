/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last line, where something is asked.
 */
#include <stdio.h>

#include "base/escape.h"
#include "tui/viewer.h"

/* A character as UTF-8 (RFC 3629), at most 4 bytes; returns how many. */
static size_t encode(char *to, uint32_t rune)
{
	size_t len = rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;

	for (size_t i = len; i-- > 1; rune >>= 6)
		to[i] = (char)(0x80 | (rune & 0x3f));
	to[0] = (char)(len == 1 ? rune : (0xf00u >> len & 0xf0) | rune);
	return len;
}

/* A character at the end of what was typed so far. */
static void type(struct buf *typed, uint32_t rune, size_t size)
{
	char bytes[4];
	size_t len = encode(bytes, rune);

	if (!utf8_hidden(rune) && typed->len + len < size)
		buf_add(typed, bytes, len);
}

static void erase(struct buf *typed)
{
	while (typed->len && (typed->data[--typed->len] & 0xc0) == 0x80)
		;
}

bool viewer_ask(struct viewer *viewer, const char *question, char *answer, size_t size)
{
	struct buf typed = {0};
	int key = KEY_IS_NONE;

	while (key != KEY_IS_ENTER && key != KEY_IS_ESCAPE && key != KEY_IS_OVER) {
		buf_reset(&viewer->line);
		buf_adds(&viewer->line, question);
		buf_add(&viewer->line, typed.data, typed.len);
		buf_addc(&viewer->line, '_');
		screen_put(viewer->screen, screen_height(viewer->screen) - 1, viewer->line.data,
			   viewer->line.len, LOOK_PLAIN);
		screen_show(viewer->screen, false);
		key = screen_key(viewer->screen, -1);
		if (key == KEY_IS_ERASE)
			erase(&typed);
		else if (key == KEY_IS_RESIZED)
			viewer_draw(viewer, false);
		else if (key < KEY_IS_NONE)
			type(&typed, (uint32_t)key, size);
	}
	viewer->resized = true;
	viewer->quit |= key == KEY_IS_OVER;
	snprintf(answer, size, "%s", buf_str(&typed));
	buf_release(&typed);
	return key == KEY_IS_ENTER;
}
