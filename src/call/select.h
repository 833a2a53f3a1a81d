/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * select: which calls are shown: what is asked, and a sink before another one that hands on no more than that.
 *
 * The tracer asks the same (src/trace/show.c), while calls begin and end. This sink is for calls that are known whole, as a
 * recording has them. What is left out is not cut out: what it called hangs on the nearest caller that is shown, and so do
 * marks. Calls count anew: ids, levels, and what the summary says of them are those of what is handed on.
 *
 * Applied in this order: time, goroutine, function, filter, -D, depth, duration, errors, count of roots.
 *
 * Of streamed calls a caller is decided when it begins, so far as that can be: where its end may leave it out it is told to
 * the next sink with the first of its callees that is shown, and stays then (as when tracing); a foresight mends that.
 */
#ifndef FTRACE_CALL_SELECT_H
#define FTRACE_CALL_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/sink.h"

/* Which calls are shown; ftrace(1) has the order in which they apply. */
struct call_select {
	const uint64_t *goids; /* --goid; none: all */
	size_t ngoids;
	bool drill;            /* only trees below functions that -D names */
	uint32_t depth;        /* --depth, 0: no limit */
	uint64_t min_duration; /* ns */
	uint64_t sample;       /* one root in N; 0 and 1: all */
	bool errors;           /* only trees in which a call failed */
	uint64_t max_calls;    /* roots, or with --flight calls that pass a --when; 0: no limit */
};

/* What is asked of a function. */
#define SELECT_FUNC     0x1 /* its calls are shown */
#define SELECT_DRILL    0x2 /* -D names it */
#define SELECT_FILTERED 0x4 /* of them those that pass a filter */

struct foresight;
struct select_config;

/* Who knows functions, values and marks. The first member of what it needs besides. */
struct select_choice {
	/* SELECT_* of a function of the catalog. */
	unsigned int (*func)(struct select_choice *choice, uint32_t func);
	/* Whether the call, which is over, passes its function's filters. */
	bool (*passes)(struct select_choice *choice, const struct tree *tree,
		       const struct call *call);
	/* Whether a mark that belongs to a call is shown. */
	bool (*mark)(struct select_choice *choice, const struct tree *tree,
		     const struct mark *mark);
	/* Hands all that will come to the sinks of a foresight (foresight.h), as far as they are needed; NULL: it cannot be had in
	 * advance. 0 or a negative errno. */
	int (*foresee)(struct select_choice *choice, const struct select_config *config,
		       struct foresight *to);
};

struct select_config {
	struct call_select calls;
	uint64_t from, to; /* times of the trace, both included; 0, UINT64_MAX: no bound */
	bool stream;       /* each call by itself when it ends */
	bool filters;      /* there are functions with SELECT_FILTERED */
	bool no_times;     /* nothing is told of where the time of calls went */
	struct select_choice *choice; /* NULL: all functions and marks; outlives the sink */
};

/* `next` is freed with it. NULL when memory is out. */
struct sink *select_new(const struct select_config *config, struct sink *next);

/* What was handed on takes the place of what the summary says of calls and marks. */
void select_summary(const struct sink *select, struct trace_summary *summary);

/* --max-calls was reached: of what comes only calls that never end are shown. */
bool select_is_full(const struct sink *select);

#endif
