/* SPDX-License-Identifier: GPL-2.0-only */
#include "rule/filter_glob.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"

/* What takes one byte at `p`, as written: its length in the pattern. A quoted byte is one. */
static size_t part_len(const char *p)
{
	return *p == '\\' && p[1] ? 2 : 1;
}

unsigned int filter_glob_sets(const char *pattern)
{
	unsigned int sets = 0;

	for (const char *p = pattern; *p; p += part_len(p)) {
		bool in;

		sets += *p == '[' && glob_match_set(p, 0, &in);
	}
	return sets;
}

bool filter_glob_is_prefix(const char *pattern)
{
	size_t plain = strcspn(pattern, "*?[\\");

	return pattern[plain] == '*' && !pattern[plain + 1];
}

static void set_bit(__ft_u64 *row, unsigned int bit)
{
	row[bit / 64] |= 1ull << bit % 64;
}

/* The byte at `p`, or any, leads from one place to the next. */
static void add_part(struct ft_glob *table, const char *p, unsigned int place)
{
	unsigned char byte = (unsigned char)p[part_len(p) - 1];

	if (*p != '?') {
		set_bit(table->takes[byte], place);
		return;
	}
	for (unsigned int c = 0; c < 256; c++)
		set_bit(table->takes[c], place);
}

/* The bracket at `p` as a set, if it is one: where it leads to is filled in later. */
static void add_set(struct ft_glob *table, const char *pattern, const char *p, unsigned int place)
{
	unsigned int set = table->nsets;
	const char *behind;
	bool in;

	behind = *p == '[' ? glob_match_set(p, 0, &in) : NULL;
	if (!behind || set == FT_GLOB_SETS)
		return;
	for (unsigned int c = 0; c < 256; c++) {
		glob_match_set(p, (unsigned char)c, &in);
		table->sets[c] |= (__ft_u32)in << set;
	}
	table->from[set] = (__ft_u16)place;
	table->to[set] = (__ft_u16)(behind - pattern);
	table->nsets++;
}

static void fill(struct ft_glob *table, const char *pattern)
{
	__ft_u16 places[FT_TEXT_MAX + 1] = {0};
	unsigned int place = 0;
	const char *p;

	for (p = pattern; *p; p += part_len(p)) {
		places[p - pattern] = (__ft_u16)place;
		if (*p == '*') {
			set_bit(table->stays, place);
			continue;
		}
		add_part(table, p, place);
		add_set(table, pattern, p, place);
		place++;
	}
	places[p - pattern] = (__ft_u16)place;
	table->end = (__ft_u16)place;
	table->open = table->stays[place / 64] >> place % 64 & 1;
	for (unsigned int i = 0; i < table->nsets; i++)
		table->to[i] = places[table->to[i]];
}

struct filter_glob *filter_glob_new(const char *pattern)
{
	struct filter_glob *glob = calloc(1, sizeof(*glob));

	if (!glob)
		return NULL;
	glob->refs = 1;
	fill(&glob->table, pattern);
	return glob;
}

struct filter_glob *filter_glob_get(struct filter_glob *glob)
{
	glob->refs++;
	return glob;
}

void filter_glob_put(struct filter_glob *glob)
{
	if (glob && !--glob->refs)
		free(glob);
}
