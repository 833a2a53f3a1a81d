/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recording: a trace in a file: written as a sink, and read back into any sink.
 *
 * What is read needs neither the executable nor root, and is believed in nothing: each number is tested before it is used.
 * What a damaged block held is missing, and counted; the rest is read. Format: docs/recording.md.
 */
#ifndef FTRACE_RECORDING_RECORDING_H
#define FTRACE_RECORDING_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/wall.h"
#include "call/sink.h"

/* Writes one. */
extern const struct sink_ops sink_ftrace;

/* What the recording says of itself. The strings are the recording's. */
struct recording_head {
	const char *tool, *kernel, *host, *command; /* NULL: not known */
	uint64_t start;                             /* of tracing, ns of the trace */
	bool waits;                                 /* calls know where their time went */
	uint32_t stack;                             /* callers above each root call */
};

/* What was wrong with it. */
struct recording_damage {
	uint64_t blocks; /* that could not be read, or not to their end */
	uint64_t first;  /* number of the first of them */
	uint64_t calls;  /* in them, so far as their heads tell */
	bool cut;        /* there is no end: it was killed, or the file was cut */
	bool unknown;    /* something that this reader does not know */
};

struct recording;

/* Reads the head. The descriptor stays the caller's. NULL with `err` filled (`name` is for messages): -EBADMSG when it is no
 * recording, -EPROTONOSUPPORT when a newer version wrote it. */
struct recording *recording_open(int fd, const char *name, struct error *err);
void recording_close(struct recording *recording);

const struct recording_head *recording_head(const struct recording *recording);
const struct catalog *recording_catalog(const struct recording *recording);
const struct wall *recording_wall(const struct recording *recording);

/* Hands all that is in it to the sink, between sink_begin() and sink_end(), which are the caller's. 0, or a negative errno
 * of the sink or of memory. What stands in the file behind a bad place is read all the same. */
int recording_play(struct recording *recording, struct sink *sink);

/* After it: the summary that was recorded, or one that is made of what was read. */
void recording_summary(const struct recording *recording, struct trace_summary *summary);
const struct recording_damage *recording_damage(const struct recording *recording);

#endif
