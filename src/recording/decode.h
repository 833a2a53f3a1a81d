/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decode: the operations of a block, handed to a sink as calls and marks.
 *
 * Names, files, places and functions are the decoder's, for good; values and details of marks are read from the block when the sink
 * asks for them, so that a tree takes little memory.
 */
#ifndef FTRACE_RECORDING_DECODE_H
#define FTRACE_RECORDING_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/wall.h"
#include "call/sink.h"
#include "recording/encode.h"
#include "recording/pool.h"
#include "recording/recording.h"
#include "recording/wire.h"

/* A value of a shape: what is the same in each call. */
struct shape_value {
	const char *name, *type;
	uint32_t nchildren, span;
	uint8_t kind, why, bits;
};

struct shape {
	uint32_t nitems, len;
	uint32_t first, count; /* in the block's shape_values */
};

struct place {
	uint32_t first; /* in decoder->frames */
};

/* A streamed call that has begun. */
struct open_call {
	struct call call;
	uint64_t caller; /* its id; 0: none */
};

/* Where a goroutine comes from; the place by its number, since these move. */
struct recorded_origin {
	struct goroutine goroutine;
	uint32_t created; /* 1 + index in decoder->places; 0: not known */
};

/* What a block has defined: while it is there, what was read of the block's calls and marks can be told. */
struct decoder_block {
	const unsigned char *bytes, *end; /* whoever has them unpacked owns them */
	const char **strings;
	size_t nstrings, capstrings;
	uint32_t *places; /* 1 + index in decoder->places */
	size_t nplaces, capplaces;
	struct recorded_origin *origins;
	size_t norigins, caporigins;
	struct shape *shapes;
	size_t nshapes, capshapes;
	struct shape_value *shape_values;
	size_t nshape_values, capshape_values;
};

void decoder_block_release(struct decoder_block *block);

struct index;

struct decoder {
	struct tree_source source;
	uint32_t version; /* of the file */
	struct sink *sink;
	struct pool pool;
	struct catalog catalog;
	struct wall wall;
	struct recording_head head;
	struct trace_summary summary, made; /* as it was written; of what was read */
	bool summed;                        /* the first is there */
	struct index *index;                /* gets what the index says; NULL: it is passed over */
	bool failed;                        /* memory is out */
	int sink_error;                     /* what the sink returned */

	/* By their numbers in the file: 1 + id in the catalog. */
	uint32_t *funcs, *exes;
	size_t nfuncs, nexes;
	struct short_names **names; /* of executables, by id */
	size_t nnames, capnames;
	struct map processes; /* PID -> struct process * */

	/* Places are told apart by their frames. */
	struct caller *frames;
	size_t nframes, capframes;
	struct place *places;
	size_t nplaces, capplaces;
	struct dictionary known_places;

	struct decoder_block block; /* the one at hand */
	struct block_deltas deltas;
	uint32_t done; /* calls of the block so far */
	uint64_t before; /* calls in all blocks before it, where that is told */
	bool told_before;
	bool gaps; /* some of them may be missing */

	/* What is handed to the sink. */
	struct tree tree;
	struct map open; /* id -> 1 + index in `opened` */
	struct open_call *opened;
	size_t nopened, capopened;
	uint64_t free; /* 1 + the first of `opened` that is free, which has the next in `caller` */
	struct value *values;
	size_t nvalues, capvalues;
	struct values answer;
	struct goroutine goroutine;
	struct mark_detail detail;
	struct mark_arg *args;
	size_t nargs, capargs;
};

void decoder_init(struct decoder *decoder);
void decoder_release(struct decoder *decoder);

/* Of streamed calls that began before it is as if they were not known. */
void decoder_forget_open(struct decoder *decoder);

/*
 * All operations of a block. `sink`: NULL where only what it says of the recording is wanted. 0; -EBADMSG where it does not
 * hold together, as far as it was read it was handed on; or what the sink returned, or -ENOMEM.
 */
int decode_block(struct decoder *decoder, const void *bytes, size_t len, struct sink *sink);

/* decode_defs.c: one definition; false when it does not hold together. */
bool decode_definition(struct decoder *decoder, unsigned int operation, struct wire *wire);

/* Of the block: NULL for 0, or when there is none of that number (bad). */
const char *decode_string(const struct decoder *decoder, struct wire *wire);
/* 1 + index of the place; 0: none. */
uint32_t decode_place(const struct decoder *decoder, struct wire *wire);
/* Its frames; NULL for 0. */
const struct caller *decoder_place(const struct decoder *decoder, uint64_t place);
/* Id in the catalog; UINT32_MAX, and bad, when it is not defined. */
uint32_t decode_func(const struct decoder *decoder, struct wire *wire);
const struct process *decoder_process(const struct decoder *decoder, uint32_t pid);

/* decode_values.c: passes over what was read of a call, or puts it into decoder->answer. */
bool decode_values(struct decoder *decoder, struct wire *wire, bool keep);

/* decode_marks.c */
bool decode_mark(struct decoder *decoder, struct wire *wire, struct mark *mark);
bool decode_detail(struct decoder *decoder, struct wire *wire, bool keep);
int decode_lone_mark(struct decoder *decoder, struct wire *wire);

/* decode_tree.c: hands on. 0, -EBADMSG, or the sink's error. */
int decode_tree(struct decoder *decoder, struct wire *wire);
int decode_streamed(struct decoder *decoder, struct wire *wire, bool ends);
/* Whose tree it is. */
bool decode_owner(struct decoder *decoder, struct wire *wire);
/* The callers of a streamed call become decoder->tree.calls, the outermost first: so far as they are known. */
bool decode_chain(struct decoder *decoder, uint64_t caller);
/* What the sink asks of calls and marks. */
void decode_answer(struct tree_source *source);

static inline struct decoder *decoder_of(struct tree_source *source)
{
	return (struct decoder *)source;
}

#endif
