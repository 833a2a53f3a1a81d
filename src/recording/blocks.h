/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * blocks: the blocks of a file, one after the other, unpacked. What is no block, or a damaged one, is passed over up to the next.
 *
 * Works on pipes. The caller owns the struct.
 */
#ifndef FTRACE_RECORDING_BLOCKS_H
#define FTRACE_RECORDING_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "recording/format.h"
#include "recording/recording.h"

struct blocks {
	int fd;
	const struct recording_wait *wait; /* NULL: what is there is all that comes */
	bool streams;                      /* with `wait`: it is no file, and reading waits by itself */
	void *zstd;
	struct buf raw; /* read ahead */
	size_t at;      /* in it: what comes next */
	bool over;      /* nothing more comes from the descriptor */
	int error;      /* of reading it, negative errno */
	unsigned char *plain;
	size_t capplain;
};

enum blocks_found {
	BLOCKS_BLOCK,   /* one that is whole */
	BLOCKS_DAMAGED, /* one that is not: its head may be */
	BLOCKS_END,     /* there is no more */
	BLOCKS_ERROR,   /* blocks->error */
};

/* -ENOMEM, or what reading says. The head of the file comes first: blocks_head(). `wait` may be NULL. */
int blocks_init(struct blocks *blocks, int fd, const struct recording_wait *wait);
void blocks_release(struct blocks *blocks);

/* The head of the file; false when it is shorter. */
bool blocks_head(struct blocks *blocks, struct file_head *head);
/* Then: whether what is there, if anything is, begins as one. */
bool blocks_head_is_cut(const struct blocks *blocks);

/* What comes next is what stands at that offset of the file: 0, or what seeking says (-ESPIPE of a pipe). */
int blocks_seek(struct blocks *blocks, uint64_t offset);

/* Whether it can be the head of a block. */
bool block_head_sound(const struct block_head *head);

/* The next one: its head, and its bytes at blocks->plain, good until the next call. Of a damaged one `head->check` is 0 when not even
 * its head is known. */
enum blocks_found blocks_next(struct blocks *blocks, struct block_head *head);

#endif
