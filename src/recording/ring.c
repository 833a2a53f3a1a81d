/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL       1 /* of zstd: the tracer must not be late */
#define BLOCK_LEAST ((size_t)16 << 10)
#define BLOCK_MOST  ((size_t)1 << 20)

struct ring_block {
	struct ring_block *newer;
	uint64_t last; /* the newest end in it */
	uint64_t calls;
	size_t plain, packed;
	unsigned char bytes[];
};

/* In front of what belongs to a tree, each part of which begins at a multiple of ALIGN. */
struct kept {
	uint64_t end;
	struct tree_source *source;
	struct process process; /* `exe`: the path is behind all else; NULL: none */
	uint64_t goid, curg;
	size_t ncalls, nmarks;
	uint32_t nvalues, nexe, origin;
	bool timed, owned; /* there are times; there is a process */
};

#define ALIGN     8u
#define UP(bytes) (((bytes) + (ALIGN - 1)) & ~(size_t)(ALIGN - 1))

int ring_init(struct ring *ring, uint64_t span, size_t room)
{
	*ring = (struct ring){.span = span, .room = room, .block = room / 8};
	if (ring->block < BLOCK_LEAST)
		ring->block = BLOCK_LEAST;
	if (ring->block > BLOCK_MOST)
		ring->block = BLOCK_MOST;
	ring->zstd = ZSTD_createCCtx();
	if (!ring->zstd)
		return -ENOMEM;
	ZSTD_CCtx_setParameter(ring->zstd, ZSTD_c_compressionLevel, LEVEL);
	return 0;
}

static struct ring_block *take_oldest(struct ring *ring)
{
	struct ring_block *block = ring->oldest;

	ring->oldest = block->newer;
	if (!ring->oldest)
		ring->newest = NULL;
	ring->held -= sizeof(*block) + block->packed;
	return block;
}

void ring_release(struct ring *ring)
{
	while (ring->oldest)
		free(take_oldest(ring));
	buf_release(&ring->at_hand);
	ZSTD_freeCCtx(ring->zstd);
	*ring = (struct ring){0};
}

static void note_fallen(struct ring *ring, uint64_t last, uint64_t calls, uint64_t now)
{
	struct ring_fallen *fallen = ring->fallen;
	size_t old = 0;

	while (old < ring->nfallen && fallen[old].last + ring->span < now)
		old++;
	ring->nfallen -= old;
	memmove(fallen, fallen + old, ring->nfallen * sizeof(*fallen));
	/* Times may go back a little: what was read later need not have ended later. */
	if (!ring->nfallen || (last > fallen[ring->nfallen - 1].first + ring->span / 16 &&
			       ring->nfallen < RING_PARTS))
		fallen[ring->nfallen++] = (struct ring_fallen){.first = last, .last = last};
	fallen = &fallen[ring->nfallen - 1];
	fallen->last = last > fallen->last ? last : fallen->last;
	fallen->calls += calls;
}

uint64_t ring_missing(const struct ring *ring, uint64_t since)
{
	uint64_t calls = 0;

	for (size_t i = 0; i < ring->nfallen; i++)
		if (ring->fallen[i].last >= since)
			calls += ring->fallen[i].calls;
	return calls;
}

/* What nobody will ask for goes, and what has no room. */
static void make_room(struct ring *ring, uint64_t now)
{
	while (ring->oldest && (ring->oldest->last + ring->span < now ||
				ring->held + 2 * ring->block > ring->room)) {
		struct ring_block *block = take_oldest(ring);

		if (block->last + ring->span >= now)
			note_fallen(ring, block->last, block->calls, now);
		free(block);
	}
}

/* Packs what is at hand. */
static int seal(struct ring *ring, uint64_t now)
{
	size_t bound = ZSTD_compressBound(ring->at_hand.len), packed;
	struct ring_block *block = malloc(sizeof(*block) + bound), *fit;

	if (!block)
		return -ENOMEM;
	packed = ZSTD_compress2(ring->zstd, block->bytes, bound, ring->at_hand.data,
				ring->at_hand.len);
	if (ZSTD_isError(packed)) {
		free(block);
		return -ENOMEM;
	}
	fit = realloc(block, sizeof(*block) + packed);
	block = fit ? fit : block;
	block->newer = NULL;
	block->last = ring->last;
	block->calls = ring->calls;
	block->plain = ring->at_hand.len;
	block->packed = packed;
	*(ring->newest ? &ring->newest->newer : &ring->oldest) = block;
	ring->newest = block;
	ring->held += sizeof(*block) + packed;
	ring->last = ring->calls = 0;
	if (ring->at_hand.cap > 2 * ring->block)
		buf_release(&ring->at_hand);
	else
		buf_reset(&ring->at_hand);
	make_room(ring, now);
	return 0;
}

