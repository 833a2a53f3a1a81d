/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader: a recording that is read. For the files of the reader alone.
 */
#ifndef FTRACE_RECORDING_READER_H
#define FTRACE_RECORDING_READER_H

#include "recording/blocks.h"
#include "recording/decode.h"
#include "recording/directory.h"
#include "recording/recording.h"

struct recording {
	struct blocks blocks;
	struct decoder decoder;
	struct recording_damage damage;
	uint64_t number; /* of the next block */
	bool ended;      /* the summary was there */
	/* Where the recording's head is damaged: the first block that is not, which is unpacked and was not played yet. */
	struct block_head first;
	bool has_first;

	struct directory directory;
	size_t next; /* in it: the block behind the one that was read last; 0: none was */
	bool lent;   /* decoder.block is that of a held one */

	/* Of bounded size. */
	bool bounded;
	uint64_t before;      /* calls before the next block, so far as that is known */
	uint64_t overwritten; /* of them, those that are gone */
};

/* The next block that is whole: 1, 0 at the end, or a negative errno. */
int recording_next_block(struct recording *recording, struct block_head *head);

/* The block at recording->blocks.plain goes to the sink; what does not hold together is noted as damage. */
int recording_play_found(struct recording *recording, const struct block_head *head,
			 struct sink *sink);
void recording_note_damage(struct recording *recording, const struct block_head *head,
			   uint32_t done);

/* recording_play() of such a one. */
int recording_play_bounded(struct recording *recording, struct sink *sink);

#endif
