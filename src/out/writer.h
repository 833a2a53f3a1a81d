/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * writer: a file descriptor behind a buffer, plain or zstd compressed.
 *
 * Bytes are put into writer->buf by the sink; writer_flush() hands over what is there, and
 * writer_drain() does so when more than half a megabyte is waiting. The caller owns the struct.
 * Errors are negative errno (but for place.h's): -EPIPE when the reader has gone, -ENOSPC when the disk is full; after an
 * error the writer stays failed and drops what it gets. A file of its own then ends with the last line
 * that is whole.
 */
#ifndef FTRACE_OUT_WRITER_H
#define FTRACE_OUT_WRITER_H

#include <stdbool.h>

#include "base/buf.h"
#include "out/place.h"

struct writer {
	struct buf buf;
	int fd;
	int error; /* first error, negative errno; 0 */
	bool close_fd;
	bool asks;                      /* `wait` before each write, which may block */
	const char *path;               /* NULL for stdout; the caller's */
	const struct place_check *check; /* of writer_open() */
	int (*wait)(void *arg, int fd); /* of writer_set_wait() */
	void *arg;
	void (*look)(void *arg); /* of writer_set_look() */
	void *zstd; /* compressor, for paths that end in .zst */
	struct buf packed;
};

/* For a descriptor of the caller's. */
void writer_init(struct writer *w, int fd);

/* Creates or cuts `path`; NUL-terminated text that outlives the writer, as `check` does, which may be NULL. Never waits:
 * -EAGAIN says that it is a FIFO which nobody reads yet. Errors are those of place_open(). */
int writer_open(struct writer *w, const char *path, const struct place_check *check);

/*
 * From now on nothing waits for a slow reader but `wait`, which is called with the descriptor while
 * that takes nothing: 0, and writing is tried again; a negative errno, and the writer has failed with
 * it. To be called before anything is written. Without it a reader is waited for for ever.
 */
void writer_set_wait(struct writer *w, int (*wait)(void *arg, int fd), void *arg);

/* From now on `look`, which gets the `arg` of writer_set_wait(), is called before each piece is written: what came
 * meanwhile need not wait for the end of a large tree. It must not write. */
void writer_set_look(struct writer *w, void (*look)(void *arg));

/* Finishes the file and opens its name again (after a log rotation); what is there under that name
 * is appended to. When that fails the old file stays in use, and the writer has not failed. */
int writer_reopen(struct writer *w);

int writer_flush(struct writer *w);

static inline int writer_drain(struct writer *w)
{
	return w->buf.len > 512 * 1024 ? writer_flush(w) : 0;
}

/* Flushes, ends a compressed frame, closes what writer_open() opened. Returns the first error. */
int writer_close(struct writer *w);

#endif
