/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks of a recording in any order.
 */
#include <errno.h>
#include <stdlib.h>

#include "recording/reader.h"

struct held_block {
	struct decoder_block block;
	unsigned char *plain; /* its bytes */
	size_t size;
};

int recording_find_blocks(struct recording *recording)
{
	struct blocks *blocks = &recording->blocks;
	struct block_head head;
	int ret = directory_read(&recording->directory, blocks, recording->bounded);

	recording->next = 0;
	if (ret || !recording->directory.end)
		goto out;
	/* The one with the summary has no calls. */
	recording->directory.count -= recording->bounded;
	ret = blocks_seek(blocks, recording->directory.end);
	if (!ret && blocks_next(blocks, &head) == BLOCKS_BLOCK && head.kind == BLOCK_END) {
		ret = decode_block(&recording->decoder, blocks->plain, head.plain, NULL);
		recording->ended = !ret;
		ret = ret == -EBADMSG ? 0 : ret;
	}
out:
	recording->damage.cut = !recording->ended;
	return ret ? ret : blocks->error;
}

const struct recording_block *recording_blocks(const struct recording *recording, size_t *count)
{
	*count = recording->directory.count;
	return recording->directory.blocks;
}

int recording_play_block(struct recording *recording, size_t i, struct sink *sink)
{
	const struct recording_block *block = &recording->directory.blocks[i];
	struct decoder *decoder = &recording->decoder;
	struct blocks *blocks = &recording->blocks;
	struct block_head head = {0};
	int ret = blocks_seek(blocks, block->offset);

	if (ret)
		return ret;
	recording_turn_to(recording, NULL);
	/* What is open is known from one block to the next only. */
	if (recording->next != i)
		decoder_forget_open(decoder);
	recording->next = i + 1;
	decoder->done = 0;
	switch (blocks_next(blocks, &head)) {
	case BLOCKS_BLOCK:
		return head.kind == BLOCK_DATA
			       ? decode_block(decoder, blocks->plain, head.plain, sink)
			       : -EBADMSG;
	case BLOCKS_ERROR:
		return blocks->error;
	default:
		return -EBADMSG;
	}
}

uint32_t recording_block_done(const struct recording *recording)
{
	return recording->decoder.done;
}

struct held_block *recording_hold(struct recording *recording)
{
	struct held_block *held = malloc(sizeof(*held));

	if (!held)
		return NULL;
	*held = (struct held_block){recording->decoder.block, recording->blocks.plain,
				    recording->blocks.capplain};
	recording->decoder.block = (struct decoder_block){0};
	recording->blocks.plain = NULL;
	recording->blocks.capplain = 0;
	return held;
}

void recording_turn_to(struct recording *recording, const struct held_block *held)
{
	struct decoder *decoder = &recording->decoder;

	if (!recording->lent)
		decoder_block_release(&decoder->block);
	decoder->block = held ? held->block : (struct decoder_block){0};
	recording->lent = held;
}

void held_block_free(struct held_block *held)
{
	if (!held)
		return;
	decoder_block_release(&held->block);
	free(held->plain);
	free(held);
}

size_t held_block_size(const struct held_block *held)
{
	const struct decoder_block *block = &held->block;

	return sizeof(*held) + held->size + block->capstrings * sizeof(*block->strings) +
	       block->capplaces * sizeof(*block->places) +
	       block->capshapes * sizeof(*block->shapes) +
	       block->capshape_values * sizeof(*block->shape_values);
}
