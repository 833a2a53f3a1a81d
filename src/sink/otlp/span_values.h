/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span_values: what is in a span besides its head: attributes of the call, arguments and results, events of marks.
 */
#ifndef FTRACE_SINK_OTLP_SPAN_VALUES_H
#define FTRACE_SINK_OTLP_SPAN_VALUES_H

#include "sink/otlp/spans.h"

/* All attributes of the process that the request is of. */
void span_resource(struct spans *spans, const struct process *process);

void span_attributes(struct spans *spans, const struct tree *tree, const struct call *call);

/* An event, into the writer's buffer. */
void span_mark(struct spans *spans, struct span_writer *writer, const struct tree *tree,
	       const struct mark *mark);

/* What the call failed with, in spans->words; false when it did not. The event that says so is written, too. */
bool span_failure(struct spans *spans, const struct tree *tree, const struct call *call);

#endif
