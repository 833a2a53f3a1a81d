/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/first_tree.h"

#include <stdint.h>

void first_trees_release(struct first_trees *trees)
{
	map_release(&trees->seen);
}

bool first_tree(struct first_trees *trees, const struct tree *tree)
{
	struct map_key key = {.a = tree->process ? tree->process->run : 0, .b = tree->goid / 64};
	uint64_t bit = 1ull << tree->goid % 64, *bits;

	if (!tree->goid)
		return false;
	bits = map_put(&trees->seen, key);
	if (!bits) {
		trees->failed = true;
		return false;
	}
	if (*bits & bit)
		return false;
	*bits |= bit;
	return true;
}

const struct goroutine *first_tree_link(struct first_trees *trees, const struct tree *tree)
{
	const struct goroutine *goroutine = first_tree(trees, tree) ? tree_goroutine(tree) : NULL;

	return goroutine && goroutine->has_parent && goroutine->has_start ? goroutine : NULL;
}
