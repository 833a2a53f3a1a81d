/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nameless.h"

/* Of a stream in memory: grows from the first to the second. */
#define PIECE_FIRST 64
#define PIECE_MAX   4096

/* In front of each piece in the file. */
struct piece {
	uint64_t before; /* as spool_stream.last */
	uint32_t len;
	uint32_t pad;
};

void spool_init(struct spool *spool)
{
	*spool = (struct spool){.fd = -1};
}

void spool_release(struct spool *spool)
{
	if (spool->fd >= 0)
		close(spool->fd);
	spool->fd = -1;
}

static int write_all(struct spool *spool, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len) {
		ssize_t n = pwrite(spool->fd, at, len, (off_t)spool->size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		at += n;
		len -= (size_t)n;
		spool->size += (uint64_t)n;
	}
	return 0;
}

static int read_all(const struct spool *spool, uint64_t from, void *bytes, size_t len)
{
	char *at = bytes;

	while (len) {
		ssize_t n = pread(spool->fd, at, len, (off_t)from);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		at += n;
		len -= (size_t)n;
		from += (uint64_t)n;
	}
	return 0;
}

/* What is in memory goes to the file. */
static int write_piece(struct spool *spool, struct spool_stream *stream)
{
	struct piece piece = {.before = stream->last, .len = stream->len};
	uint64_t at;
	int ret = 0;

	if (spool->fd < 0)
		ret = spool->fd = nameless_open();
	if (ret < 0)
		return ret;
	at = spool->size;
	ret = write_all(spool, &piece, sizeof(piece));
	if (!ret)
		ret = write_all(spool, stream->bytes, stream->len);
	if (ret)
		return ret;
	stream->last = 1 + at;
	stream->len = 0;
	return 0;
}

/* Room for one byte at least. */
static int make_room(struct spool *spool, struct spool_stream *stream)
{
	uint32_t cap = stream->cap ? stream->cap * 2 : PIECE_FIRST;
	unsigned char *more;

	if (stream->len < stream->cap)
		return 0;
	if (stream->cap >= PIECE_MAX)
		return write_piece(spool, stream);
	more = realloc(stream->bytes, cap);
	if (!more)
		return stream->cap ? write_piece(spool, stream) : -ENOMEM;
	stream->bytes = more;
	stream->cap = cap;
	return 0;
}

int spool_add(struct spool *spool, struct spool_stream *stream, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	while (len && !spool->error) {
		size_t part;

		spool->error = make_room(spool, stream);
		if (spool->error)
			break;
		part = stream->cap - stream->len < len ? stream->cap - stream->len : len;
		memcpy(stream->bytes + stream->len, at, part);
		stream->len += (uint32_t)part;
		stream->total += part;
		at += part;
		len -= part;
	}
	return spool->error;
}

/* Turns the list of pieces round: each then knows the one behind it. *first is the oldest. */
static int turn_round(struct spool *spool, uint64_t last, uint64_t *first)
{
	uint64_t behind = 0;

	while (last) {
		struct piece piece;
		int ret = read_all(spool, last - 1, &piece, sizeof(piece));
		uint64_t before = piece.before;

		if (ret)
			return ret;
		piece.before = behind;
		if (pwrite(spool->fd, &piece, sizeof(piece), (off_t)(last - 1)) !=
		    (ssize_t)sizeof(piece))
			return -EIO;
		behind = last;
		last = before;
	}
	*first = behind;
	return 0;
}

int spool_drain(struct spool *spool, struct spool_stream *stream,
		int (*each)(void *arg, const void *bytes, size_t len), void *arg)
{
	unsigned char bytes[PIECE_MAX];
	uint64_t at = 0;
	int ret = spool->error;

	if (!ret)
		ret = turn_round(spool, stream->last, &at);
	while (at && !ret) {
		struct piece piece;

		ret = read_all(spool, at - 1, &piece, sizeof(piece));
		if (!ret && piece.len > sizeof(bytes))
			ret = -EIO;
		if (!ret)
			ret = read_all(spool, at - 1 + sizeof(piece), bytes, piece.len);
		if (!ret)
			ret = each(arg, bytes, piece.len);
		at = piece.before;
	}
	if (!ret && stream->len)
		ret = each(arg, stream->bytes, stream->len);
	free(stream->bytes);
	*stream = (struct spool_stream){0};
	return ret;
}
