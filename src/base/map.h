/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * map: a hash table from a 128-bit key (two words) to a pointer or a number.
 *
 * Open addressing, grows at three quarters; deleting keeps the probe chains whole.
 * Zero-initialised is empty; the caller owns the struct and what values point to.
 */
#ifndef FTRACE_BASE_MAP_H
#define FTRACE_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_key {
	uint64_t a, b;
};

struct map_slot {
	struct map_key key;
	uint64_t value;
};

struct map {
	struct map_slot *slots; /* and behind them a byte each that tells which are used */
	size_t cap;             /* a power of two, or 0 */
	size_t count;
};

/* The place of the value of `key`, or NULL when it is not there. */
uint64_t *map_find(const struct map *map, struct map_key key);

/* The place of the value of `key`, made with value 0 if it was not there; NULL when memory is
 * out. The place is good until the next map_put() or map_delete(). */
uint64_t *map_put(struct map *map, struct map_key key);

bool map_delete(struct map *map, struct map_key key);

/* Walks all entries: start with *at = 0, ends with NULL. The map must not change meanwhile. */
struct map_slot *map_next(const struct map *map, size_t *at);

void map_release(struct map *map);

#endif
