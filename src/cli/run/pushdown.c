/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/pushdown.h"

static bool filters_in_kernel(const struct plan *plan)
{
	for (size_t i = 0; i < plan->nfuncs; i++)
		if (plan->funcs[i].filter && !plan->funcs[i].filter->in_kernel)
			return false;
	return true;
}

struct pushdown pushdown_of(const struct options *opt, const struct plan *plan)
{
	const struct call_select *select = &opt->select;
	struct pushdown pushdown = {
		.goids = select->goids,
		.ngoids = select->ngoids,
		.callers = opt->stack,
		.marks = marks_need_frames(&opt->marks),
	};

	if (!filters_in_kernel(plan)) {
		pushdown.every_callers = true;
		return pushdown;
	}
	pushdown.drill = select->drill;
	pushdown.sample = select->sample;
	/* A call below it may be the one that fails. */
	pushdown.depth = select->errors ? 0 : select->depth;
	/* What a call's length, how a call below it ended, or the number of roots, decides, and what it waited for, is known to
	 * user space alone. */
	pushdown.summing = opt->summary == SUMMARY_ONLY && !select->errors &&
			   !select->min_duration && !select->max_calls &&
			   !(opt->histogram && opt->marks.waits);
	return pushdown;
}
