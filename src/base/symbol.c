/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/symbol.h"

#include <string.h>

static bool begins_with(const char *text, size_t len, const char *word)
{
	return len >= strlen(word) && !memcmp(text, word, strlen(word));
}

static bool ends_with(const char *text, size_t len, const char *word)
{
	return len >= strlen(word) && !memcmp(text + len - strlen(word), word, strlen(word));
}

/*
 * Whether a package ends in an element of what looks like its path: `http.Conn.example.com`. A name of a host, which
 * only a path's first element is, may have as many dots.
 */
static bool is_wrapper(const char *element, size_t len, bool first)
{
	/* Elements that paths of the standard library begin with, and no host ends in. */
	static const char *const roots[] = {".internal", ".vendor", ".runtime", ".crypto"};
	size_t dots = 0;

	for (size_t i = 0; i < len; i++)
		dots += element[i] == '.';
	if (dots < 2 || !first || begins_with(element, len, "main."))
		return dots >= 2;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (ends_with(element, len, roots[i]))
			return true;
	return false;
}

size_t symbol_package_in(const char *name, size_t len)
{
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		char c = name[i];

		if (c == '[' || c == '(' || c == '{' || c == ' ')
			len = i;
		if (c != '/')
			continue;
		if (is_wrapper(name + at, i - at, !at))
			break;
		at = i + 1;
	}
	while (at < len && name[at] != '.')
		at++;
	return at;
}

size_t symbol_package(const char *name)
{
	return symbol_package_in(name, strlen(name));
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
