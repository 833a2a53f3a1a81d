/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session_state: what the parts of a session share; internal to src/cli.
 *
 *     session_open.c   opens everything, up to the attached probes
 *     session_calls.c  calls of the trace to the sink
 *     session.c        the loop, the end, and what is said of it
 */
#ifndef FTRACE_CLI_SESSION_STATE_H
#define FTRACE_CLI_SESSION_STATE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/child.h"
#include "cli/identify.h"
#include "cli/options.h"
#include "cli/target.h"
#include "out/sink.h"
#include "probe/probe.h"
#include "trace/trace.h"

struct session {
	const struct options *opt;
	struct targets *targets;
	struct features features;
	struct probe *probe;
	struct trace *trace;
	struct writer writer;
	struct callers *callers;
	struct sink *sink;
	const struct sink_ops *ops;
	struct sink_config config;
	struct identify identify;
	struct child child;
	struct trace_summary summary;
	char kernel[65];
	sigset_t old_mask;
	int signals;       /* signalfd */
	int *pidfds;       /* -p: one each, -1 when that process has ended */
	uint64_t started, stopped, last_tick;
	int passed_on;     /* signals that were passed on to the started program */
	int status;        /* exit status that was decided on, -1 */
	size_t read;       /* records, in this look */
	bool behind;       /* there are more in the ring */
	bool over;
	bool hinted;
	bool renew;        /* a process of -p has called execve */
};

/* CLOCK_MONOTONIC, ns: the time of the records. */
uint64_t session_now(void);

/* Opens output, probes and, when one is to be started, the program, which is held. What was opened
 * is the session's, also on failure: 0, or a negative errno with `err` filled. */
int session_prepare(struct session *s, struct error *err);

/* What is traced, for a person. */
void session_banner(const struct session *s);

/* `arg` is the session. */
extern const struct trace_ops session_trace_ops;

#endif
