/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/glob.h"

#include <stddef.h>
#include <string.h>

const char *glob_match_set(const char *p, unsigned char c, bool *in)
{
	bool negate = p[1] == '!' || p[1] == '^';
	const char *first = p + 1 + negate;
	bool found = false;

	for (p = first; *p && (*p != ']' || p == first); p++) {
		unsigned char low = (unsigned char)*p;
		unsigned char high = low;

		if (low == '\\' && p[1])
			low = high = (unsigned char)*++p;
		if (p[1] == '-' && p[2] && p[2] != ']') {
			high = (unsigned char)p[2];
			p += 2;
		}
		found |= low <= c && c <= high;
	}
	if (!*p)
		return NULL;
	*in = found != negate;
	return p + 1;
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
		     size_t len, unsigned char c)
{
	for (size_t i = 0; i < len; i++) {
		const char *behind;
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
		case '\\':
			if (pattern[i + 1] ? (unsigned char)pattern[i + 1] == c : c == '\\')
				row_add(next, pattern, i + (pattern[i + 1] ? 2 : 1));
			break;
		case '[':
			behind = glob_match_set(pattern + i, c, &in);
			if (behind && in)
				row_add(next, pattern, (size_t)(behind - pattern));
			if (c == '[')
				row_add(next, pattern, i + 1);
			break;
		default:
			if ((unsigned char)pattern[i] == c)
				row_add(next, pattern, i + 1);
		}
	}
}

bool glob_match(const char *pattern, const char *name)
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
	for (; *name; name++) {
		memset(rows[!now].at, 0, len + 1);
		row_step(&rows[now], &rows[!now], pattern, len, (unsigned char)*name);
		now = !now;
	}
	return rows[now].at[len];
}

bool glob_is_plain(const char *pattern)
{
	return !strpbrk(pattern, SPECIAL);
}
