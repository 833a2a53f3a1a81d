/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memmem */
#include "recording/directory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "recording/index.h"

#define CHUNK (64 * 1024) /* in which the next block is looked for behind a damaged one */

void directory_release(struct directory *directory)
{
	free(directory->blocks);
	*directory = (struct directory){0};
}

/* Whether all of it is there. */
static bool read_at(int fd, void *to, size_t len, uint64_t offset)
{
	char *at = to;

	while (len) {
		ssize_t got = pread(fd, at, len, (off_t)offset);

		if (got <= 0 && !(got < 0 && errno == EINTR))
			return false;
		if (got > 0) {
			at += got;
			len -= (size_t)got;
			offset += (uint64_t)got;
		}
	}
	return true;
}

/* A block of any kind. False when memory is out. */
static bool note(struct directory *directory, uint32_t kind, const struct recording_block *block)
{
	struct recording_block *slot;

	if (kind == BLOCK_END)
		directory->end = block->offset;
	if (kind != BLOCK_DATA && !(directory->bounded && kind == BLOCK_END))
		return true;
	slot = vec_push(&directory->blocks, &directory->count, &directory->cap);
	if (slot)
		*slot = *block;
	return slot;
}

/* By the index. -EBADMSG where there is none that is true: one that leaves blocks out would hide them. */
static int read_index(struct directory *directory, int fd)
{
	struct index index;
	int ret = index_read(&index, fd);

	for (size_t i = 0; i < index.nblocks && !ret; i++) {
		const struct index_block *from = &index.blocks[i];
		const struct recording_block block = {.offset = from->offset,
						      .calls = from->calls,
						      .first = from->first,
						      .last = from->last};

		if (!note(directory, from->kind, &block))
			ret = -ENOMEM;
	}
	index_release(&index);
	return ret;
}

/* Where the next block may begin, from `at` on; `size`: nowhere. */
static uint64_t find_magic(int fd, uint64_t at, uint64_t size, char *chunk)
{
	static const char magic[8] = BLOCK_MAGIC;

	while (at + sizeof(magic) <= size) {
		size_t len = size - at < CHUNK ? (size_t)(size - at) : CHUNK;
		const char *found;

		if (!read_at(fd, chunk, len, at))
			return size;
		found = memmem(chunk, len, magic, sizeof(magic));
		if (found)
			return at + (uint64_t)(found - chunk);
		at += len - (sizeof(magic) - 1);
	}
	return size;
}

/* By the heads. One whose bytes are not all there is in it: it is known how many calls it had. */
static int read_heads(struct directory *directory, int fd, uint64_t size)
{
	char *chunk = malloc(CHUNK);
	uint64_t at = sizeof(struct file_head);
	struct block_head head;

	while (chunk && at < size && size - at > sizeof(head) &&
	       read_at(fd, &head, sizeof(head), at)) {
		struct recording_block block = {.offset = at,
						.number = head.number,
						.calls = head.calls,
						.first = head.first,
						.last = head.last};
		bool sound = block_head_sound(&head);

		if (sound && !note(directory, head.kind, &block)) {
			free(chunk);
			return -ENOMEM;
		}
		if (sound && head.packed <= size - at - sizeof(head))
			at += sizeof(head) + head.packed;
		else
			at = find_magic(fd, at + 1, size, chunk);
	}
	free(chunk);
	return chunk ? 0 : -ENOMEM;
}

static int compare(const void *a, const void *b)
{
	const struct recording_block *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

int directory_read(struct directory *directory, struct blocks *blocks, bool bounded)
{
	off_t size = lseek(blocks->fd, 0, SEEK_END);
	int ret;

	if (size < 0)
		return -errno;
	directory_release(directory);
	directory->bounded = bounded;
	if (bounded) {
		ret = read_heads(directory, blocks->fd, (uint64_t)size);
		if (directory->count)
			qsort(directory->blocks, directory->count, sizeof(*directory->blocks),
			      compare);
		return ret;
	}
	ret = read_index(directory, blocks->fd);
	if (ret != -EBADMSG)
		return ret;
	directory_release(directory);
	return read_heads(directory, blocks->fd, (uint64_t)size);
}
