/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text_fold: chains of calls that each make one call, as one line (--fold).
 *
 *     main.serve > main.log > main.auth(user="zhang") {
 *       main.a();
 *       main.b();
 *     } = nil;
 *
 * A chain's line has the time, the duration and the caller of its first call, the arguments and results of its last;
 * all of them ended the same way. It ends where the names would be too wide. A tree with marks in it is not folded:
 * where these stand tells which of the calls was open.
 */
#ifndef FTRACE_SINK_TEXT_FOLD_H
#define FTRACE_SINK_TEXT_FOLD_H

#include <stdint.h>

#include "call/tree.h"
#include "sink/func_names.h"

#define FOLD_BETWEEN " > "

/* What is known of a call of the tree. */
struct fold {
	uint32_t nchildren;
	uint32_t first; /* of the chain that it is in: itself, if it is in none */
	uint32_t level; /* at which its line stands */
	uint32_t width; /* of the chain's names up to it, with what is between them */
	bool goes_on;   /* the call behind it is in the same chain */
};

/* The caller owns the struct; zero-initialised is empty. */
struct folds {
	struct fold *calls; /* by index; NULL: the tree is not folded */
	size_t cap;
};

/* Finds the chains of a tree, none wider than `room` with its indentation. When memory is out it is not folded. */
void folds_find(struct folds *folds, struct func_names *names, const struct tree *tree,
		unsigned int room);
void folds_release(struct folds *folds);

#endif
