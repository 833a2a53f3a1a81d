/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark_kinds: which marks of a recording are shown.
 *
 * As when tracing those that are asked for; where none is, all that were recorded.
 */
#ifndef FTRACE_QUERY_MARK_KINDS_H
#define FTRACE_QUERY_MARK_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/summary.h"
#include "call/tree.h"
#include "plan/marks.h"

struct mark_kinds {
	const struct marks_wanted *wanted; /* but for its events: ... */
	char *const *events;               /* ... globs of GROUP:NAME, or of NAME */
	size_t nevents;
	uint64_t min_wait; /* ns */
};

/* Whether some are asked for, so that others are not shown. */
bool mark_kinds_ask(const struct mark_kinds *kinds);

bool mark_kinds_show(const struct mark_kinds *kinds, const struct tree *tree,
		     const struct mark *mark);

/* What is not asked for was not asked for. */
void mark_kinds_sum(const struct mark_kinds *kinds, struct trace_summary *summary);

#endif
