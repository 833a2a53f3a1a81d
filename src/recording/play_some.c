/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording, but for the blocks in which there is nothing of what is wanted: those that the index tells of.
 */
#include <errno.h>
#include <stdlib.h>

#include "recording/index.h"
#include "recording/reader.h"

struct recording_index {
	struct index index;
};

struct recording_index *recording_index_read(int fd)
{
	struct recording_index *index = calloc(1, sizeof(*index));

	if (index && index_read(&index->index, fd)) {
		recording_index_free(index);
		index = NULL;
	}
	return index;
}

void recording_index_free(struct recording_index *index)
{
	if (!index)
		return;
	index_release(&index->index);
	free(index);
}

const struct catalog *recording_index_catalog(const struct recording_index *index)
{
	return &index->index.decoder.catalog;
}

const struct wall *recording_index_wall(const struct recording_index *index)
{
	return &index->index.decoder.wall;
}

uint64_t recording_index_end(const struct recording_index *index)
{
	uint64_t end = 0;

	for (size_t i = 0; i < index->index.nblocks; i++) {
		const struct index_block *block = &index->index.blocks[i];

		end = block->last > end ? block->last : end;
		end = block->reach > end ? block->reach : end;
	}
	return end;
}

static bool has_goid(const struct index *index, const struct index_block *block,
		     const struct recording_wants *wants)
{
	for (size_t i = 0; i < wants->ngoids; i++)
		if (index_set_has(index, &block->goids, wants->goids[i]))
			return true;
	return !wants->ngoids || !block->goids.known;
}

static bool has_func(const struct index *index, const struct index_block *block,
		     const struct recording_wants *wants)
{
	const struct decoder *decoder = &index->decoder;

	if (!wants->func || !block->funcs.known)
		return true;
	for (size_t i = 0; i < block->funcs.count; i++) {
		uint64_t number = index->numbers[block->funcs.first + i];

		/* Of one that it does not name nothing is known. */
		if (number >= decoder->nfuncs || !decoder->funcs[number] ||
		    wants->func(wants->arg, decoder->funcs[number] - 1))
			return true;
	}
	return false;
}

/* Whether something in it may be wanted. */
static bool is_wanted(const struct index *index, const struct index_block *block,
		      const struct recording_wants *wants)
{
	uint64_t last = block->reach > block->last ? block->reach : block->last;

	if (block->kind != BLOCK_DATA)
		return true;
	if (wants->full && wants->full(wants->arg) && last != UINT64_MAX)
		return false;
	return last >= wants->from && block->first <= wants->to && has_goid(index, block, wants) &&
	       has_func(index, block, wants);
}

int recording_play_some(struct recording *recording, const struct recording_index *of,
			const struct recording_wants *wants, struct sink *sink)
{
	const struct index *index = &of->index;
	struct block_head head;
	bool passed = true;
	int ret = 0;

	/* The first one is the recording's head, which has been read. */
	for (size_t i = 1; i < index->nblocks && !ret; i++) {
		if (!is_wanted(index, &index->blocks[i], wants)) {
			passed = true;
			continue;
		}
		/* What stands behind the one that was read comes by itself. */
		if (passed)
			ret = blocks_seek(&recording->blocks, index->blocks[i].offset);
		if (!ret)
			ret = recording_next_block(recording, &head);
		if (ret <= 0)
			break;
		/* Behind damage the file goes on elsewhere. */
		passed = head.number != i;
		ret = recording_play_found(recording, &head, sink);
		while (!ret && i + 1 < index->nblocks && head.number > i)
			i++;
	}
	recording->damage.cut = !recording->ended;
	return ret;
}
