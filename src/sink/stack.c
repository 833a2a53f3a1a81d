/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/stack.h"

void stack_walk(const struct sink_config *config, const struct tree *tree, const struct call *call,
		void (*each)(void *arg, const struct caller *caller), void *arg)
{
	struct tree_source *source = tree->source;
	uint32_t left = config->stack;

	for (uint32_t i = 0; source && left; i++) {
		const struct caller *frame = source->callers(source, tree, call, i);

		/* What is above C code, or a stack that was switched, is not known either. */
		if (!frame)
			return;
		for (; left; left--, frame++) {
			each(arg, frame);
			if (!frame->more) {
				left--;
				break;
			}
		}
	}
}

const struct goroutine *stack_creator(const struct tree *tree)
{
	const struct goroutine *goroutine =
		tree->goid == GOROUTINE_MAIN ? NULL : tree_goroutine(tree);

	return goroutine && goroutine->created ? goroutine : NULL;
}
