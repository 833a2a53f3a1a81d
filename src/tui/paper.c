/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/paper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

int paper_split(struct paper *paper)
{
	size_t at = 0;

	paper->count = 0;
	if (paper->text.failed)
		return -ENOMEM;
	while (at < paper->text.len) {
		const char *end = memchr(paper->text.data + at, '\n', paper->text.len - at);
		size_t *slot = vec_push(&paper->starts, &paper->count, &paper->cap);

		if (!slot)
			return -ENOMEM;
		*slot = at;
		at = end ? (size_t)(end - paper->text.data) + 1 : paper->text.len;
	}
	return 0;
}

void paper_reset(struct paper *paper)
{
	buf_reset(&paper->text);
	paper->count = paper->cursor = paper->top = 0;
}

void paper_release(struct paper *paper)
{
	buf_release(&paper->text);
	free(paper->starts);
	*paper = (struct paper){0};
}

const char *paper_line(const struct paper *paper, size_t i, size_t *len)
{
	size_t end = i + 1 < paper->count ? paper->starts[i + 1] : paper->text.len;
	const char *text = paper->text.data + paper->starts[i];

	*len = end - paper->starts[i];
	if (*len && text[*len - 1] == '\n')
		--*len;
	return text;
}

void paper_follow(struct paper *paper, size_t height)
{
	if (paper->cursor < paper->top)
		paper->top = paper->cursor;
	if (height && paper->cursor >= paper->top + height)
		paper->top = paper->cursor - height + 1;
}

bool paper_move(struct paper *paper, enum action action, size_t height, bool cursor)
{
	size_t last = paper->count ? paper->count - 1 : 0;
	size_t most = cursor ? last : paper->count > height ? paper->count - height : 0;
	size_t at = cursor ? paper->cursor : paper->top;

	switch (action) {
	case ACTION_UP:
		at -= at > 0;
		break;
	case ACTION_DOWN:
		at++;
		break;
	case ACTION_PAGE_UP:
		at = at > height ? at - height : 0;
		break;
	case ACTION_PAGE_DOWN:
		at += height;
		break;
	case ACTION_FIRST:
		at = 0;
		break;
	case ACTION_LAST:
		at = most;
		break;
	default:
		return false;
	}
	at = at > most ? most : at;
	if (!cursor) {
		paper->top = at;
		return true;
	}
	paper->cursor = at;
	paper_follow(paper, height);
	return true;
}
