/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * errors: with --errors a tree is held until a call in it fails, however long its root is open. Calls below --depth are
 * in the tree while they are open, and cut when they end.
 */
#include "trace/failure.h"
#include "trace/trace_state.h"

enum filter_failed errors_failed(const struct trace *trace, const struct call *call,
				 const struct event *event)
{
	bool failed;

	if (call->flags & CALL_PANIC)
		return FILTER_FAILED;
	/* What a call that jumped away comes to is another one's result. */
	if (!call_is_timed(call) || call->how == CALL_TAIL)
		return FILTER_UNDECIDED;
	if (call->how == CALL_UNWOUND)
		failed = false;
	else
		failed = event && failure_of_any(trace->config.plan->funcs[call->func].results,
						 event->values, event->nvalues);
	return failed ? FILTER_FAILED : FILTER_SUCCEEDED;
}

void errors_learn(const struct trace *trace, struct tree *tree, uint32_t index,
		  const struct event *event)
{
	struct call *calls = tree->calls;

	if (!trace->config.select.errors ||
	    errors_failed(trace, &calls[index], event) != FILTER_FAILED)
		return;
	/* Those above one that is marked are so, too. */
	for (; index != CALL_NONE && !(calls[index].flags & CALL_FAILED_IN);
	     index = calls[index].parent)
		calls[index].flags |= CALL_FAILED_IN;
}
