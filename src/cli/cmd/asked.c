/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/cmd/asked.h"

struct query_config asked_of(const struct options *opt, const char *path)
{
	return (struct query_config){
		.path = path,
		.functions = &opt->selection,
		.chosen = !opt->selected_by_default || opt->selection.nexcluded ||
			  opt->selection.exclude_vendor,
		.filters = opt->filters,
		.nfilters = opt->nfilters,
		.calls = opt->select,
		.from = opt->from,
		.to = opt->to,
		.stream = opt->hold_given && !opt->hold,
		.marks = &opt->marks,
		.events = opt->events.items,
		.nevents = opt->events.count,
		.min_wait = opt->min_wait,
	};
}
