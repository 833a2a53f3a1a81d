/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shown: which structs behind pointers a tree has shown already, so that brief values name them the next time:
 *
 *     main.serve(s=&{addr:":80", conns:3}) {
 *       main.accept(s=*Server(0xc000123));
 *     }
 *
 * One counts as shown where it is in the line of an open caller, or anywhere in the tree with no fewer columns than
 * there are for it now. What was put down for a text that is taken back goes with it: shown_mark(), shown_undo().
 * Few are remembered: one that is forgotten is shown again.
 *
 * The caller owns the struct; zero-initialised knows of nothing. Nothing is allocated.
 */
#ifndef FTRACE_SINK_SHOWN_H
#define FTRACE_SINK_SHOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/tree.h"

#define SHOWN_SLOTS   256
#define SHOWN_JOURNAL 64

struct shown_pointer {
	uint64_t address; /* 0: none */
	uint64_t type;    /* hash of its name */
	uint64_t tree;
	uint32_t call;  /* index in the tree */
	uint32_t width; /* columns that it took */
};

struct shown {
	const struct tree *tree;                 /* the one that is shown now */
	uint64_t number;                         /* of it */
	uint32_t call;                           /* the one whose line is made */
	struct shown_pointer slots[SHOWN_SLOTS]; /* by address */
	struct {
		uint32_t slot;
		struct shown_pointer was;
	} journal[SHOWN_JOURNAL]; /* of the line */
	size_t njournal;
};

/* Another tree, of which nothing was shown as yet. It outlives its lines. */
void shown_begin_tree(struct shown *shown, const struct tree *tree);

/* The line of call number `call` of it. */
void shown_begin_line(struct shown *shown, uint32_t call);

/* What `type` (`len` bytes) at `address` took. */
void shown_add(struct shown *shown, uint64_t address, const char *type, size_t len, uint32_t width);

/* Whether it need not be shown in `room` columns. */
bool shown_before(const struct shown *shown, uint64_t address, const char *type, size_t len,
		  uint32_t room);

/* The state of now, and back to it within one line. */
static inline size_t shown_mark(const struct shown *shown)
{
	return shown->njournal;
}

void shown_undo(struct shown *shown, size_t mark);

#endif
