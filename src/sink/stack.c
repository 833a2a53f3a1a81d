/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/stack.h"

#include <ftrace/record.h>

void stack_walk(const struct sink_config *config, const struct tree *tree, const struct call *call,
		void (*each)(void *arg, const struct caller *caller), void *arg)
{
	uint64_t addrs[FT_CALLERS_MAX];
	uint32_t image = catalog_func(config->catalog, call->func)->exe;
	uint32_t count = call_callers(tree, call, addrs, FT_CALLERS_MAX), left = config->stack;

	for (uint32_t i = 0; i < count && left; i++) {
		const struct caller *frame = callers_find(config->callers, image, addrs[i]);

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
