/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/map.h"

#include <stdlib.h>

static size_t map_home(const struct map *map, struct map_key key)
{
	uint64_t h = (key.a ^ (key.b * 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;

	return (size_t)(h ^ (h >> 32)) & (map->cap - 1);
}

/* Behind the slots: one byte each, which is 0 when the slot is free. */
static uint8_t *used_bytes(const struct map *map)
{
	return (uint8_t *)(map->slots + map->cap);
}

static bool is_used(const struct map *map, size_t at)
{
	return used_bytes(map)[at];
}

/* The place of `key`: where it is, or where it would be. */
static size_t map_slot(const struct map *map, struct map_key key)
{
	size_t at = map_home(map, key);

	while (is_used(map, at) && (map->slots[at].key.a != key.a || map->slots[at].key.b != key.b))
		at = (at + 1) & (map->cap - 1);
	return at;
}

static void occupy(struct map *map, struct map_slot slot)
{
	size_t at = map_slot(map, slot.key);

	map->slots[at] = slot;
	used_bytes(map)[at] = 1;
}

uint64_t *map_find(const struct map *map, struct map_key key)
{
	size_t at;

	if (!map->cap)
		return NULL;
	at = map_slot(map, key);
	return is_used(map, at) ? &map->slots[at].value : NULL;
}

static bool map_grow(struct map *map)
{
	struct map old = *map;
	struct map bigger = {.cap = old.cap ? old.cap * 2 : 16, .count = old.count};

	bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots) + 1);
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < old.cap; i++)
		if (is_used(&old, i))
			occupy(&bigger, old.slots[i]);
	free(old.slots);
	*map = bigger;
	return true;
}

uint64_t *map_put(struct map *map, struct map_key key)
{
	uint64_t *value = map_find(map, key);

	if (value)
		return value;
	if ((!map->slots || map->count >= map->cap / 4 * 3) && !map_grow(map))
		return NULL;
	occupy(map, (struct map_slot){.key = key});
	map->count++;
	return map_find(map, key);
}

/* Moves later entries of the chain back, so that no tombstone is needed. */
bool map_delete(struct map *map, struct map_key key)
{
	size_t hole, at;

	if (!map->cap)
		return false;
	hole = map_slot(map, key);
	if (!is_used(map, hole))
		return false;
	for (at = (hole + 1) & (map->cap - 1); is_used(map, at); at = (at + 1) & (map->cap - 1)) {
		size_t home = map_home(map, map->slots[at].key);

		if (((at - home) & (map->cap - 1)) < ((at - hole) & (map->cap - 1)))
			continue;
		map->slots[hole] = map->slots[at];
		hole = at;
	}
	used_bytes(map)[hole] = 0;
	map->count--;
	return true;
}

struct map_slot *map_next(const struct map *map, size_t *at)
{
	while (*at < map->cap) {
		size_t i = (*at)++;

		if (is_used(map, i))
			return &map->slots[i];
	}
	return NULL;
}

void map_release(struct map *map)
{
	free(map->slots);
	*map = (struct map){0};
}
