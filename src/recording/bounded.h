/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bounded: where the blocks of a recording go whose file is bounded: over the oldest ones.
 *
 *     head, block 0 | 5  6  7 ..old.. 3  4 |      at: behind 7; what is left of 2 is no block any more
 *
 * Blocks are written one behind the other. What has no room before the bound goes to the beginning; the file then ends where the
 * newest block of this round did, so that nothing older is left behind it.
 *
 * Pure accounting; the caller owns the struct.
 */
#ifndef FTRACE_RECORDING_BOUNDED_H
#define FTRACE_RECORDING_BOUNDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One that is there. */
struct bounded_block {
	uint64_t offset;
	uint32_t calls;
};

struct bounded {
	uint64_t begin,
		bound; /* offsets: of the first block that may be overwritten; what no block may reach beyond */
	uint64_t at;                  /* where the next one goes, if there is room */
	uint64_t written;             /* calls in all blocks so far, those without room included */
	uint64_t kept;                /* in those that are there */
	struct bounded_block *blocks; /* from `first` on, the oldest first */
	size_t first, nblocks, capblocks;
};

/* Where a block goes. */
struct bounded_place {
	bool fits; /* false: it is larger than the bounded, and left out */
	bool cut;  /* the file ends at `end` before it is written */
	uint64_t end;
	uint64_t offset;
};

void bounded_init(struct bounded *bounded, uint64_t begin, uint64_t bound);
void bounded_release(struct bounded *bounded);

/* Takes in a block of `len` bytes. 0 or -ENOMEM. */
int bounded_put(struct bounded *bounded, size_t len, uint32_t calls, struct bounded_place *place);

/* Calls that were written and are not there any more. */
static inline uint64_t bounded_overwritten(const struct bounded *bounded)
{
	return bounded->written - bounded->kept;
}

#endif
