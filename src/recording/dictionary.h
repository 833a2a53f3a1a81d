/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dictionary: bytes that a block has told already, by number from 1.
 *
 * Emptied with each block. The caller owns the struct; zero-initialised is empty.
 */
#ifndef FTRACE_RECORDING_DICTIONARY_H
#define FTRACE_RECORDING_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"

struct dictionary_entry {
	size_t at;
	uint32_t len;
	uint32_t next; /* of the same hash; 0: none */
};

struct dictionary {
	struct map index; /* hash -> number of the newest with it */
	struct dictionary_entry *entries;
	size_t count, cap;
	struct buf bytes;
};

/* The number of these bytes; *fresh: they are new. 0 when memory is out. */
uint32_t dictionary_put(struct dictionary *dictionary, const void *bytes, size_t len, bool *fresh);

void dictionary_reset(struct dictionary *dictionary);
void dictionary_release(struct dictionary *dictionary);

#endif
