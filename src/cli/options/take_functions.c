/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>

#include "base/vec.h"
#include "cli/options/take.h"

TAKE(take_uprobe)
{
	return selection_add_glob(&opt->selection, value, false, err);
}

TAKE(take_regexp)
{
	return selection_add_regexp(&opt->selection, value, err);
}

TAKE(take_notrace)
{
	return selection_add_excluded(&opt->selection, value, err);
}

TAKE(take_drilldown)
{
	opt->select.drill = true;
	return selection_add_glob(&opt->selection, value, true, err);
}

TAKE(take_filter)
{
	struct filter *filter = filter_parse(value, (unsigned int)opt->nfilters + 1, err);
	struct filter **slot;
	int ret;

	if (!filter)
		return err->code;
	slot = vec_push(&opt->filters, &opt->nfilters, &opt->capfilters);
	if (!slot) {
		filter_free(filter);
		return -ENOMEM;
	}
	*slot = filter;
	ret = selection_add_glob(&opt->selection, filter->glob, false, err);
	if (!ret)
		selection_of_filter(&opt->selection);
	return ret;
}
