/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * format: what a recording is made of, byte by byte: docs/recording.md in C. For writer and reader alone.
 *
 *     FILE     magic, then blocks, one behind the other
 *     BLOCK    struct block_head, then its bytes as one zstd frame with a checksum
 *     bytes    operations: a byte that says which, then what belongs to it
 *
 * Numbers in blocks are LEB128 varints; signed ones are zigzag. A block needs no other one: what it names it defines first.
 */
#ifndef FTRACE_RECORDING_FORMAT_H
#define FTRACE_RECORDING_FORMAT_H

#include <stdint.h>

#define RECORDING_MAGIC   "ftrace\r\n"
/* 2: where goroutines come from, and runs of processes. 3: of bounded size. */
#define RECORDING_ORIGINS 2 /* the first that has them */
#define RECORDING_PLAIN   2 /* blocks in their order, an index at the end */
#define RECORDING_BOUNDED 3 /* blocks in any order, the oldest ones gone, no index */
#define RECORDING_VERSION 3

/* Behind the magic: the version that a reader needs at least, and its complement; both little-endian. */
struct file_head {
	char magic[8];
	uint32_t version;
	uint32_t check;
};

enum block_kind {
	BLOCK_HEAD = 1,  /* what is known from the start */
	BLOCK_DATA = 2,  /* calls and marks */
	BLOCK_END = 3,   /* the summary: the recording is complete */
	BLOCK_INDEX = 4, /* where the blocks are; behind it only struct file_tail */
};

#define BLOCK_MAGIC \
	"\xf7"      \
	"block\n\x1a"

/* Little-endian. */
struct block_head {
	char magic[8];
	uint32_t kind;
	uint32_t number; /* from 0 */
	uint32_t packed; /* bytes that follow */
	uint32_t plain;  /* bytes that they are unpacked */
	uint32_t calls;  /* in it */
	uint32_t check;  /* of what stands before it: block_check() */
	uint64_t first,
		last; /* times of its calls: the least start, the greatest start or end; ns of the trace */
};

/* A writer begins a new block beyond the first; a reader refuses what is larger than the second. */
#define BLOCK_BYTES 1000000u
#define BLOCK_MAX   (64u << 20)

/* Where the index is: behind the index. */
struct file_tail {
	uint64_t index; /* offset of its block in the file */
	char magic[8];
};

#define TAIL_MAGIC "ftrace.\n"

_Static_assert(sizeof(struct file_head) == 16, "file format");
_Static_assert(sizeof(struct block_head) == 48, "file format");
_Static_assert(sizeof(struct file_tail) == 16, "file format");

enum operation {
	OP_STRING = 1, /* the next string of the block, from 1: length, bytes */
	OP_EXE,        /* an executable */
	OP_FUNC,       /* a function */
	OP_PROCESS,    /* a process; announced to the sink, or only told again */
	OP_PLACE,      /* the next place of the block, from 1 */
	OP_SHAPE,      /* the next shape of values of the block, from 1 */
	OP_WALL,       /* Unix time */
	OP_TREE,       /* a whole root call */
	OP_ENTER,      /* a streamed call begins */
	OP_LEAVE,      /* it has ended */
	OP_MARK,       /* one that stands in no whole tree */
	OP_IDLE,       /* nothing more came for a moment: what was held back goes out */
	OP_CONFIG,     /* of BLOCK_HEAD */
	OP_SUMMARY,    /* of BLOCK_END */
	OP_INDEX,      /* of BLOCK_INDEX: an entry */
	OP_OVERWRITTEN = 16, /* of BLOCK_END, behind the summary: calls that had no room where they were kept until wanted */
	OP_ORIGIN = 17, /* the next origin of the block, from 1: where goroutines come from */
	OP_CONTENTS = 18, /* of BLOCK_INDEX, behind all entries: what the next of them holds */
	OP_BEFORE = 19, /* of bounded size, in each block but the first: calls in all blocks before it, also those that are gone */
};

/* FNV-1a over the head up to `check`: a torn or foreign block is told by it before anything of it is believed. */
static inline uint32_t block_check(const struct block_head *head)
{
	const unsigned char *at = (const unsigned char *)head;
	uint32_t hash = 2166136261u;

	for (unsigned int i = 0; i < 28; i++)
		hash = (hash ^ at[i]) * 16777619u;
	for (unsigned int i = 32; i < sizeof(*head); i++)
		hash = (hash ^ at[i]) * 16777619u;
	return hash;
}

#endif
