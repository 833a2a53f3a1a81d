/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memmem */
#include "recording/blocks.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define READ_AHEAD (256 * 1024)
/* What has been passed over is given back beyond this. */
#define USED_MAX (1024 * 1024)

int blocks_init(struct blocks *blocks, int fd, const struct recording_wait *wait)
{
	struct stat st;

	*blocks = (struct blocks){.fd = fd, .wait = wait, .zstd = ZSTD_createDCtx()};
	blocks->streams = wait && !fstat(fd, &st) && !S_ISREG(st.st_mode);
	return blocks->zstd ? 0 : -ENOMEM;
}

void blocks_release(struct blocks *blocks)
{
	ZSTD_freeDCtx(blocks->zstd);
	buf_release(&blocks->raw);
	free(blocks->plain);
	*blocks = (struct blocks){.fd = -1};
}

static size_t left(const struct blocks *blocks)
{
	return blocks->raw.len - blocks->at;
}

static const char *next(const struct blocks *blocks)
{
	return blocks->raw.data + blocks->at;
}

/* Nothing is there at the moment, or the file ends here: asks whether that is all. */
static void ask(struct blocks *blocks)
{
	int ret = blocks->wait ? blocks->wait->more(blocks->wait->arg, false) : 0;

	blocks->over = !ret;
	if (ret < 0)
		blocks->error = ret;
}

static bool would_wait(const struct blocks *blocks)
{
	struct pollfd p = {.fd = blocks->fd, .events = POLLIN};

	return blocks->streams && !poll(&p, 1, 0);
}

/* Makes `len` bytes be there, if as many still come. */
static bool have(struct blocks *blocks, size_t len)
{
	struct buf *raw = &blocks->raw;

	while (left(blocks) < len && !blocks->over && !blocks->error) {
		char *to;
		ssize_t got;

		if (blocks->at && (blocks->at > USED_MAX || blocks->at == raw->len)) {
			memmove(raw->data, next(blocks), left(blocks));
			raw->len -= blocks->at;
			blocks->at = 0;
		}
		to = buf_room(raw, READ_AHEAD);
		if (!to) {
			blocks->error = -ENOMEM;
			break;
		}
		if (would_wait(blocks)) {
			ask(blocks);
			if (blocks->over || blocks->error)
				break;
		}
		got = read(blocks->fd, to, READ_AHEAD);
		if (got > 0)
			raw->len += (size_t)got;
		else if (!got && !blocks->streams)
			ask(blocks);
		else if (!got)
			blocks->over = true;
		else if (errno != EINTR)
			blocks->error = -errno;
	}
	return left(blocks) >= len;
}

bool blocks_head(struct blocks *blocks, struct file_head *head)
{
	if (!have(blocks, sizeof(*head)))
		return false;
	memcpy(head, next(blocks), sizeof(*head));
	blocks->at += sizeof(*head);
	return true;
}

bool blocks_head_is_cut(const struct blocks *blocks)
{
	static const char magic[8] = RECORDING_MAGIC;
	size_t len = left(blocks) < sizeof(magic) ? left(blocks) : sizeof(magic);

	return !blocks->error && (!len || !memcmp(next(blocks), magic, len));
}

int blocks_seek(struct blocks *blocks, uint64_t offset)
{
	if (offset > INT64_MAX || lseek(blocks->fd, (off_t)offset, SEEK_SET) < 0)
		return offset > INT64_MAX ? -EINVAL : -errno;
	buf_reset(&blocks->raw);
	blocks->at = 0;
	blocks->over = false;
	blocks->error = 0;
	return 0;
}

/* Goes on to where the next block may begin, behind the byte at hand. */
static void skip(struct blocks *blocks)
{
	static const char magic[8] = BLOCK_MAGIC;

	blocks->at++;
	while (have(blocks, sizeof(magic))) {
		const char *from = next(blocks);
		const char *found = memmem(from, left(blocks), magic, sizeof(magic));

		if (found) {
			blocks->at += (size_t)(found - from);
			return;
		}
		blocks->at += left(blocks) - (sizeof(magic) - 1);
	}
	/* What is left is less than a block's beginning. */
	blocks->at = blocks->raw.len;
}

bool block_head_sound(const struct block_head *head)
{
	static const char magic[8] = BLOCK_MAGIC;

	return !memcmp(head->magic, magic, sizeof(magic)) && head->check == block_check(head) &&
	       head->plain <= BLOCK_MAX && head->packed <= ZSTD_COMPRESSBOUND((size_t)BLOCK_MAX);
}

static bool is_tail(const struct blocks *blocks)
{
	struct file_tail tail;

	if (left(blocks) != sizeof(tail))
		return false;
	memcpy(&tail, next(blocks), sizeof(tail));
	return !memcmp(tail.magic, TAIL_MAGIC, sizeof(tail.magic));
}

static bool make_room(struct blocks *blocks, size_t size)
{
	unsigned char *more;

	if (size <= blocks->capplain)
		return true;
	more = realloc(blocks->plain, size);
	if (!more) {
		blocks->error = -ENOMEM;
		return false;
	}
	blocks->plain = more;
	blocks->capplain = size;
	return true;
}

enum blocks_found blocks_next(struct blocks *blocks, struct block_head *head)
{
	size_t got;

	memset(head, 0, sizeof(*head));
	if (!have(blocks, sizeof(*head))) {
		if (blocks->error)
			return BLOCKS_ERROR;
		if (!left(blocks) || is_tail(blocks))
			return BLOCKS_END;
		blocks->at = blocks->raw.len;
		return BLOCKS_DAMAGED;
	}
	memcpy(head, next(blocks), sizeof(*head));
	if (!block_head_sound(head)) {
		memset(head, 0, sizeof(*head));
		skip(blocks);
		return blocks->error ? BLOCKS_ERROR : BLOCKS_DAMAGED;
	}
	if (!have(blocks, sizeof(*head) + head->packed)) {
		if (blocks->error)
			return BLOCKS_ERROR;
		skip(blocks);
		return BLOCKS_DAMAGED;
	}
	if (!make_room(blocks, head->plain ? head->plain : 1))
		return BLOCKS_ERROR;
	got = ZSTD_decompressDCtx(blocks->zstd, blocks->plain, head->plain,
				  next(blocks) + sizeof(*head), head->packed);
	if (ZSTD_isError(got) || got != head->plain) {
		skip(blocks);
		return BLOCKS_DAMAGED;
	}
	blocks->at += sizeof(*head) + head->packed;
	return BLOCKS_BLOCK;
}
