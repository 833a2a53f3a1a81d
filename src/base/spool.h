/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spool: many texts that grow at the same time and are wanted one by one at the end, in a temporary file.
 *
 * Where a format wants all of a goroutine together, and the trace has a million calls of a thousand of them, they cannot wait in
 * memory. Each stream keeps a few hundred bytes in memory; what is more goes to the file in pieces that know the
 * piece before them. The file has no name (O_TMPFILE or unlinked at once), so that it goes whatever happens.
 */
#ifndef FTRACE_BASE_SPOOL_H
#define FTRACE_BASE_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct spool {
	int fd;        /* -1: not needed yet */
	uint64_t size; /* of the file */
	int error;     /* the first one, negative errno; 0 */
};

/* Belongs to whoever has it; zeroed is empty. */
struct spool_stream {
	unsigned char *bytes; /* the newest */
	uint32_t len, cap;
	uint64_t last; /* 1 + offset of the newest piece in the file; 0: none */
	uint64_t total;
};

void spool_init(struct spool *spool);
void spool_release(struct spool *spool);

/* Appends. 0, or a negative errno, which is the spool's from then on. */
int spool_add(struct spool *spool, struct spool_stream *stream, const void *bytes, size_t len);

/* Hands all of the stream to `each`, piece by piece in order, and forgets it. 0, or what `each` returned when that was not 0, or
 * a negative errno. */
int spool_drain(struct spool *spool, struct spool_stream *stream,
		int (*each)(void *arg, const void *bytes, size_t len), void *arg);

#endif
