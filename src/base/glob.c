/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/glob.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/escape.h"

/* A byte that is no part of a character, apart from all characters. */
#define STRAY 0x110000u

/* The character, or the byte, at `p`, which is not the end: its length. */
static size_t take(const char *p, bool bytes, uint32_t *c)
{
	size_t len;

	*c = (unsigned char)*p;
	if (*c < 0x80 || bytes)
		return 1;
	len = utf8_decode(p, strnlen(p, 4), c);
	if (len)
		return len;
	*c = STRAY + (unsigned char)*p;
	return 1;
}

/* The pattern behind the set at `p`, or NULL; *in: whether `c` is in it. */
static const char *match_set(const char *p, uint32_t c, bool bytes, bool *in)
{
	bool negate = p[1] == '!' || p[1] == '^';
	const char *first = p + 1 + negate;
	bool found = false;

	for (p = first; *p && (*p != ']' || p == first);) {
		uint32_t low, high;

		p += *p == '\\' && p[1];
		p += take(p, bytes, &low);
		high = low;
		if (*p == '-' && p[1] && p[1] != ']')
			p += 1 + take(p + 1, bytes, &high);
		found |= low <= c && c <= high;
	}
	if (!*p)
		return NULL;
	*in = found != negate;
	return p + 1;
}

const char *glob_match_set(const char *p, unsigned char c, bool *in)
{
	return match_set(p, c, true, in);
}

/*
 * One pass over the name, with the set of pattern positions reached so far: no backtracking.
 * Patterns are short, so a row has one byte per position, and longer patterns only equal
 * themselves.
 */
#define GLOB_MAX 1023

/* What is not itself in a pattern. */
#define SPECIAL "*?[\\"

struct glob_row {
	unsigned char at[GLOB_MAX + 1];
};

/* Adds pattern position `i` and those reachable from it without a byte of the name. */
static void row_add(struct glob_row *row, const char *pattern, size_t i)
{
	while (!row->at[i]) {
		row->at[i] = 1;
		if (pattern[i] != '*')
			return;
		i++;
	}
}

static void row_step(const struct glob_row *now, struct glob_row *next, const char *pattern,
		     size_t len, uint32_t c, bool bytes)
{
	for (size_t i = 0; i < len; i++) {
		const char *behind;
		uint32_t at;
		bool in;

		if (!now->at[i])
			continue;
		switch (pattern[i]) {
		case '*':
			row_add(next, pattern, i);
			break;
		case '?':
			row_add(next, pattern, i + 1);
			break;
		case '[':
			behind = match_set(pattern + i, c, bytes, &in);
			if (behind && in)
				row_add(next, pattern, (size_t)(behind - pattern));
			if (c == '[')
				row_add(next, pattern, i + 1);
			break;
		default: {
			size_t quote = pattern[i] == '\\' && pattern[i + 1];
			size_t taken = quote + take(pattern + i + quote, bytes, &at);

			if (at == c)
				row_add(next, pattern, i + taken);
		}
		}
	}
}

static bool match(const char *pattern, const char *name, bool bytes)
{
	size_t len = strlen(pattern), same = strcspn(pattern, SPECIAL);
	struct glob_row rows[2];
	int now = 0;

	if (len > GLOB_MAX || same == len)
		return strcmp(pattern, name) == 0;
	/* Most names are told apart by what stands before the first wildcard, most patterns end with it. */
	if (strncmp(pattern, name, same) != 0)
		return false;
	pattern += same;
	name += same;
	len -= same;
	if (len == 1 && *pattern == '*')
		return true;
	memset(rows[now].at, 0, len + 1);
	row_add(&rows[now], pattern, 0);
	while (*name) {
		uint32_t c;

		name += take(name, bytes, &c);
		memset(rows[!now].at, 0, len + 1);
		row_step(&rows[now], &rows[!now], pattern, len, c, bytes);
		now = !now;
	}
	return rows[now].at[len];
}

bool glob_match(const char *pattern, const char *name)
{
	return match(pattern, name, false);
}

bool glob_match_bytes(const char *pattern, const char *name)
{
	return match(pattern, name, true);
}

bool glob_is_plain(const char *pattern)
{
	return !strpbrk(pattern, SPECIAL);
}
