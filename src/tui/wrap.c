/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/wrap.h"

#include "base/width.h"

/* How many bytes of the text make a line of that many columns. */
static size_t line_of(const char *text, size_t len, unsigned int room)
{
	size_t fit = text_head_within(text, len, room), at = fit;

	if (fit == len)
		return len;
	while (at > fit / 2 && text[at - 1] != ' ')
		at--;
	/* A character that is wider than the line: one all the same. */
	return at > fit / 2 ? at : fit ? fit : len;
}

void wrap(struct buf *buf, const char *text, size_t len, unsigned int width, unsigned int indent)
{
	unsigned int room = width ? width : 1;

	for (;;) {
		size_t line = line_of(text, len, room);

		buf_add(buf, text, line);
		buf_addc(buf, '\n');
		text += line;
		len -= line;
		if (!len)
			return;
		room = width > indent ? width - indent : 1;
		buf_fill(buf, ' ', width > indent ? indent : 0);
	}
}
