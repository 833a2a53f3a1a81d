/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ring: trees in memory, as the tracer had them, packed; the oldest make room for new ones.
 *
 *     BLOCK   trees, one behind the other, packed with zstd when they are BLOCK bytes
 *     tree    struct kept, calls, times, marks, values, path of the process's executable
 *
 * What the trees point to (kinds of marks, their source, texts of executables) has to live as long. What fell out for want of
 * room is counted by its time, so that who asks for a time is told what is missing of it. The caller owns the struct.
 */
#ifndef FTRACE_RECORDING_RING_H
#define FTRACE_RECORDING_RING_H

#include <stddef.h>
#include <stdint.h>
#include <zstd.h>

#include "base/buf.h"
#include "call/tree.h"

struct ring_block;

/* What fell out is counted by sixteenths of the span. */
#define RING_PARTS 18

struct ring {
	uint64_t span; /* ns after which nobody asks for a tree any more */
	size_t room;   /* bytes, all in all */
	size_t block;  /* of them for the block at hand */
	struct buf at_hand;
	uint64_t last;  /* of what is at hand: the newest end; ... */
	uint64_t calls; /* ... calls that have ended */
	struct ring_block *oldest, *newest;
	size_t held; /* bytes in blocks */
	ZSTD_CCtx *zstd;
	struct ring_fallen {
		uint64_t first, last; /* ends */
		uint64_t calls;
	} fallen[RING_PARTS]; /* the oldest first */
	size_t nfallen;
};

/* 0 or -ENOMEM. */
int ring_init(struct ring *ring, uint64_t span, size_t room);
void ring_release(struct ring *ring);

/* Keeps a copy of a tree that ended then; a mark alone is a tree without calls. `now`: no tree ends before the span before
 * it is asked for. 0 or -ENOMEM. */
int ring_put(struct ring *ring, const struct tree *tree, uint64_t end, uint64_t now);

/* Calls that ended since then and fell out; at most those of a sixteenth of the span too many. */
uint64_t ring_missing(const struct ring *ring, uint64_t since);

/* All that is there, the oldest first, to `each`, until that fails; then nothing is there. Returns what it returned, or a
 * negative errno. */
int ring_empty(struct ring *ring, int (*each)(void *arg, const struct tree *tree, uint64_t end),
	       void *arg);

#endif
