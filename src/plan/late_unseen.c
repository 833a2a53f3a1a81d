/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/late.h"
#include "plan/plan.h"

/* How many functions begin at or before `pc` of `image`: they are in order of both. */
static size_t count_up_to(const struct plan *plan, uint8_t image, uint64_t pc)
{
	size_t low = 0, high = plan->nfuncs;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct plan_func *func = &plan->funcs[mid];

		if (func->image < image || (func->image == image && func->entry <= pc))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct plan_func *late_unseen_at(const struct plan *plan, uint8_t image, uint64_t pc)
{
	size_t count = count_up_to(plan, image, pc);
	const struct plan_func *func = count ? &plan->funcs[count - 1] : NULL;

	if (!func || func->image != image || pc >= plan->sites[func->first_site].addr)
		return NULL;
	return func;
}