static size_t size_of(const struct kept *kept)
{
	size_t times = kept->timed ? kept->ncalls * sizeof(struct call_times) : 0;

	return UP(sizeof(*kept)) + UP(kept->ncalls * sizeof(struct call)) + UP(times) +
	       UP(kept->nmarks * sizeof(struct mark)) + UP(kept->nvalues) + UP(kept->nexe);
}

static void add(struct buf *buf, const void *bytes, size_t len)
{
	buf_add(buf, bytes, len);
	buf_fill(buf, 0, UP(len) - len);
}

/* Of a part of a tree that is open the open calls come again. */
static uint64_t ended(const struct tree *tree)
{
	uint64_t calls = 0;

	for (size_t i = 0; i < tree->ncalls; i++)
		calls += tree->calls[i].how != CALL_OPEN;
	return calls;
}

int ring_put(struct ring *ring, const struct tree *tree, uint64_t end, uint64_t now)
{
	struct kept kept;
	size_t size;
	int ret = 0;

	/* All of it, what is between the fields too: it is packed. */
	memset(&kept, 0, sizeof(kept));
	kept.end = end;
	kept.source = tree->source;
	kept.goid = tree->goid;
	kept.curg = tree->curg;
	kept.origin = tree->origin;
	kept.ncalls = tree->ncalls;
	kept.nmarks = tree->nmarks;
	kept.nvalues = tree->nvalues;
	kept.timed = tree->times != NULL;
	kept.owned = tree->process != NULL;
	if (tree->process) {
		kept.process = *tree->process;
		kept.nexe = kept.process.exe ? (uint32_t)strlen(kept.process.exe) + 1 : 0;
	}
	size = size_of(&kept);
	if (size > ring->room / 2) {
		note_fallen(ring, end, ended(tree), now);
		return 0;
	}
	if (ring->at_hand.len && ring->at_hand.len + size > ring->block)
		ret = seal(ring, now);
	if (ret)
		return ret;
	add(&ring->at_hand, &kept, sizeof(kept));
	add(&ring->at_hand, tree->calls, tree->ncalls * sizeof(*tree->calls));
	if (kept.timed)
		add(&ring->at_hand, tree->times, tree->ncalls * sizeof(*tree->times));
	add(&ring->at_hand, tree->marks, tree->nmarks * sizeof(*tree->marks));
	add(&ring->at_hand, tree->values, tree->nvalues);
	add(&ring->at_hand, kept.process.exe, kept.nexe);
	ring->last = end > ring->last ? end : ring->last;
	ring->calls += ended(tree);
	if (ring->at_hand.failed)
		return -ENOMEM;
	return ring->at_hand.len > ring->block ? seal(ring, now) : 0;
}

/* Takes `len` bytes; they are where they were put. */
static void *part(unsigned char **at, size_t len)
{
	void *bytes = *at;

	*at += UP(len);
	return len ? bytes : NULL;
}

static int each_tree(unsigned char *at, const unsigned char *end,
		     int (*each)(void *arg, const struct tree *tree, uint64_t end), void *arg)
{
	int ret = 0;

	while (!ret && at < end) {
		struct kept *kept = part(&at, sizeof(*kept));
		struct tree tree = {
			.source = kept->source,
			.goid = kept->goid,
			.curg = kept->curg,
			.origin = kept->origin,
			.ncalls = kept->ncalls,
			.nmarks = kept->nmarks,
			.nvalues = kept->nvalues,
			.process = kept->owned ? &kept->process : NULL,
		};

		tree.calls = part(&at, kept->ncalls * sizeof(*tree.calls));
		tree.times = part(&at, kept->timed ? kept->ncalls * sizeof(*tree.times) : 0);
		tree.marks = part(&at, kept->nmarks * sizeof(*tree.marks));
		tree.values = part(&at, kept->nvalues);
		kept->process.exe = part(&at, kept->nexe);
		ret = each(arg, &tree, kept->end);
	}
	return ret;
}

int ring_empty(struct ring *ring, int (*each)(void *arg, const struct tree *tree, uint64_t end),
	       void *arg)
{
	unsigned char *plain = NULL;
	int ret = 0;

	while (ring->oldest) {
		struct ring_block *block = take_oldest(ring);
		unsigned char *more = ret ? NULL : realloc(plain, block->plain);

		if (more) {
			plain = more;
			ZSTD_decompress(plain, block->plain, block->bytes, block->packed);
			ret = each_tree(plain, plain + block->plain, each, arg);
		} else if (!ret) {
			ret = -ENOMEM;
		}
		free(block);
	}
	free(plain);
	if (!ret && ring->at_hand.len)
		ret = each_tree((unsigned char *)ring->at_hand.data,
				(unsigned char *)ring->at_hand.data + ring->at_hand.len, each, arg);
	buf_reset(&ring->at_hand);
	ring->last = ring->calls = ring->nfallen = 0;
	return ret;
}
