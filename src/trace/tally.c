/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "trace/failure.h"
#include "trace/span.h"
#include "trace/trace_state.h"

static void add(struct trace *trace, const struct tallied *tallied)
{
	if (tallied->timed)
		trace_check(trace, stats_add(trace->config.stats, tallied->func, &tallied->call));
	else
		stats_add_untimed(trace->config.stats);
}

static void wait(struct trace *trace, struct lane *lane, const struct tallied *tallied)
{
	struct tallied *place = NULL;

	if (!lane->tally)
		lane->tally = calloc(1, sizeof(*lane->tally));
	if (lane->tally)
		place = vec_push(&lane->tally->waiting, &lane->tally->count, &lane->tally->cap);
	if (place)
		*place = *tallied;
	else
		trace_check(trace, -ENOMEM);
}

void tally_end(struct trace *trace, struct lane *lane, const struct call *call,
	       const struct event *event)
{
	struct tallied tallied = {0};

	if (!trace->config.stats)
		return;
	if (!call || !call_is_timed(call)) {
		span_pass(lane);
		if (!call)
			return;
	} else {
		tallied.timed = true;
		tallied.call =
			span_measure(lane, call->end > call->start ? call->end - call->start : 0,
				     tree_times(&lane->tree, call));
		tallied.call.failed =
			event && failure_in(trace->config.plan->funcs[call->func].results,
					    event->values, event->nvalues);
	}
	tallied.func = call->func;
	if (trace->config.select.errors && !lane->streaming)
		wait(trace, lane, &tallied);
	else if (!errors_wait(trace, &lane->tree))
		add(trace, &tallied);
}

void tally_settle(struct trace *trace, struct lane *lane, size_t count, bool shown)
{
	struct tally *tally = lane->tally;

	if (!tally)
		return;
	if (count > tally->count)
		count = tally->count;
	for (size_t i = 0; i < count && shown; i++)
		add(trace, &tally->waiting[i]);
	tally->count -= count;
	memmove(tally->waiting, tally->waiting + count, tally->count * sizeof(*tally->waiting));
}

void tally_free(struct tally *tally)
{
	if (tally)
		free(tally->waiting);
	free(tally);
}
