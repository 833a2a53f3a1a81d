/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * summing: a sink before another one, which adds up the calls that come by in a table (stats.h).
 *
 * As the tracer does it while calls end; this one knows no more than what a sink is given.
 */
#ifndef FTRACE_CALL_SUMMING_H
#define FTRACE_CALL_SUMMING_H

#include <stdbool.h>

#include "call/sink.h"
#include "call/stats.h"

/* `stats` and `next` are the caller's, and outlive it; but `next` is freed with it. `only`: calls go no further. NULL when memory is out. */
struct sink *summing_new(struct stats *stats, struct sink *next, bool only);

/* What the summary says where calls went into the table alone. */
void summing_summary(struct sink *summing, struct trace_summary *summary);

#endif
