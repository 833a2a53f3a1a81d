/* SPDX-License-Identifier: GPL-2.0-only */
#include "out/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

/* Whoever compresses does not read the ring meanwhile: the fastest ordinary level. */
#define PACK_LEVEL 1
/* Bytes handed over at once. */
#define WRITE_MAX (1u << 20)

static int writer_fail(struct writer *w, int err)
{
	if (!w->error)
		w->error = err;
	return w->error;
}

static int wait_writable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	while (poll(&p, 1, -1) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len < WRITE_MAX ? len : WRITE_MAX);

		if (n >= 0) {
			data += n;
			len -= (size_t)n;
		} else if (errno == EAGAIN) {
			int err = wait_writable(fd);

			if (err)
				return err;
		} else if (errno != EINTR) {
			return -errno;
		}
	}
	return 0;
}

/* Compresses `len` bytes and writes what comes out. `how` says whether the reader must be able to
 * follow up to here (ZSTD_e_flush) or the frame is over (ZSTD_e_end). */
static int write_packed(struct writer *w, const char *data, size_t len, ZSTD_EndDirective how)
{
	ZSTD_inBuffer in = {.src = data, .size = len};
	size_t left;

	do {
		char *to = buf_room(&w->packed, ZSTD_CStreamOutSize());
		ZSTD_outBuffer out = {.dst = to, .size = ZSTD_CStreamOutSize()};
		int err;

		if (!to)
			return -ENOMEM;
		left = ZSTD_compressStream2(w->zstd, &out, &in, how);
		if (ZSTD_isError(left))
			return -EIO;
		err = write_all(w->fd, to, out.pos);
		if (err)
			return err;
	} while (left || in.pos < in.size);
	return 0;
}

static int write_out(struct writer *w, bool last)
{
	if (w->error)
		return w->error;
	if (w->buf.failed)
		return -ENOMEM;
	if (!w->zstd)
		return write_all(w->fd, w->buf.data, w->buf.len);
	if (!w->buf.len && !last)
		return 0;
	return write_packed(w, w->buf.data, w->buf.len, last ? ZSTD_e_end : ZSTD_e_flush);
}

static int finish_block(struct writer *w, bool last)
{
	int err = write_out(w, last);

	buf_reset(&w->buf);
	return err ? writer_fail(w, err) : 0;
}

/* O_APPEND, so that a log rotation which copies and truncates leaves no hole. */
static int open_path(const char *path, int more)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | more, 0666);

	return fd < 0 ? -errno : fd;
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len > tail && !strcmp(text + len - tail, end);
}

void writer_init(struct writer *w, int fd)
{
	*w = (struct writer){.fd = fd};
}

int writer_open(struct writer *w, const char *path)
{
	*w = (struct writer){.fd = -1, .path = path};
	if (ends_in(path, ".zst")) {
		w->zstd = ZSTD_createCCtx();
		if (!w->zstd)
			return writer_fail(w, -ENOMEM);
		ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, PACK_LEVEL);
	}
	w->fd = open_path(path, O_TRUNC);
	if (w->fd < 0) {
		int err = w->fd;

		ZSTD_freeCCtx(w->zstd);
		w->zstd = NULL;
		return writer_fail(w, err);
	}
	w->close_fd = true;
	return 0;
}

int writer_reopen(struct writer *w)
{
	int fd, err;

	if (!w->path || !w->close_fd)
		return 0;
	/* Opened before the old one is closed: when that fails, the trace goes on into the old. */
	fd = open_path(w->path, 0);
	if (fd < 0)
		return fd;
	err = finish_block(w, true);
	if (close(w->fd) && !err)
		err = writer_fail(w, -errno);
	w->fd = fd;
	return err;
}

int writer_flush(struct writer *w)
{
	return finish_block(w, false);
}

int writer_close(struct writer *w)
{
	finish_block(w, true);
	if (w->close_fd && close(w->fd))
		writer_fail(w, -errno);
	w->close_fd = false;
	w->fd = -1;
	ZSTD_freeCCtx(w->zstd);
	w->zstd = NULL;
	buf_release(&w->buf);
	buf_release(&w->packed);
	return w->error;
}
