/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/recent.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 64

void recent_init(struct recent *recent, size_t size, size_t limit)
{
	*recent = (struct recent){.size = size, .limit = limit};
}

void recent_release(struct recent *recent)
{
	map_release(&recent->map);
	free(recent->all);
	recent_init(recent, recent->size, recent->limit);
}

static struct map_key *key_at(const struct recent *recent, size_t place)
{
	return (struct map_key *)(recent->all + place * (sizeof(struct map_key) + recent->size));
}

void *recent_find(const struct recent *recent, struct map_key key)
{
	const uint64_t *place = map_find(&recent->map, key);

	return place ? key_at(recent, *place - 1) + 1 : NULL;
}

/* Room for one more, as long as there may be more. */
static bool grow(struct recent *recent)
{
	size_t cap = recent->cap ? 2 * recent->cap : FIRST;
	unsigned char *more;

	if (recent->next < recent->cap || recent->cap == recent->limit)
		return true;
	if (cap > recent->limit)
		cap = recent->limit;
	more = reallocarray(recent->all, cap, sizeof(struct map_key) + recent->size);
	if (!more)
		return false;
	recent->all = more;
	recent->cap = cap;
	memset(key_at(recent, recent->next), 0,
	       (cap - recent->next) * (sizeof(struct map_key) + recent->size));
	return true;
}

/* Whether the key is the one whose element is there. */
static bool is_at(const struct recent *recent, struct map_key key, size_t place)
{
	const uint64_t *known = map_find(&recent->map, key);

	return known && *known == 1 + place;
}

/* Whether it is in the older half of a full table. */
static bool is_old(const struct recent *recent, size_t place)
{
	size_t ahead = place >= recent->next ? place - recent->next
					     : place + recent->cap - recent->next;

	return recent->cap == recent->limit && ahead < recent->limit / 2;
}

void *recent_put(struct recent *recent, struct map_key key)
{
	uint64_t *known = map_find(&recent->map, key);
	struct map_key *from = known ? key_at(recent, *known - 1) : NULL, *to;

	if (from && !is_old(recent, *known - 1))
		return from + 1;
	if (!grow(recent))
		return NULL;
	if (recent->next == recent->limit)
		recent->next = 0;
	to = key_at(recent, recent->next);
	if (to == from) {
		recent->next++;
		return to + 1;
	}
	if (is_at(recent, *to, recent->next))
		map_delete(&recent->map, *to);
	known = map_put(&recent->map, key);
	if (!known)
		return NULL;
	*known = 1 + recent->next++;
	*to = key;
	if (from)
		memcpy(to + 1, from + 1, recent->size);
	else
		memset(to + 1, 0, recent->size);
	return to + 1;
}
