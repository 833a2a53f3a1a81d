/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * contents: what each block of a recording holds, as the index at its end tells it, so that a reader can pass over blocks.
 *
 * Besides what their heads say: until when streamed calls lasted that began in a block, its goroutines and its functions. The
 * caller owns the struct; zero-initialised is empty.
 */
#ifndef FTRACE_RECORDING_CONTENTS_H
#define FTRACE_RECORDING_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "call/tree.h"

/* A block with more of them says of none. */
#define CONTENTS_GOIDS 1024

/* Bits of an entry. */
#define CONTENTS_HAS_GOIDS 0x1 /* its goroutines are told: no call and no mark is of another one */
#define CONTENTS_HAS_FUNCS \
	0x2 /* its functions are told, and without them there is nothing in it to be shown */

struct contents_block {
	uint64_t reach; /* UINT64_MAX: something in it never ended */
	uint64_t open;  /* streamed calls that began in it and have not ended */
	size_t at, len; /* in `sets` */
};

struct contents {
	struct contents_block *blocks; /* those that are written, and the one at hand */
	size_t nblocks, capblocks;
	struct buf sets;
	struct map open; /* id of a streamed call -> 1 + number of the block in which it began */

	/* Of the block at hand. */
	struct map goids;
	uint64_t last_goid; /* 1 + the newest one */
	bool many, alone;   /* goroutines are not told; functions are not */
	uint64_t reach;
	bool failed;
};

void contents_release(struct contents *contents);

/* What goes into the block at hand. */
void contents_tree(struct contents *contents, const struct tree *tree);
void contents_enter(struct contents *contents, const struct tree *tree, const struct call *call);
void contents_leave(struct contents *contents, const struct tree *tree, const struct call *call);
void contents_mark(struct contents *contents, const struct tree *tree, const struct mark *mark);

/* The block at hand is written; `funcs`: a byte each that is not 0 for those that are defined in it. */
void contents_end(struct contents *contents, const struct buf *funcs);

/* Appends the entry of a block. */
void contents_put(const struct contents *contents, size_t block, struct buf *to);

#endif
