/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC */
#include "image/content.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image/bytes.h"

/* Bytes that are read at once, where not more are wanted. */
#define CHUNK (64u << 10)
/* So many are put into huge pages. */
#define LARGE (4u << 20)

struct content_read {
	uint64_t held; /* bytes */
	bool chunks[]; /* whether each was read */
};

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool content_is_current(const struct content *content)
{
	struct stat now;

	return !fstat(content->fd, &now) && is_same(&now, &content->when);
}

int content_open(struct content *content, int fd, const char *path, struct error *err)
{
	struct stat *st = &content->when;
	int ret;

	*content = (struct content){.fd = -1};
	if (fstat(fd, st))
		return error_set(err, -EIO, "%s: %s; it must stay readable while ftrace runs", path,
				 strerror(errno));
	if (!S_ISREG(st->st_mode))
		return error_set(err, -ENOEXEC, "%s: not a regular file; give a Go executable",
				 path);
	content->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (content->fd < 0)
		return error_set(err, -EIO, "%s: cannot keep it open: %s; raise `ulimit -n`", path,
				 strerror(errno));
	content->size = (size_t)st->st_size;
	content->read = calloc(1, sizeof(*content->read) + content->size / CHUNK + 1);
	if (content->size)
		content->data = mmap(NULL, content->size, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (content->read && content->data != MAP_FAILED)
		return 0;
	if (content->data == MAP_FAILED)
		content->data = NULL;
	ret = error_set(err, -ENOMEM, "%s: out of memory (%zu bytes); close other programs", path,
			content->size);
	content_release(content);
	return ret;
}

void content_release(struct content *content)
{
	if (content->data)
		munmap(content->data, content->size);
	free(content->read);
	if (content->fd >= 0)
		close(content->fd);
	*content = (struct content){.fd = -1};
}

/* Bytes of the chunks [from, to): the last one of a file is shorter. */
static size_t length(const struct content *content, size_t from, size_t to)
{
	size_t end = to * CHUNK < content->size ? to * CHUNK : content->size;

	return end - from * CHUNK;
}

static void drop(const struct content *content, size_t from, size_t to)
{
	madvise(content->data + from * CHUNK, length(content, from, to), MADV_DONTNEED);
}

static bool read_chunks(const struct content *content, size_t from, size_t to)
{
	size_t len = length(content, from, to), done = 0;
	struct content_read *read = content->read;

	if (len > CONTENT_MAX - read->held)
		return false;
	/* A tenth of the page faults' time. */
	if (len >= LARGE)
		madvise(content->data + from * CHUNK, len, MADV_HUGEPAGE);
	while (done < len) {
		size_t at = from * CHUNK + done;
		ssize_t n = pread(content->fd, content->data + at, len - done, (off_t)at);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			break;
	}
	if (done < len || !content_is_current(content)) {
		drop(content, from, to);
		return false;
	}
	memset(read->chunks + from, true, to - from);
	read->held += len;
	return true;
}

const uint8_t *content_at(const struct content *content, uint64_t offset, uint64_t len)
{
	const bool *chunks, *at, *end;

	if (!bytes_within(offset, len, content->size))
		return NULL;
	if (!content->read)
		return content->data + offset;
	chunks = content->read->chunks;
	at = chunks + offset / CHUNK;
	end = chunks + (offset + len + CHUNK - 1) / CHUNK;
	/* Nearly always all of them are there. */
	while (at < end && (at = memchr(at, false, (size_t)(end - at)))) {
		const bool *read = memchr(at, true, (size_t)(end - at));

		if (!read)
			read = end;
		if (!read_chunks(content, (size_t)(at - chunks), (size_t)(read - chunks)))
			return NULL;
		at = read;
	}
	return content->data + offset;
}

void content_forget(const struct content *content, uint64_t offset, uint64_t len)
{
	struct content_read *read = content->read;
	size_t end;

	if (!bytes_within(offset, len, content->size))
		return;
	/* What only begins or ends in it may be wanted by others. */
	end = (offset + len) / CHUNK;
	for (size_t i = (offset + CHUNK - 1) / CHUNK; i < end; i++) {
		if (!read->chunks[i])
			continue;
		drop(content, i, i + 1);
		read->chunks[i] = false;
		read->held -= length(content, i, i + 1);
	}
}
