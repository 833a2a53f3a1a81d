/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * values: what is read of each traced function's calls: rules, and types where there are no rules.
 */
#ifndef FTRACE_PLAN_VALUES_H
#define FTRACE_PLAN_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "plan/plan.h"
#include "rule/rule.h"

enum values_wish {
	VALUES_WHERE_POSSIBLE, /* the default: typed, where there is debug information */
	VALUES_NEVER,
	VALUES_ALWAYS, /* asked for: an error where there is no debug information */
};

struct values_config {
	enum values_wish args, results;
	struct rule *const *rules;
	size_t nrules;
	struct filter *const *filters;
	size_t nfilters;
	struct filter *const
		*whens; /* --when: what they compare is read, and nothing is left out */
	size_t nwhens;
	struct fetch_limits limits;
	bool errors;   /* in which register an error is returned is to be known, whatever is read */
	bool outcomes; /* whether a call failed is read at its return, whatever else is */
};

/*
 * Fills args, results, error and filter of the functions of one image, and marks their sites. To be called
 * once an image, after plan_add(). 0, or a negative errno with `err` filled.
 */
int plan_values(struct plan *plan, uint8_t image, const struct values_config *config,
		struct error *err);

#endif
