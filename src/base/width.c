/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "base/width.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

#include "base/escape.h"

#define HIGH_BITS 0x8080808080808080u

/* How many bytes from the beginning on are ASCII. */
static size_t ascii_run(const char *text, size_t len)
{
	uint64_t bytes;
	size_t i = 0;

	for (; i + sizeof(bytes) <= len; i += sizeof(bytes)) {
		memcpy(&bytes, text + i, sizeof(bytes));
		if (bytes & HIGH_BITS)
			break;
	}
	while (i < len && !(text[i] & 0x80))
		i++;
	return i;
}

/* What wcwidth() says belongs to a locale. The newest of a thread's is put back by whoever made it other. */
static locale_t use_utf8(void)
{
	static locale_t utf8;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return utf8 ? uselocale(utf8) : (locale_t)0;
}

/* Of the character at `text`: its length goes to *bytes. */
static uint32_t character_width(const char *text, size_t len, size_t *bytes)
{
	uint32_t rune;
	int width;

	*bytes = utf8_decode(text, len, &rune);
	if (!*bytes) {
		*bytes = 1;
		return 1;
	}
	width = rune < 0x80 ? 1 : wcwidth((wchar_t)rune);
	return width < 0 ? 1 : (uint32_t)width;
}

/* Counts characters as long as they fit into `room`; how far it came goes to *end. */
static uint32_t count(const char *text, size_t len, uint32_t room, size_t *end)
{
	locale_t before = use_utf8();
	uint32_t width = 0, more;
	size_t at = 0, bytes;

	while (at < len) {
		more = character_width(text + at, len - at, &bytes);
		if (more > room - width)
			break;
		width += more;
		at += bytes;
	}
	if (before)
		uselocale(before);
	*end = at;
	return width;
}

uint32_t text_width(const char *text, size_t len)
{
	size_t plain = ascii_run(text, len), end;

	if (plain == len)
		return (uint32_t)len;
	return (uint32_t)plain +
	       count(text + plain, len - plain, UINT32_MAX - (uint32_t)plain, &end);
}

size_t text_head_within(const char *text, size_t len, uint32_t room)
{
	size_t end;

	count(text, len, room, &end);
	return end;
}

size_t text_tail_within(const char *text, size_t len, uint32_t room)
{
	uint32_t width = text_width(text, len), more;
	locale_t before = use_utf8();
	size_t at = 0, bytes;

	/* What takes no column belongs to what is in front of it. */
	while (at < len) {
		more = character_width(text + at, len - at, &bytes);
		if (width <= room && more)
			break;
		width -= more;
		at += bytes;
	}
	if (before)
		uselocale(before);
	return len - at;
}
