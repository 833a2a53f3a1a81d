/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sheet: what one block of a recording holds, laid out as the lines of a tree that can be folded.
 *
 *     nodes[0]  main.handle       span 4  level 0
 *     nodes[1]    main.parse      span 1  level 1
 *     nodes[2]    main.write      span 2  level 1
 *     nodes[3]      ~ Mutex.Lock  span 1  level 2
 *     nodes[4]  main.handle       span 1  level 0     the next root
 *
 * Roots are in the order of the recording, which is that of their ends. Calls that were streamed hang on their callers as
 * far as those began in the same block; of one that began in another block, or ends in another one, there is its closing
 * line here, or its opening line.
 *
 * Values and the like are asked of the tree's source, as sinks do; they are those of the sheet whose block the recording is
 * turned to (recording.h).
 */
#ifndef FTRACE_TUI_SHEET_H
#define FTRACE_TUI_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/tree.h"
#include "recording/recording.h"

#define NODE_NONE UINT32_MAX

enum node_kind {
	NODE_CALL,
	NODE_OPENING, /* a call that is not over in this block */
	NODE_CLOSING, /* a call that began in an earlier block */
	NODE_MARK,
	NODE_DAMAGE, /* what is missing */
};

struct node {
	uint32_t item;   /* call or mark: index in the sheet's; damage: none */
	uint32_t span;   /* nodes, itself and all below it */
	uint32_t parent; /* a node, or NODE_NONE */
	uint32_t root;   /* index of its root */
	uint32_t level;
	enum node_kind kind;
};

/* A tree, or a mark that stands in none. */
struct root {
	const struct process *process; /* NULL: not known; the recording's */
	bool goid_known;
	uint64_t goid, curg;
	uint32_t call, ncalls; /* its calls in the sheet's array */
	uint32_t mark, nmarks; /* likewise */
	uint32_t streamed;     /* 1 + the piece it was put together from; 0: it came whole */
};

struct sheet {
	struct node *nodes;
	size_t nnodes, capnodes;
	struct root *roots;
	size_t nroots, caproots;
	struct call *calls; /* callers are indexes in the root's calls */
	size_t ncalls, capcalls;
	struct call_times *times; /* of each call; NULL: not known */
	size_t ntimes, captimes;
	struct mark *marks; /* as those of a tree are: calls are indexes in the root's */
	size_t nmarks, capmarks;
	struct tree_source *source;
	struct held_block *held;
	int error; /* why the rest of it is missing: -EBADMSG of a damaged block; 0: nothing is */
	uint64_t missing; /* calls, as far as is known */
};

/* Reads block `i`. NULL when memory is out; what cannot be read is a node that says so. Freed before the recording, which is
 * not turned to it then. */
struct sheet *sheet_read(struct recording *recording, size_t i);
void sheet_free(struct sheet *sheet);

/* What it takes, in bytes. */
size_t sheet_size(const struct sheet *sheet);

static inline bool node_is_call(const struct node *node)
{
	return node->kind == NODE_CALL || node->kind == NODE_OPENING || node->kind == NODE_CLOSING;
}

/* Of a node that is one; NULL of others. */
const struct call *sheet_call(const struct sheet *sheet, uint32_t node);
const struct mark *sheet_mark(const struct sheet *sheet, uint32_t node);

/* The tree that the node is in, for those who ask about its calls and marks: good as long as the sheet. */
struct tree sheet_tree(const struct sheet *sheet, uint32_t node);

#endif
