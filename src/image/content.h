/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * content: the bytes of a file as they were when it was opened, read as they are wanted.
 *
 * The file is never mapped: one that is cut short or rewritten meanwhile gives no SIGBUS, and what was read
 * stays as it was. What was not read by then is not there any more: content_at() looks after each read whether
 * the file is still the one that was opened (size and time of modification; its change time says nothing,
 * since renaming another file over it changes that, too). Bytes are kept in one range of private memory, as
 * long as the file, of which only the parts that were read take any; nobody waits for anybody: no lock and
 * no lease is taken. Whoever writes through a shared mapping without any write(2) changes the time of
 * modification only at the first page: what is read after that cannot be told from the old.
 *
 * The caller owns the struct and releases it with content_release(). Not to be used by two threads.
 *
 * Sources: mmap(2) (SIGBUS), inode(7) (times).
 */
#ifndef FTRACE_IMAGE_CONTENT_H
#define FTRACE_IMAGE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/error.h"

/* Bytes of one file that are held at a time: of what follows nothing is there. Those of a server of 500 MB,
 * debug information apart, are a third of it. */
#define CONTENT_MAX (384ull << 20)

struct content {
	uint8_t *data; /* `size` bytes; zero where nothing was read. Libraries may write to them */
	size_t size;
	int fd;                    /* its own */
	struct stat when;          /* it was opened */
	struct content_read *read; /* NULL: all bytes are there, and there is no file */
};

/* Opens the regular file behind `fd`, which stays the caller's. 0, or -ENOEXEC (not a regular file), -EIO,
 * -ENOMEM with `err` filled; there is nothing to release then. */
int content_open(struct content *content, int fd, const char *path, struct error *err);
void content_release(struct content *content);

/* `len` bytes at `offset`, or NULL: they are not in the file, it has changed before they were read, or more
 * than CONTENT_MAX would be held. They live until content_forget() or the end. */
const uint8_t *content_at(const struct content *content, uint64_t offset, uint64_t len);

/* Gives back the memory of the bytes of a range: content_at() reads them again. */
void content_forget(const struct content *content, uint64_t offset, uint64_t len);

/* Whether the file holds what it held when it was opened. */
bool content_is_current(const struct content *content);

#endif
