/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * state: what a script has said so far, and what is made of it.
 */
#ifndef FTRACE_TESTS_CASES_STATE_H
#define FTRACE_TESTS_CASES_STATE_H

#include "base/vec.h"
#include "call/sink.h"
#include "call/summing.h"
#include "recording/recording.h"
#include "sink/formats.h"
#include "sink/summary.h"
#include "record.h"
#include "trace/describe.h"
#include "trace/plan_catalog.h"
#include "trace/trace.h"

struct loss_due {
	struct ft_loss_key key;
	struct ft_loss loss;
};

struct known_process {
	uint32_t pid, nspid;
	char *exe;
};

struct replay {
	struct plan plan;
	struct known_process *processes;
	size_t nprocesses, capprocesses;
	struct loss_due *losses;
	size_t nlosses, caplosses, next_loss;
	struct callers callers;
	struct catalog catalog;
	struct describer describer;
	struct trace_config config;
	struct sink_config sink_config;
	struct marks_wanted marks;
	struct call_select later;     /* what is selected from a recording */
	const struct catalog *played; /* that one's */
	struct short_names names;
	bool full_names;
	uint64_t goids[8];
	char *trim[8];
	struct outlet outlet;
	const struct sink_ops *ops;
	struct sink *sink;
	struct trace *trace;
	size_t flight_size;
	bool table; /* of sink_config.stats */
	struct stats *stats;
	struct trace_summary summary; /* what no record tells */
	struct recorder recorder;
};

static struct replay replay;

#endif
