/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * describe: what the tracer's trees tell beyond their calls: what was read of them, and who called them.
 *
 * The record's bytes stay in the tree as they came, and are described when somebody asks. What is described is good
 * until the next question. Holds what reading needs of each executable. Not thread-safe.
 */
#ifndef FTRACE_TRACE_DESCRIBE_H
#define FTRACE_TRACE_DESCRIBE_H

#include <ftrace/image.h>

#include "call/tree.h"
#include "plan/plan.h"
#include "trace/caller.h"
#include "trace/mark_source.h"
#include "trace/rtype.h"

struct describer {
	struct tree_source source; /* of the trees */
	const struct plan *plan;
	struct callers *callers;
	struct rtypes *types[FT_MAX_IMAGES]; /* made when first needed */
	struct value *described;             /* by the last answer */
	size_t ndescribed, capdescribed;
	char **texts; /* that were put together for it */
	size_t ntexts, captexts;
	struct values values;
	struct mark_source marks;
	struct goroutine goroutine; /* the last answer */
};

/* `plan` and `found` are the caller's, and outlive the struct. The struct stays where it is. */
void describer_init(struct describer *describer, const struct plan *plan, struct callers *found);
void describer_release(struct describer *describer);

#endif
