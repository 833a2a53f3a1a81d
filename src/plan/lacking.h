/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lacking: functions of a filter's glob that have not got what the filter compares. They are left out: of their calls
 * nobody could say whether they pass. A function that the filter names exactly is an error, and so is a filter that no
 * function is left of; internal to src/plan.
 *
 * Zero-initialised it is empty; lacking_release().
 */
#ifndef FTRACE_PLAN_LACKING_H
#define FTRACE_PLAN_LACKING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "plan/plan.h"
#include "rule/filter.h"

struct lacking {
	bool *gone;        /* by index of the function */
	bool *fits;        /* by number of the filter: it is of use somewhere */
	struct error *why; /* likewise: of the first function that lacks it; code 0: none does */
	size_t nfilters;
};

/* 0 or -ENOMEM. */
int lacking_begin(struct lacking *lacking, size_t nfuncs, size_t nfilters);

/* The filter came to `ret`, with `err` filled unless that is 0, in a function. True when the function only lacks what it
 * compares; then there is no error. */
bool lacking_notes(struct lacking *lacking, size_t filter, const struct filter *of,
		   const struct plan *plan, const struct plan_func *func, int ret,
		   struct error *err);

/* The same of a filter that leaves such a function out. */
bool lacking_takes(struct lacking *lacking, size_t filter, const struct filter *of,
		   const struct plan *plan, const struct plan_func *func, int ret,
		   struct error *err);

/* Takes those functions out of the plan. 0, or a negative errno with `err` filled. */
int lacking_end(const struct lacking *lacking, struct plan *plan, struct error *err);

void lacking_release(struct lacking *lacking);

#endif
