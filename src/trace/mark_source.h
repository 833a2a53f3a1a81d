/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark_source: what the tracer's marks tell beyond themselves (struct mark_detail), from the bytes that were kept of them.
 *
 * One function for each kind of mark, beside what makes such marks, and one row in mark_tell.c.
 */
#ifndef FTRACE_TRACE_MARK_SOURCE_H
#define FTRACE_TRACE_MARK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "call/mark.h"
#include "call/tree.h"
#include "plan/marks.h"
#include "plan/plan.h"
#include "trace/caller.h"

/* What is told of one mark, until the next one is asked for. */
struct mark_source {
	struct mark_detail detail;
	struct mark_arg *args;
	size_t nargs, capargs;
	struct buf text; /* of arguments: by offset while it grows, see mark_source_text() */
	const struct plan *plan;
	const struct marks_wanted *wanted; /* what events are; NULL: there are none */
	struct callers *callers;
};

/* A mark whose bytes are to be told. */
struct mark_bytes {
	const struct tree *tree;
	const struct mark *mark;
	const unsigned char *bytes; /* as mark_in_call() got them; not aligned */
	size_t len;
	uint32_t image; /* in plan->images: that of the tree's calls */
};

/* Fills source->detail, which is all zero; false where nothing is known. */
typedef bool mark_tell(struct mark_source *source, const struct mark_bytes *of);

mark_tell event_tell;   /* events.c */
mark_tell wait_tell;    /* wait_tell.c */
mark_tell signal_tell;  /* signals.c */
mark_tell syscall_tell; /* syscalls.c */

/* The answer for the tree's source; NULL where nothing is known. */
const struct mark_detail *mark_source_tell(struct mark_source *source, const struct tree *tree,
					   const struct mark *mark);

/* One more argument, all zero but for its name and kind; NULL when memory is out. Good until the next one is added. */
struct mark_arg *mark_source_arg(struct mark_source *source, const char *name,
				 enum mark_value kind);

/* Gives the newest argument `len` bytes of text, which are copied. */
void mark_source_text(struct mark_source *source, const void *text, size_t len);

void mark_source_release(struct mark_source *source);

#endif
