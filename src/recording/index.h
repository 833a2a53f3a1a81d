/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * index: what the end of a recording says of its blocks (contents.h).
 *
 * It is believed only where it is there whole, and each of its entries says what the head of a block in that place says, one
 * block behind the other from the beginning to the index. Of what is in a block besides the heads tell nothing: that is as it
 * was written, under the checksum of the index.
 *
 * Functions have numbers of the index's own: what it calls them changes nothing of what is read of blocks.
 */
#ifndef FTRACE_RECORDING_INDEX_H
#define FTRACE_RECORDING_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recording/decode.h"

struct index_set {
	size_t first, count; /* in the index's numbers, in order */
	bool known;
};

struct index_block {
	uint64_t offset, first, last, reach;
	uint32_t kind, calls;
	struct index_set goids, funcs;
};

struct index {
	struct decoder decoder; /* for the functions and executables */
	struct index_block *blocks;
	size_t nblocks, capblocks;
	size_t told; /* of them, those whose contents are known */
	uint64_t *numbers;
	size_t nnumbers, capnumbers;
};

void index_release(struct index *index);

/* Of the file of that descriptor, which can be read at any place; the descriptor stands anywhere afterwards. 0, -EBADMSG where
 * there is none to be believed, or another negative errno. */
int index_read(struct index *index, int fd);

/* For decode.c: an entry, and what one holds. False when it does not hold together. */
bool index_entry(struct decoder *decoder, struct wire *wire);
bool index_contents(struct decoder *decoder, struct wire *wire);

bool index_set_has(const struct index *index, const struct index_set *set, uint64_t number);

#endif
