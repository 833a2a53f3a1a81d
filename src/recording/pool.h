/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pool: texts, each once, that stay where they are until all go: names, files, types of a recording that is read.
 *
 * The caller owns the struct; zero-initialised is empty.
 */
#ifndef FTRACE_RECORDING_POOL_H
#define FTRACE_RECORDING_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

struct pool {
	struct map index; /* hash, try -> the text's address */
	char **chunks;
	size_t nchunks, capchunks;
	size_t used, size; /* of the newest chunk */
};

/* The text with a NUL behind it; NUL bytes in it end it early for whoever reads it as a string. NULL when memory is out. */
const char *pool_put(struct pool *pool, const void *bytes, size_t len);

void pool_release(struct pool *pool);

#endif
