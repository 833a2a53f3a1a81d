/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static uint64_t hash_of(const unsigned char *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325 ^ len, word;

	for (; len >= sizeof(word); bytes += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 29;
	}
	while (len--)
		hash = (hash ^ *bytes++) * 0x100000001b3;
	return hash ^ hash >> 32;
}

uint32_t dictionary_put(struct dictionary *dictionary, const void *bytes, size_t len, bool *fresh)
{
	uint64_t *place = map_put(&dictionary->index, (struct map_key){.a = hash_of(bytes, len)});
	struct dictionary_entry *entry;

	*fresh = false;
	if (!place || len > UINT32_MAX)
		return 0;
	for (uint32_t at = (uint32_t)*place; at; at = entry->next) {
		entry = &dictionary->entries[at - 1];
		if (entry->len == len &&
		    (!len || !memcmp(dictionary->bytes.data + entry->at, bytes, len)))
			return at;
	}
	entry = vec_push(&dictionary->entries, &dictionary->count, &dictionary->cap);
	if (!entry)
		return 0;
	*entry = (struct dictionary_entry){dictionary->bytes.len, (uint32_t)len, (uint32_t)*place};
	buf_add(&dictionary->bytes, bytes, len);
	*place = dictionary->count;
	*fresh = true;
	return (uint32_t)dictionary->count;
}

void dictionary_reset(struct dictionary *dictionary)
{
	map_release(&dictionary->index);
	dictionary->count = 0;
	buf_reset(&dictionary->bytes);
}

void dictionary_release(struct dictionary *dictionary)
{
	map_release(&dictionary->index);
	free(dictionary->entries);
	buf_release(&dictionary->bytes);
	*dictionary = (struct dictionary){0};
}
