/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/bounded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void bounded_init(struct bounded *bounded, uint64_t begin, uint64_t bound)
{
	*bounded = (struct bounded){.begin = begin, .bound = bound, .at = begin};
}

void bounded_release(struct bounded *bounded)
{
	free(bounded->blocks);
	*bounded = (struct bounded){0};
}

/* The oldest blocks, as far as they begin from `at` up to `end`: those of the round before. */
static void drop(struct bounded *bounded, uint64_t at, uint64_t end)
{
	while (bounded->first < bounded->nblocks) {
		const struct bounded_block *oldest = &bounded->blocks[bounded->first];

		if (oldest->offset < at || oldest->offset >= end)
			break;
		bounded->kept -= oldest->calls;
		bounded->first++;
	}
	if (bounded->first > bounded->nblocks / 2) {
		bounded->nblocks -= bounded->first;
		memmove(bounded->blocks, bounded->blocks + bounded->first,
			bounded->nblocks * sizeof(*bounded->blocks));
		bounded->first = 0;
	}
}

int bounded_put(struct bounded *bounded, size_t len, uint32_t calls, struct bounded_place *place)
{
	struct bounded_block *slot;

	*place = (struct bounded_place){.end = bounded->at};
	bounded->written += calls;
	if (bounded->begin > bounded->bound || len > bounded->bound - bounded->begin)
		return 0;
	place->fits = true;
	if (len > bounded->bound - bounded->at) {
		place->cut = true;
		drop(bounded, bounded->at, UINT64_MAX);
		bounded->at = bounded->begin;
	}
	drop(bounded, bounded->at, bounded->at + len);
	slot = vec_push(&bounded->blocks, &bounded->nblocks, &bounded->capblocks);
	if (!slot)
		return -ENOMEM;
	*slot = (struct bounded_block){bounded->at, calls};
	bounded->kept += calls;
	place->offset = bounded->at;
	bounded->at += len;
	return 0;
}
