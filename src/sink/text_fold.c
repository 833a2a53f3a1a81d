/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/text_fold.h"

#include <stdlib.h>
#include <string.h>

#define ALIKE (CALL_PANIC | CALL_GOEXIT | CALL_APPROXIMATE | CALL_ENTRY_UNSEEN)

static bool make_room(struct folds *folds, size_t count)
{
	struct fold *more;

	if (count <= folds->cap)
		return true;
	more = reallocarray(folds->calls, count, sizeof(*more));
	if (!more)
		return false;
	folds->calls = more;
	folds->cap = count;
	return true;
}

static bool is_chained(const struct folds *folds, const struct tree *tree, uint32_t i)
{
	const struct call *call = &tree->calls[i], *parent;

	if (call->parent == CALL_NONE || folds->calls[call->parent].nchildren != 1)
		return false;
	parent = &tree->calls[call->parent];
	return call->how == parent->how && !((call->flags ^ parent->flags) & ALIKE);
}

static void find(struct folds *folds, struct func_names *names, const struct tree *tree, uint32_t i,
		 unsigned int room)
{
	const struct call *call = &tree->calls[i];
	struct fold *fold = &folds->calls[i], *parent;

	fold->first = i;
	fold->width = func_names_get(names, call->func)->width;
	if (call->parent == CALL_NONE)
		return;
	parent = &folds->calls[call->parent];
	fold->level = parent->level + 1;
	if (!is_chained(folds, tree, i) ||
	    2 * parent->level + parent->width + strlen(FOLD_BETWEEN) + fold->width > room)
		return;
	parent->goes_on = true;
	fold->first = parent->first;
	fold->level = parent->level;
	fold->width += parent->width + (uint32_t)strlen(FOLD_BETWEEN);
}

void folds_find(struct folds *folds, struct func_names *names, const struct tree *tree,
		unsigned int room)
{
	if (tree->nmarks || !make_room(folds, tree->ncalls)) {
		folds_release(folds);
		return;
	}
	memset(folds->calls, 0, tree->ncalls * sizeof(*folds->calls));
	for (size_t i = 0; i < tree->ncalls; i++)
		if (tree->calls[i].parent != CALL_NONE)
			folds->calls[tree->calls[i].parent].nchildren++;
	for (size_t i = 0; i < tree->ncalls; i++)
		find(folds, names, tree, (uint32_t)i, room);
}

void folds_release(struct folds *folds)
{
	free(folds->calls);
	*folds = (struct folds){0};
}
