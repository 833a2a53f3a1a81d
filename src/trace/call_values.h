/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call_values: the values of a call as a source to read them from (value.h).
 *
 * Holds what reading needs of each executable. The plan is the caller's and outlives it. Not
 * thread-safe: each sink has its own.
 */
#ifndef FTRACE_TRACE_CALL_VALUES_H
#define FTRACE_TRACE_CALL_VALUES_H

#include <stdbool.h>

#include <ftrace/image.h>

#include "call/tree.h"
#include "plan/plan.h"
#include "trace/value.h"

struct call_values {
	const struct plan *plan;
	struct rtypes *types[FT_MAX_IMAGES]; /* made when first needed */
};

/* Zero-initialised but for `plan` is ready. */
void call_values_release(struct call_values *values);

/*
 * What was read of the call's arguments, or of its results. False when nothing was, or when there
 * is nothing to show. `src` is good until the next call of either function, and as long as the
 * tree.
 */
bool call_args(struct call_values *values, const struct tree *tree, const struct call *call,
	       struct value_source *src);
bool call_results(struct call_values *values, const struct tree *tree, const struct call *call,
		  struct value_source *src);

#endif
