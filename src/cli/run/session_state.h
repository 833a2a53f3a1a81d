/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session_state: a session, for the files that put it together; internal to src/cli/run. The parts that it is made of know
 * nothing of it.
 *
 *     session.c        one run, from its beginning to its end; calls the other two
 *     session_open.c   opens everything, up to the attached probes
 *     session_loop.c   reads records, and does what is due
 */
#ifndef FTRACE_CLI_RUN_SESSION_STATE_H
#define FTRACE_CLI_RUN_SESSION_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wall.h"
#include "call/catalog.h"
#include "call/sink.h"
#include "send/settings.h"
#include "cli/options/options.h"
#include "cli/run/budget.h"
#include "cli/run/child.h"
#include "cli/run/follow.h"
#include "cli/run/gather.h"
#include "cli/run/hints.h"
#include "cli/run/loop.h"
#include "cli/run/machine.h"
#include "cli/run/pids.h"
#include "cli/run/reader.h"
#include "cli/run/signals.h"
#include "cli/run/status.h"
#include "cli/target/target.h"
#include "probe/keeper.h"
#include "probe/probe.h"
#include "trace/describe.h"
#include "trace/trace.h"

struct session {
	const struct options *opt;
	struct targets *targets;
	struct features features;
	struct pushdown pushdown; /* what the kernel decides by itself */
	struct keeper *keeper;
	struct core_types *types;
	struct probe *probe;
	struct trace *trace;
	struct stats *stats;      /* --summary, else NULL */
	struct place_check check; /* of -o */
	struct outlet outlet;
	struct callers *callers;
	struct describer describer;
	struct catalog catalog; /* of the plan, grows with it */
	struct sink *sink;
	struct sink *spans; /* --otlp: a part of it; NULL: none */
	struct send_settings send;
	struct sink_config config;
	struct wall wall; /* for Unix time */
	struct this_machine machine;
	struct child child;
	struct signals signals;
	struct pids pids;
	struct reader reader; /* of the trace */
	struct follow follow;
	struct gather gather;
	struct budget budget;
	struct hints hints;
	struct status status;
	struct loop loop;
	struct trace_summary summary;
	size_t payers;             /* processes that are hit and not traced, when it began */
	int keeper_fd, records_fd; /* for the loop */
	uint64_t started, stopped, last_tick;
	unsigned int asked_before; /* signals, before the probes were being taken off */
	uint64_t turned; /* --interval: when the next table began, while the last is settling; 0 */
	uint64_t calls;  /* entries that arrived */
	size_t read;     /* records, in this look */
	uint64_t newest; /* the time of the last one */
	bool behind;     /* there are more to be read */
	bool sated;      /* none is wanted any more */
	bool renew;      /* a process of -p has called execve */
	bool over;       /* as also signals.over has it */
	bool failed;     /* something was said that is to be seen from the exit status */
	char kernel[65], host[65];
};

static inline bool session_is_over(const struct session *s)
{
	return s->over || s->signals.over;
}

/* Opens output, probes and, when one is to be started, the program, which is held; signals are read by now. What was
 * opened is the session's, also on failure: 0, or a negative errno with `err` filled. */
int session_prepare(struct session *s, struct error *err);

/* Who acts while it is traced. Whatever the loop allocates is allocated here. 0 or -ENOMEM. */
int session_add_watchers(struct session *s);

/* Until the tracing is to end. 0, or the error that ends the run. */
int session_loop(struct session *s);

/* Reads and writes all that has been recorded by now. `arg` is the session. 0, or the error that ends the run. */
int session_drain(void *arg);

/* Adds to the table what the kernel added up of a function. `arg` is the session. 0 or -ENOMEM. */
int session_add_stats(void *arg, uint32_t func, const struct ft_stats *kernel);

/* Brings the catalog up to the plan. 0 or -ENOMEM. */
int session_catalog(struct session *s);

/* What is traced, for a person. */
void session_banner(const struct session *s);

#endif
