/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * first_tree: whether a tree is the first one of its goroutine: then it is told where that comes from.
 *
 * The caller owns the struct, which zero-initialised is empty.
 */
#ifndef FTRACE_SINK_FIRST_TREE_H
#define FTRACE_SINK_FIRST_TREE_H

#include <stdbool.h>

#include "base/map.h"
#include "call/tree.h"

struct first_trees {
	struct map seen; /* {run, goid / 64} -> a bit for each goroutine */
	bool failed;     /* memory is out */
};

void first_trees_release(struct first_trees *trees);

/* To be asked of each tree, a streamed one's as often as is wanted. Never of a scheduler's stack. */
bool first_tree(struct first_trees *trees, const struct tree *tree);

/* The same, where it is known when the goroutine was made, and by which one; else NULL. */
const struct goroutine *first_tree_link(struct first_trees *trees, const struct tree *tree);

#endif
