/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * edit: changes of a tree that is being made (call/tree.h): calls come and go, with what was kept of them beside.
 *
 * Indexes are those of tree->calls.
 */
#ifndef FTRACE_TRACE_EDIT_H
#define FTRACE_TRACE_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/tree.h"

/* Nothing is in it any more; its memory stays. */
void edit_reset(struct tree *tree);

/* Appends bytes to the tree's values, behind their length in 32 bits; where they are, or CALL_NONE. */
uint32_t edit_keep(struct tree *tree, const void *bytes, size_t size);

/* One more call, to be filled; `timed`: with where its time goes, which is not known yet. NULL when memory is out. */
struct call *edit_add(struct tree *tree, bool timed);

/* Drops a call and all below it, which is all that stands behind it; `values`: bytes that were kept before it began.
 * Its marks hang on its caller. */
void edit_cut(struct tree *tree, uint32_t index, uint32_t values);

/* Takes a call that has ended out; its callees, which are all that stands behind it, hang on its caller, or become
 * roots. So do its marks, but those of a root belong to no call then. */
void edit_take_out(struct tree *tree, uint32_t index);

/* Of a tree with several roots: *part is that of call `first`, with its marks from number *mark on, which goes on.
 * Returns where the next one begins. All marks must belong to a call. */
size_t edit_slice(struct tree *tree, size_t first, size_t *mark, struct tree *part);

/* Drops the marks that belong to no call. */
void edit_drop_marks(struct tree *tree);

/* Puts the mark where its `before` and `start` want it; NULL when memory is out. */
struct mark *edit_add_mark(struct tree *tree, const struct mark *mark);

#endif
