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

/* One more of a list; NULL with `err` filled, or its code 0 when memory is out. */
static struct filter *add_filter(const char *value, struct filter ***filters, size_t *count,
				 size_t *cap, struct error *err)
{
	struct filter *filter = filter_parse(value, (unsigned int)*count + 1, err);
	struct filter **slot = filter ? vec_push(filters, count, cap) : NULL;

	if (!slot) {
		filter_free(filter);
		return NULL;
	}
	return *slot = filter;
}

TAKE(take_filter)
{
	struct filter *filter =
		add_filter(value, &opt->filters, &opt->nfilters, &opt->capfilters, err);
	int ret;

	if (!filter)
		return err->code ? err->code : -ENOMEM;
	ret = selection_add_glob(&opt->selection, filter->glob, false, err);
	if (!ret)
		selection_of_filter(&opt->selection);
	return ret;
}

TAKE(take_flight_when)
{
	if (!add_filter(value, &opt->whens, &opt->nwhens, &opt->capwhens, err))
		return err->code ? err->code : -ENOMEM;
	return 0;
}
