/* SPDX-License-Identifier: GPL-2.0-only */
#include "rule/scan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int scan_begin(struct scan *s, const char *text, const char *noun, unsigned int number,
	       struct error *err)
{
	*s = (struct scan){.text = text, .noun = noun, .number = number, .err = err};
	s->end = strlen(text);
	if (s->end > SCAN_MAX)
		return error_set(err, -EINVAL, "%s %u: more than %d bytes; write less", noun,
				 number, SCAN_MAX);
	while (s->at < s->end) {
		uint32_t rune;
		size_t n = utf8_decode(text + s->at, s->end - s->at, &rune);

		if (!n || utf8_hidden(rune))
			if (!is_blank(text[s->at]))
				return scan_fail(s, s->at,
						 "a byte 0x%02x that is no text; leave it out",
						 (unsigned char)text[s->at]);
		s->at += n;
	}
	s->at = 0;
	return 0;
}

unsigned int scan_column(const struct scan *s, size_t at)
{
	unsigned int column = 1;

	for (size_t i = 0; i < at; i++)
		column += ((unsigned char)s->text[i] & 0xc0) != 0x80;
	return column;
}

int scan_fail(struct scan *s, size_t at, const char *fmt, ...)
{
	char cause[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(cause, sizeof(cause), fmt, args);
	va_end(args);
	return error_set(s->err, -EINVAL, "%s %u, column %u: %s", s->noun, s->number,
			 scan_column(s, at), cause);
}

int scan_nomem(struct scan *s)
{
	return error_set(s->err, -ENOMEM, "%s %u: out of memory", s->noun, s->number);
}

char scan_peek(struct scan *s)
{
	while (s->at < s->end && is_blank(s->text[s->at]))
		s->at++;
	return s->at < s->end ? s->text[s->at] : '\0';
}

bool scan_take(struct scan *s, char c)
{
	if (scan_peek(s) != c || s->at == s->end)
		return false;
	s->at++;
	return true;
}

bool scan_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

size_t scan_word(struct scan *s)
{
	while (s->at < s->end && scan_is_word(s->text[s->at]))
		s->at++;
	return s->at;
}

bool scan_equal(const struct scan *s, size_t from, size_t to, const char *text)
{
	return strlen(text) == to - from && !memcmp(s->text + from, text, to - from);
}

char *scan_copy(struct scan *s, size_t from, size_t to)
{
	char *copy = malloc(to - from + 1);

	if (!copy) {
		scan_nomem(s);
		return NULL;
	}
	memcpy(copy, s->text + from, to - from);
	copy[to - from] = '\0';
	return copy;
}

int scan_unexpected(struct scan *s, const char *wanted)
{
	char c = scan_peek(s);
	size_t from = s->at, to;

	if (from == s->end || c == ')' || c == ',')
		return scan_fail(s, from, "%s is missing; write it", wanted);
	to = scan_word(s);
	if (to == from)
		to++;
	s->at = from;
	return scan_fail(s, from, "'%.*s' stands where %s should; write that instead",
			 SCAN_PIECE(s, from, to), wanted);
}
