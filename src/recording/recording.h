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
	bool origins;    /* it knows where goroutines come from ... */
	bool goroutines; /* ... and that was asked for */
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

/* Whom to ask before a recording that is still written is waited for. The caller's; it outlives the recording. */
struct recording_wait {
	/* A file ends here, or a pipe has nothing at the moment. `anew`: what stands in the file may be another in the same
	 * place. 1: it is to be looked at again, and a pipe waited for;
	 * 0: that is all there will be; or a negative errno, with which reading ends: -EINTR where enough was read. */
	int (*more)(void *arg, bool anew);
	void *arg;
};

/* The same, of one that may grow. It ends with its summary. */
struct recording *recording_follow(int fd, const char *name, const struct recording_wait *wait,
				   struct error *err);
void recording_close(struct recording *recording);

/* Of bounded size: its oldest calls may be gone. */
bool recording_is_bounded(const struct recording *recording);

const struct recording_head *recording_head(const struct recording *recording);
const struct catalog *recording_catalog(const struct recording *recording);
const struct wall *recording_wall(const struct recording *recording);

/* Hands all that is in it to the sink, between sink_begin() and sink_end(), which are the caller's. 0, or a negative errno
 * of the sink or of memory. What stands in the file behind a bad place is read all the same. */
int recording_play(struct recording *recording, struct sink *sink);

/* After it: the summary that was recorded, or one that is made of what was read. */
void recording_summary(const struct recording *recording, struct trace_summary *summary);
const struct recording_damage *recording_damage(const struct recording *recording);

/*
 * Some of it: blocks of which the index at the end says that there is nothing of that in them are passed over, so that less is
 * read. What is read comes whole: whoever wants less than that leaves it out.
 */

struct recording_wants {
	uint64_t from, to;     /* times; 0, UINT64_MAX: all */
	const uint64_t *goids; /* of these goroutines; none: of all */
	size_t ngoids;
	/* Whether blocks are wanted in which the function, of the index's catalog, was called; NULL: all are. */
	bool (*func)(void *arg, uint32_t func);
	/* Whether by now only what never ended is wanted; NULL: never. */
	bool (*full)(void *arg);
	void *arg;
};

/* The index of a file that can be read at any place; NULL where there is none to be believed: then all of it is read. The
 * descriptor stands anywhere afterwards. */
struct recording_index;
struct recording_index *recording_index_read(int fd);
void recording_index_free(struct recording_index *index);

/* All functions that were called, steps of the clock, and the latest time; UINT64_MAX: something never ended. */
const struct catalog *recording_index_catalog(const struct recording_index *index);
const struct wall *recording_index_wall(const struct recording_index *index);
uint64_t recording_index_end(const struct recording_index *index);

/* recording_play() of that. */
int recording_play_some(struct recording *recording, const struct recording_index *index,
			const struct recording_wants *wants, struct sink *sink);

/*
 * The same in any order, a block at a time, of a file that can be read at any place: what is looked at is read, and no more.
 */

/* Where a block of calls is, and what its head, or the index, says of it: nothing of that need be true. */
struct recording_block {
	uint64_t offset;      /* in the file */
	uint32_t number;      /* that it has in its file; of a ring alone */
	uint64_t first, last; /* times of its calls, ns of the trace */
	uint32_t calls;
};

/* Finds them, and the summary, which recording_summary() has then; recording_damage() says whether it was cut. 0 or a
 * negative errno: -ESPIPE of a pipe. To be called once. */
int recording_find_blocks(struct recording *recording);

/* In their order in the file; of one of bounded size, in that of time. */
const struct recording_block *recording_blocks(const struct recording *recording, size_t *count);

/* Hands what block `i` holds to the sink. 0; -EBADMSG where it is damaged, but recording_block_done() calls were handed on;
 * or a negative errno of the sink, of reading or of memory. Of a streamed call the callers are known that began in this
 * block, or in those that were played right before it in their order. */
int recording_play_block(struct recording *recording, size_t i, struct sink *sink);
uint32_t recording_block_done(const struct recording *recording);

/*
 * A block that was played and is kept, so that a copy of its trees can still be asked for values, callers and details of
 * marks: whenever recording_turn_to() has turned to it last, and no block was played since. Names, types and processes
 * stay where they are as long as the recording. Freed before it.
 */
struct held_block;

/* Of the block that was played last, once. NULL when memory is out. */
struct held_block *recording_hold(struct recording *recording);
void held_block_free(struct held_block *held);
size_t held_block_size(const struct held_block *held); /* in bytes */

/* NULL: to none. Before the held one is freed it is turned to another, or to none. */
void recording_turn_to(struct recording *recording, const struct held_block *held);

#endif
