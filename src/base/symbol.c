/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/symbol.h"

#include <string.h>

size_t symbol_package(const char *name)
{
	size_t end = strcspn(name, "[(");
	size_t slash = 0;

	for (size_t i = 0; i < end; i++)
		if (name[i] == '/')
			slash = i;
	return slash + strcspn(name + slash, ".");
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void symbol_decode(struct buf *buf, const char *text, size_t len)
{
	while (len) {
		const char *percent = memchr(text, '%', len);
		size_t plain = percent ? (size_t)(percent - text) : len;
		int high = -1, low = -1;

		buf_add(buf, text, plain);
		text += plain;
		len -= plain;
		if (!len)
			return;
		if (len > 2) {
			high = hex_digit(text[1]);
			low = hex_digit(text[2]);
		}
		/* No symbol has a NUL, and none is to get one. */
		if (high < 0 || low < 0 || !(high | low)) {
			buf_addc(buf, '%');
			text++;
			len--;
		} else {
			buf_addc(buf, (char)(high << 4 | low));
			text += 3;
			len -= 3;
		}
	}
}

size_t symbol_generated(const char *name)
{
	/* With a dot until Go 1.19. */
	static const char *const prefixes[] = {"type:.eq.", "type:.hash.", "type..eq.",
					       "type..hash."};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return strlen(prefixes[i]);
	return 0;
}

bool symbol_is_version(const char *element, size_t len)
{
	if (len < 2 || element[0] != 'v' || element[1] == '0' || (len == 2 && element[1] == '1'))
		return false;
	for (size_t i = 1; i < len; i++)
		if (element[i] < '0' || element[i] > '9')
			return false;
	return true;
}

const char *symbol_bracket_end(const char *open)
{
	size_t depth = 0;

	for (const char *p = open; *p; p++) {
		if (*p == '"') {
			for (p++; *p && *p != '"'; p++)
				if (*p == '\\' && p[1])
					p++;
			if (!*p)
				return NULL;
		}
		depth += *p == '[';
		if (*p == ']' && !--depth)
			return p;
	}
	return NULL;
}
