/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * outlet: a file descriptor behind a buffer, plain or zstd compressed.
 *
 * Bytes are put into outlet->buf by the sink; outlet_flush() hands over what is there, and
 * outlet_drain() does so when more than half a megabyte is waiting. The caller owns the struct.
 * Errors are negative errno (but for place.h's): -EPIPE when the reader has gone, -ENOSPC when the disk is full; after an
 * error the outlet stays failed and drops what it gets. A file of its own then ends with the last line
 * that is whole.
 */
#ifndef FTRACE_BASE_OUTLET_H
#define FTRACE_BASE_OUTLET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/place.h"

struct outlet {
	struct buf buf;
	int fd;
	int error; /* first error, negative errno; 0 */
	bool close_fd;
	bool asks;                       /* `wait` before each write, which may block */
	const char *path;                /* NULL for stdout; the caller's */
	const struct place_check *check; /* of outlet_open() */
	int (*wait)(void *arg, int fd);  /* of outlet_set_wait() */
	void *arg;
	void (*look)(void *arg); /* of outlet_set_look() */
	void *zstd;              /* compressor, for paths that end in .zst */
	struct buf packed;
};

/* For a descriptor of the caller's. */
void outlet_init(struct outlet *w, int fd);

/* Creates or cuts `path`; NUL-terminated text that outlives the outlet, as `check` does, which may be NULL. Never waits:
 * -EAGAIN says that it is a FIFO which nobody reads yet. Errors are those of place_open(). */
int outlet_open(struct outlet *w, const char *path, const struct place_check *check);

/*
 * From now on nothing waits for a slow reader but `wait`, which is called with the descriptor while
 * that takes nothing: 0, and writing is tried again; a negative errno, and the outlet has failed with
 * it. To be called before anything is written. Without it a reader is waited for for ever.
 */
void outlet_set_wait(struct outlet *w, int (*wait)(void *arg, int fd), void *arg);

/* From now on `look`, which gets the `arg` of outlet_set_wait(), is called before each piece is written: what came
 * meanwhile need not wait for the end of a large tree. It must not write. */
void outlet_set_look(struct outlet *w, void (*look)(void *arg));

/* Finishes the file and opens its name again (after a log rotation); what is there under that name
 * is appended to. When that fails the old file stays in use, and the outlet has not failed. */
int outlet_reopen(struct outlet *w);

/* From now on outlet_seek() may be used: 0, or -ESPIPE where that cannot be: of a pipe, of stdout, packed. */
int outlet_allow_seek(struct outlet *w);

/* What comes next goes to that offset of the file, which ends at `cut` from now on unless that is negative. */
int outlet_seek(struct outlet *w, int64_t cut, int64_t offset);

int outlet_flush(struct outlet *w);

static inline int outlet_drain(struct outlet *w)
{
	return w->buf.len > 512 * 1024 ? outlet_flush(w) : 0;
}

/* Flushes, ends a compressed frame, closes what outlet_open() opened. Returns the first error. */
int outlet_close(struct outlet *w);

#endif
