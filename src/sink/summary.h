/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * summary: the closing words of a trace, for stderr.
 *
 *     ftrace: 120 calls, 240 records, 0 lost, 5.00 s
 *     ftrace: 120 calls (1 unwound, 2 open), 240 records, 41 lost, 5.00 s; records were lost:
 *     try --buffer 64M, or trace fewer functions
 *
 * One line without its newline. What is zero is left out, but for calls, records and lost.
 */
#ifndef FTRACE_SINK_SUMMARY_H
#define FTRACE_SINK_SUMMARY_H

#include "base/buf.h"
#include "call/summary.h"

void summary_text(struct buf *buf, const struct trace_summary *summary);

#endif
