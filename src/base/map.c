/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/map.h"

#include <stdlib.h>

static size_t map_home(const struct map *map, struct map_key key)
{
	uint64_t h = (key.a ^ (key.b * 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;

	return (size_t)(h ^ (h >> 32)) & (map->cap - 1);
}

static struct map_slot *map_slot(const struct map *map, struct map_key key)
{
	size_t at = map_home(map, key);

	while (map->slots[at].used &&
	       (map->slots[at].key.a != key.a || map->slots[at].key.b != key.b))
		at = (at + 1) & (map->cap - 1);
	return &map->slots[at];
}

uint64_t *map_find(const struct map *map, struct map_key key)
{
	struct map_slot *slot;

	if (!map->cap)
		return NULL;
	slot = map_slot(map, key);
	return slot->used ? &slot->value : NULL;
}

static bool map_grow(struct map *map)
{
	struct map old = *map;
	struct map bigger = {.cap = old.cap ? old.cap * 2 : 16, .count = old.count};

	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].used)
			*map_slot(&bigger, old.slots[i].key) = old.slots[i];
	free(old.slots);
	*map = bigger;
	return true;
}

uint64_t *map_put(struct map *map, struct map_key key)
{
	struct map_slot *slot;

	if (map->cap) {
		slot = map_slot(map, key);
		if (slot->used)
			return &slot->value;
	}
	if (map->count + 1 > map->cap / 4 * 3 && !map_grow(map))
		return NULL;
	slot = map_slot(map, key);
	*slot = (struct map_slot){.key = key, .used = 1};
	map->count++;
	return &slot->value;
}

/* Moves later entries of the chain back, so that no tombstone is needed. */
bool map_delete(struct map *map, struct map_key key)
{
	struct map_slot *slot;
	size_t hole, at;

	if (!map->cap)
		return false;
	slot = map_slot(map, key);
	if (!slot->used)
		return false;
	hole = (size_t)(slot - map->slots);
	for (at = (hole + 1) & (map->cap - 1); map->slots[at].used; at = (at + 1) & (map->cap - 1)) {
		size_t home = map_home(map, map->slots[at].key);

		if (((at - home) & (map->cap - 1)) < ((at - hole) & (map->cap - 1)))
			continue;
		map->slots[hole] = map->slots[at];
		hole = at;
	}
	map->slots[hole].used = 0;
	map->count--;
	return true;
}

struct map_slot *map_next(const struct map *map, size_t *at)
{
	while (*at < map->cap) {
		struct map_slot *slot = &map->slots[(*at)++];

		if (slot->used)
			return slot;
	}
	return NULL;
}

void map_release(struct map *map)
{
	free(map->slots);
	*map = (struct map){0};
}
