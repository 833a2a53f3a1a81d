/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define CHUNK (64 * 1024)

/* In front of each text: its length. */
struct head {
	uint32_t len;
};

static uint64_t hash_of(const unsigned char *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325 ^ len;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	return hash ^ hash >> 32;
}

/* Room for `size` bytes that nobody moves. */
static char *room(struct pool *pool, size_t size)
{
	char **chunk;
	char *at;

	if (pool->size - pool->used < size) {
		chunk = vec_push(&pool->chunks, &pool->nchunks, &pool->capchunks);
		if (!chunk)
			return NULL;
		pool->size = size > CHUNK ? size : CHUNK;
		pool->used = 0;
		*chunk = malloc(pool->size);
		if (!*chunk) {
			pool->nchunks--;
			pool->size = 0;
			return NULL;
		}
	}
	at = pool->chunks[pool->nchunks - 1] + pool->used;
	pool->used += size;
	return at;
}

static const char *add(struct pool *pool, const void *bytes, size_t len)
{
	struct head head = {.len = (uint32_t)len};
	char *at = room(pool, sizeof(head) + len + 1);

	if (!at)
		return NULL;
	memcpy(at, &head, sizeof(head));
	at += sizeof(head);
	if (len)
		memcpy(at, bytes, len);
	at[len] = '\0';
	return at;
}

static int is_equal(const char *text, const void *bytes, size_t len)
{
	struct head head;

	memcpy(&head, text - sizeof(head), sizeof(head));
	return head.len == len && (!len || !memcmp(text, bytes, len));
}

const char *pool_put(struct pool *pool, const void *bytes, size_t len)
{
	struct map_key key = {.a = hash_of(bytes, len)};
	uint64_t *place;

	if (len > UINT32_MAX - sizeof(struct head) - 1)
		return NULL;
	for (;; key.b++) {
		const char *text;

		place = map_put(&pool->index, key);
		if (!place)
			return NULL;
		text = (const char *)(uintptr_t)*place;
		if (text && is_equal(text, bytes, len))
			return text;
		if (text)
			continue;
		text = add(pool, bytes, len);
		if (!text)
			map_delete(&pool->index, key);
		else
			*place = (uintptr_t)text;
		return text;
	}
}

void pool_release(struct pool *pool)
{
	for (size_t i = 0; i < pool->nchunks; i++)
		free(pool->chunks[i]);
	free(pool->chunks);
	map_release(&pool->index);
	*pool = (struct pool){0};
}
