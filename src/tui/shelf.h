/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shelf: the sheets of a recording that were read lately, and which of their nodes are unfolded.
 *
 * What is on it takes a bounded amount of memory: the sheet that was not asked for the longest goes first. What was unfolded is
 * remembered, a bit a node, for when it is read again.
 *
 * The caller owns the struct.
 */
#ifndef FTRACE_TUI_SHELF_H
#define FTRACE_TUI_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recording/recording.h"
#include "tui/sheet.h"

#define SHELF_BYTES (24u << 20) /* of all its sheets, unless one takes more */

struct shelf_slot {
	struct sheet *sheet;     /* NULL: not there now */
	unsigned char *unfolded; /* a bit a node; NULL: all are folded */
	uint64_t asked;          /* when it was asked for last */
	uint64_t before;         /* calls in the blocks before it */
	bool damaged;            /* it was read, and something is missing */
};

struct shelf {
	struct recording *recording;
	const struct recording_block *blocks;
	struct shelf_slot *slots; /* one for each */
	size_t nblocks;
	uint64_t calls; /* of all blocks, by their heads */
	size_t bytes;   /* of the sheets that are there */
	uint64_t asked; /* counts up */
	size_t limit;   /* SHELF_BYTES */
	struct recording_damage
		damage; /* as far as blocks were read; the first is that with the least number */
};

/* Of a recording whose blocks were found, which outlives it. 0 or -ENOMEM. */
int shelf_init(struct shelf *shelf, struct recording *recording);
void shelf_release(struct shelf *shelf);

/* The sheet of a block, good until another block's is asked for; NULL when memory is out. The recording is turned to it. */
const struct sheet *shelf_get(struct shelf *shelf, size_t block);

/* The block was played, and was damaged: for those who play it themselves. */
void shelf_note_damage(struct shelf *shelf, size_t block);

/* Of a node with something below it. */
bool shelf_is_unfolded(const struct shelf *shelf, size_t block, uint32_t node);

/* 0 or -ENOMEM. Its sheet is there. */
int shelf_set_unfolded(struct shelf *shelf, size_t block, uint32_t node, bool unfolded);

#endif
