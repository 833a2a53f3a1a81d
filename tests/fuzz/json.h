/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json: whether a text is one JSON value (RFC 8259), and nothing more.
 */
#ifndef FTRACE_TESTS_FUZZ_JSON_H
#define FTRACE_TESTS_FUZZ_JSON_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/escape.h"

#define JSON_LEVELS 64

/* Each takes a piece of text and returns what is behind it; NULL when there is none. */
static const char *json_value(const char *at, const char *end, int level);

static inline const char *json_string(const char *at, const char *end)
{
	const char *start = at;

	if (at == end || *at++ != '"')
		return NULL;
	while (at < end && *at != '"') {
		if ((unsigned char)*at < ' ')
			return NULL;
		if (*at == '\\') {
			if (++at == end || !strchr("\"\\/bfnrtu", *at))
				return NULL;
			for (int i = 1; *at == 'u' && i <= 4; i++)
				if (at + i >= end || !isxdigit((unsigned char)at[i]))
					return NULL;
		}
		at++;
	}
	return at < end && utf8_valid(start, (size_t)(at - start)) ? at + 1 : NULL;
}

static inline const char *json_digits(const char *at, const char *end)
{
	const char *start = at;

	while (at < end && isdigit((unsigned char)*at))
		at++;
	return at > start ? at : NULL;
}

static inline const char *json_number(const char *at, const char *end)
{
	const char *first;

	if (at < end && *at == '-')
		at++;
	first = at;
	at = json_digits(at, end);
	if (!at || (*first == '0' && at - first > 1))
		return NULL;
	if (at < end && *at == '.')
		at = json_digits(at + 1, end);
	if (at && at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		at = json_digits(at, end);
	}
	return at;
}

static inline const char *json_members(const char *at, const char *end, int level)
{
	char close = *at == '{' ? '}' : ']';

	at++;
	if (at < end && *at == close)
		return at + 1;
	while (at && at < end) {
		if (close == '}') {
			at = json_string(at, end);
			if (!at || at == end || *at++ != ':')
				return NULL;
		}
		at = json_value(at, end, level + 1);
		if (!at || at == end || (*at != ',' && *at != close))
			return NULL;
		if (*at++ == close)
			return at;
	}
	return NULL;
}

static const char *json_value(const char *at, const char *end, int level)
{
	static const char *const words[] = {"true", "false", "null"};

	if (!at || at >= end || level > JSON_LEVELS)
		return NULL;
	if (*at == '"')
		return json_string(at, end);
	if (*at == '{' || *at == '[')
		return json_members(at, end, level);
	for (int i = 0; i < 3; i++)
		if ((size_t)(end - at) >= strlen(words[i]) &&
		    !memcmp(at, words[i], strlen(words[i])))
			return at + strlen(words[i]);
	return json_number(at, end);
}

static inline bool json_valid(const char *text, size_t len)
{
	return len && json_value(text, text + len, 0) == text + len;
}

#endif
