/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/suggest.h"

#include <stdio.h>
#include <string.h>

#define LONGEST 127

unsigned int suggest_distance(const char *a, size_t alen, const char *b, size_t blen,
			      unsigned int limit)
{
	size_t gap = alen > blen ? alen - blen : blen - alen;
	unsigned int row[LONGEST + 1];

	if (alen > LONGEST || blen > LONGEST || gap > limit)
		return limit + 1;
	for (size_t j = 0; j <= blen; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; i <= alen; i++) {
		unsigned int corner = row[0];
		unsigned int best = row[0] = (unsigned int)i;

		for (size_t j = 1; j <= blen; j++) {
			unsigned int above = row[j];
			unsigned int cost = corner + (a[i - 1] != b[j - 1]);

			if (above + 1 < cost)
				cost = above + 1;
			if (row[j - 1] + 1 < cost)
				cost = row[j - 1] + 1;
			row[j] = cost;
			corner = above;
			if (cost < best)
				best = cost;
		}
		if (best > limit)
			return limit + 1;
	}
	return row[blen];
}

void suggest_init(struct suggest *s, const char *wanted)
{
	*s = (struct suggest){.wanted = wanted};
}

void suggest_name(struct suggest *s, const char *name)
{
	size_t wanted = strlen(s->wanted), len = strlen(name);
	unsigned int limit = (unsigned int)(wanted / 4 + 1);
	unsigned int distance;
	size_t at;

	distance = suggest_distance(s->wanted, wanted, name, len, limit);
	if (distance > limit)
		return;
	for (at = 0; at < s->count && s->distance[at] <= distance; at++)
		if (!strcmp(s->names[at], name))
			return;
	if (at == SUGGEST_MAX)
		return;
	if (s->count < SUGGEST_MAX)
		s->count++;
	for (size_t i = s->count - 1; i > at; i--) {
		s->names[i] = s->names[i - 1];
		s->distance[i] = s->distance[i - 1];
	}
	s->names[at] = name;
	s->distance[at] = distance;
}

const char *suggest_text(const struct suggest *s, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < s->count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s%s",
					 i ? ", " : "; did you mean ", s->names[i],
					 i + 1 == s->count ? "?" : "");
	return text;
}
