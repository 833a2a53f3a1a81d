/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "recording/blocks.h"
#include "recording/contents.h"
#include "recording/format.h"

void index_release(struct index *index)
{
	decoder_release(&index->decoder);
	free(index->blocks);
	free(index->numbers);
	*index = (struct index){0};
}

static bool out_of_memory(struct decoder *decoder)
{
	decoder->failed = true;
	return false;
}

bool index_entry(struct decoder *decoder, struct wire *wire)
{
	struct index *index = decoder->index;
	struct index_block block = {.offset = wire_get(wire)}, *slot;

	block.kind = (uint32_t)wire_get_most(wire, UINT32_MAX);
	block.calls = (uint32_t)wire_get_most(wire, UINT32_MAX);
	block.first = wire_get(wire);
	block.last = wire_get(wire);
	if (wire->bad || !index)
		return !wire->bad;
	slot = vec_push(&index->blocks, &index->nblocks, &index->capblocks);
	if (slot)
		*slot = block;
	return slot || out_of_memory(decoder);
}

/* Numbers that get larger; `index`: NULL where they are passed over. */
static bool get_set(struct decoder *decoder, struct wire *wire, struct index_set *set)
{
	struct index *index = decoder->index;
	uint64_t number = 0;

	set->known = true;
	set->first = index ? index->nnumbers : 0;
	set->count = wire_get_most(wire, wire_left(wire));
	for (size_t i = 0; i < set->count && !wire->bad; i++) {
		uint64_t step = wire_get(wire), *slot;

		if (i && (!step || number > UINT64_MAX - step))
			wire->bad = true;
		number += step;
		if (!index)
			continue;
		slot = vec_push(&index->numbers, &index->nnumbers, &index->capnumbers);
		if (!slot)
			return out_of_memory(decoder);
		*slot = number;
	}
	return !wire->bad;
}

bool index_contents(struct decoder *decoder, struct wire *wire)
{
	struct index *index = decoder->index;
	struct index_block passed = {0};
	struct index_block *block = &passed;
	uint64_t bits;

	if (index && index->told == index->nblocks)
		return false;
	if (index)
		block = &index->blocks[index->told++];
	block->reach = wire_get(wire);
	bits = wire_get_most(wire, CONTENTS_HAS_GOIDS | CONTENTS_HAS_FUNCS);
	if (bits & CONTENTS_HAS_GOIDS && !get_set(decoder, wire, &block->goids))
		return false;
	if (bits & CONTENTS_HAS_FUNCS && !get_set(decoder, wire, &block->funcs))
		return false;
	return !wire->bad;
}

bool index_set_has(const struct index *index, const struct index_set *set, uint64_t number)
{
	size_t low = set->first, high = set->first + set->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->numbers[middle] == number)
			return true;
		if (index->numbers[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static bool read_at(int fd, void *to, size_t len, uint64_t offset)
{
	return offset <= INT64_MAX && pread(fd, to, len, (off_t)offset) == (ssize_t)len;
}

/* Whether the blocks are those of the file, one behind the other up to `end`. */
static bool is_true(const struct index *index, int fd, uint64_t end)
{
	uint64_t at = sizeof(struct file_head);

	if (index->told != index->nblocks || !index->nblocks || index->nblocks > UINT32_MAX ||
	    index->blocks[0].kind != BLOCK_HEAD)
		return false;
	for (size_t i = 0; i < index->nblocks; i++) {
		const struct index_block *block = &index->blocks[i];
		struct block_head head;

		if (block->offset != at || !read_at(fd, &head, sizeof(head), at) ||
		    !block_head_sound(&head) || head.number != i || head.kind != block->kind ||
		    head.calls != block->calls || head.first != block->first ||
		    head.last != block->last)
			return false;
		at += sizeof(head) + head.packed;
	}
	return at == end;
}

/* The index block at `offset`, behind which `end` has to be. */
static int read_block(struct index *index, struct blocks *blocks, uint64_t offset, uint64_t end)
{
	struct block_head head;
	int ret = blocks_seek(blocks, offset);

	if (ret)
		return ret;
	if (blocks_next(blocks, &head) != BLOCKS_BLOCK || head.kind != BLOCK_INDEX)
		return blocks->error ? blocks->error : -EBADMSG;
	if (offset + sizeof(head) + head.packed != end)
		return -EBADMSG;
	return decode_block(&index->decoder, blocks->plain, head.plain, NULL);
}

int index_read(struct index *index, int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	struct blocks blocks;
	struct file_tail tail;
	int ret;

	*index = (struct index){0};
	decoder_init(&index->decoder);
	index->decoder.index = index;
	if (size < (off_t)sizeof(tail) ||
	    !read_at(fd, &tail, sizeof(tail), (uint64_t)size - sizeof(tail)) ||
	    memcmp(tail.magic, TAIL_MAGIC, sizeof(tail.magic)) != 0 ||
	    tail.index > (uint64_t)size)
		return -EBADMSG;
	if (blocks_init(&blocks, fd, NULL))
		return -ENOMEM;
	ret = read_block(index, &blocks, tail.index, (uint64_t)size - sizeof(tail));
	blocks_release(&blocks);
	if (!ret && !is_true(index, fd, tail.index))
		ret = -EBADMSG;
	return ret;
}
