/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span_sink: a sink whose spans are sent to a collector (--otlp).
 */
#ifndef FTRACE_SEND_SPAN_SINK_H
#define FTRACE_SEND_SPAN_SINK_H

#include "call/sink.h"
#include "send/settings.h"

/* NULL with `err` filled. The settings outlive it. */
struct sink *span_sink_new(const struct sink_config *config, const struct send_settings *settings,
			   bool quiet, struct error *err);

/* After the last call, before the end: what waits is sent, or dropped, and counted in the summary. */
int span_sink_finish(struct sink *sink, struct trace_summary *summary);

#endif
