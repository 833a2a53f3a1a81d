/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording of bounded size: its blocks stand in any order, and the oldest ones are gone. They are read in order of their
 * numbers, which is that of time. What is gone is known by what each block says of the calls before it.
 */
#include <errno.h>

#include "recording/reader.h"

/* So many calls came before the block; `calls` are in it. What of them is not known was overwritten. */
static void count(struct recording *recording, uint32_t calls)
{
	const struct decoder *decoder = &recording->decoder;

	if (decoder->told_before && decoder->before > recording->before)
		recording->overwritten += decoder->before - recording->before;
	if (decoder->told_before)
		recording->before = decoder->before;
	recording->before += calls;
}

/* One block, if it is still there. 1; 0 when it is to be looked at again; or a negative errno. */
static int play(struct recording *recording, const struct recording_block *block, struct sink *sink,
		bool newest)
{
	struct blocks *blocks = &recording->blocks;
	struct block_head head;
	enum blocks_found found;
	int ret = blocks_seek(blocks, block->offset);

	if (ret)
		return ret;
	recording->decoder.done = 0;
	recording->decoder.told_before = false;
	found = blocks_next(blocks, &head);
	if (found == BLOCKS_ERROR)
		return blocks->error;
	/* Another one has taken its place since it was found. */
	if (!head.check || head.number != block->number)
		return 1;
	/* The one that is being written. */
	if (found != BLOCKS_BLOCK && newest && blocks->wait)
		return 0;
	ret = found == BLOCKS_BLOCK ? recording_play_found(recording, &head, sink) : -EBADMSG;
	if (found != BLOCKS_BLOCK)
		recording_note_damage(recording, &head, 0);
	count(recording, head.calls);
	return ret && ret != -EBADMSG ? ret : 1;
}

/* All that are there, from number `next` on. 1 or 0 as above. */
static int play_all(struct recording *recording, struct sink *sink, uint32_t *next)
{
	const struct directory *directory = &recording->directory;
	int ret = directory_read(&recording->directory, &recording->blocks, true);

	for (size_t i = 0; i < directory->count && ret >= 0; i++) {
		const struct recording_block *block = &directory->blocks[i];

		if (block->number < *next)
			continue;
		ret = play(recording, block, sink, i + 1 == directory->count);
		if (ret <= 0)
			return ret;
		*next = block->number + 1;
	}
	return ret < 0 ? ret : 1;
}

int recording_play_bounded(struct recording *recording, struct sink *sink)
{
	const struct recording_wait *wait = recording->blocks.wait;
	uint32_t next = 1;
	int ret;

	do
		ret = play_all(recording, sink, &next);
	while (ret >= 0 && !recording->ended && wait && (ret = wait->more(wait->arg, true)) > 0);
	return ret < 0 ? ret : 0;
}
