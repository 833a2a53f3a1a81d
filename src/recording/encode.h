/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * encode: calls, marks and what they name, as the operations of a block (format.h).
 *
 * What an operation names is defined in front of it: it is put together apart, and goes into the block behind its definitions.
 */
#ifndef FTRACE_RECORDING_ENCODE_H
#define FTRACE_RECORDING_ENCODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "call/sink.h"
#include "recording/dictionary.h"

/* From what the numbers of a block count; all 0 where it begins. Writer and reader keep the same. */
struct block_deltas {
	uint64_t time; /* start of the call or mark before */
	uint64_t id;
	uint32_t tid;
};

struct encoder {
	const struct catalog *catalog;
	struct buf block; /* the operations so far */
	struct buf one;   /* the one at hand */
	struct buf shape, values;
	struct dictionary strings, places, shapes, origins;
	struct map callers;     /* {executable, address} -> 1 + place */
	struct buf funcs, exes; /* a byte each: whether it is defined */
	struct map processes;   /* PID -> 1 + its run that is defined */
	struct block_deltas deltas;
	uint64_t first, last; /* times of the block */
	uint32_t calls;
	bool failed;
};

void encode_release(struct encoder *encoder);

/* A new block: nothing is defined. */
void encode_begin(struct encoder *encoder);

/* `announced`: the sink is told of it now. */
void encode_process(struct encoder *encoder, const struct process *process, bool announced);

void encode_tree(struct encoder *encoder, const struct tree *tree);
void encode_enter(struct encoder *encoder, const struct tree *tree, uint32_t call);
void encode_leave(struct encoder *encoder, const struct tree *tree, uint32_t call);

/* `tree`: NULL where it stands in none. */
void encode_mark(struct encoder *encoder, const struct tree *tree, const struct mark *mark);

void encode_wall(struct encoder *encoder, uint64_t since, int64_t offset);

/* A string of the block; 0 for NULL. For what is put into encoder->one. */
uint32_t encode_string(struct encoder *encoder, const char *text);

/* An executable, with the packages that its names are shortened by, and a function of one. */
void encode_exe(struct encoder *encoder, uint32_t exe);
void encode_func(struct encoder *encoder, uint32_t func);

/* A place; 0 for NULL. */
uint32_t encode_place(struct encoder *encoder, const struct caller *caller);

/* Where the tree's goroutine comes from; 0: that is not known. */
uint32_t encode_origin(struct encoder *encoder, const struct tree *tree);

/* Into encoder->one: what was read, or that nothing was (NULL). */
void encode_values(struct encoder *encoder, const struct values *values);
void encode_detail(struct encoder *encoder, const struct mark_detail *detail);

/* What was put into encoder->one becomes an operation. */
void encode_finish(struct encoder *encoder, unsigned int operation);

#endif
