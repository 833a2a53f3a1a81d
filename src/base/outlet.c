/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

/* Whoever compresses does not read the ring meanwhile: the fastest ordinary level. */
#define PACK_LEVEL 1
/* Bytes handed over at once. */
#define WRITE_MAX (1u << 20)

static int outlet_fail(struct outlet *w, int err)
{
	if (!w->error)
		w->error = err;
	return w->error;
}

static int wait_for_ever(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	while (poll(&p, 1, -1) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int wait_writable(struct outlet *w)
{
	return w->wait ? w->wait(w->arg, w->fd) : wait_for_ever(w->fd);
}

static int write_all(struct outlet *w, const char *data, size_t len, size_t *done)
{
	/* So much does not block where poll(2) says that there is room (pipe(7)). */
	size_t most = w->asks ? PIPE_BUF : WRITE_MAX;

	for (*done = 0; *done < len;) {
		int err = w->asks ? wait_writable(w) : 0;
		size_t left = len - *done;
		ssize_t n = err ? 0 : write(w->fd, data + *done, left < most ? left : most);

		if (n >= 0)
			*done += (size_t)n;
		else if (errno == EAGAIN)
			err = wait_writable(w);
		else if (errno != EINTR)
			err = -errno;
		if (err)
			return err;
	}
	return 0;
}

/* A disk that is full in the middle of a line: no reader of the file could make sense of that. */
static void cut_line(const struct outlet *w, const char *data, size_t done)
{
	off_t extra = 0;
	struct stat st;

	while (done && data[done - 1] != '\n') {
		done--;
		extra++;
	}
	/* Of a file that somebody else writes to as well the end is not ours. */
	if (fstat(w->fd, &st) || !S_ISREG(st.st_mode) || st.st_size < extra ||
	    lseek(w->fd, 0, SEEK_CUR) != st.st_size)
		return;
	if (ftruncate(w->fd, st.st_size - extra))
		return; /* then it is as it would be without */
	lseek(w->fd, st.st_size - extra, SEEK_SET);
}

static int write_plain(struct outlet *w)
{
	size_t done;
	int err = write_all(w, w->buf.data, w->buf.len, &done);

	if (err)
		cut_line(w, w->buf.data, done);
	return err;
}

/* Compresses `len` bytes and writes what comes out. `how` says whether the reader must be able to
 * follow up to here (ZSTD_e_flush) or the frame is over (ZSTD_e_end). */
static int write_packed(struct outlet *w, const char *data, size_t len, ZSTD_EndDirective how)
{
	ZSTD_inBuffer in = {.src = data, .size = len};
	size_t left;

	do {
		char *to = buf_room(&w->packed, ZSTD_CStreamOutSize());
		ZSTD_outBuffer out = {.dst = to, .size = ZSTD_CStreamOutSize()};
		size_t done;
		int err;

		if (!to)
			return -ENOMEM;
		left = ZSTD_compressStream2(w->zstd, &out, &in, how);
		if (ZSTD_isError(left))
			return -EIO;
		err = write_all(w, to, out.pos, &done);
		if (err)
			return err;
	} while (left || in.pos < in.size);
	return 0;
}

static int write_out(struct outlet *w, bool last)
{
	if (w->error)
		return w->error;
	if (w->buf.failed)
		return -ENOMEM;
	if (w->look && w->buf.len)
		w->look(w->arg);
	if (!w->zstd)
		return write_plain(w);
	if (!w->buf.len && !last)
		return 0;
	return write_packed(w, w->buf.data, w->buf.len, last ? ZSTD_e_end : ZSTD_e_flush);
}

static int finish_block(struct outlet *w, bool last)
{
	int err = write_out(w, last);

	buf_reset(&w->buf);
	return err ? outlet_fail(w, err) : 0;
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	return len > tail && !strcmp(text + len - tail, end);
}

void outlet_init(struct outlet *w, int fd)
{
	*w = (struct outlet){.fd = fd};
}

int outlet_open(struct outlet *w, const char *path, const struct place_check *check)
{
	*w = (struct outlet){.fd = -1, .path = path, .check = check};
	if (ends_in(path, ".zst")) {
		w->zstd = ZSTD_createCCtx();
		if (!w->zstd)
			return outlet_fail(w, -ENOMEM);
		ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, PACK_LEVEL);
	}
	w->fd = place_open(path, true, check);
	if (w->fd < 0) {
		int err = w->fd;

		ZSTD_freeCCtx(w->zstd);
		w->zstd = NULL;
		return outlet_fail(w, err);
	}
	w->close_fd = true;
	return 0;
}

/* The descriptor may be shared with other processes, which did not ask for one that never blocks: a
 * pipe can be opened anew. */
static bool open_anew(struct outlet *w)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", w->fd);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	w->fd = fd;
	w->close_fd = true;
	return true;
}

void outlet_set_wait(struct outlet *w, int (*wait)(void *arg, int fd), void *arg)
{
	struct stat st;

	w->wait = wait;
	w->arg = arg;
	if (w->close_fd || fstat(w->fd, &st) || S_ISREG(st.st_mode))
		return;
	w->asks = !S_ISFIFO(st.st_mode) || !open_anew(w);
}

void outlet_set_look(struct outlet *w, void (*look)(void *arg))
{
	w->look = look;
}

int outlet_reopen(struct outlet *w)
{
	int fd, err;

	if (!w->path || !w->close_fd)
		return 0;
	/* Opened before the old one is closed: when that fails, the trace goes on into the old. */
	fd = place_open(w->path, false, w->check);
	if (fd < 0)
		return fd;
	err = finish_block(w, true);
	if (close(w->fd) && !err)
		err = outlet_fail(w, -errno);
	w->fd = fd;
	return err;
}

int outlet_allow_seek(struct outlet *w)
{
	struct stat st;
	int flags = fcntl(w->fd, F_GETFL);

	if (!w->close_fd || w->zstd || fstat(w->fd, &st) || !S_ISREG(st.st_mode))
		return -ESPIPE;
	if (flags < 0 || fcntl(w->fd, F_SETFL, flags & ~O_APPEND) < 0)
		return -errno;
	return lseek(w->fd, 0, SEEK_END) < 0 ? -errno : 0;
}

int outlet_seek(struct outlet *w, int64_t cut, int64_t offset)
{
	int err = outlet_flush(w);

	if (!err && cut >= 0 && ftruncate(w->fd, cut))
		err = outlet_fail(w, -errno);
	if (!err && lseek(w->fd, offset, SEEK_SET) < 0)
		err = outlet_fail(w, -errno);
	return err;
}

int outlet_flush(struct outlet *w)
{
	return finish_block(w, false);
}

int outlet_close(struct outlet *w)
{
	finish_block(w, true);
	if (w->close_fd && close(w->fd))
		outlet_fail(w, -errno);
	w->close_fd = false;
	w->fd = -1;
	ZSTD_freeCCtx(w->zstd);
	w->zstd = NULL;
	buf_release(&w->buf);
	buf_release(&w->packed);
	return w->error;
}
