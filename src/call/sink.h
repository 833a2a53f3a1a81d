/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sink: something that turns calls into text for a person or a tool.
 *
 * The order of calls: begin once; then process before the first tree of that process; root for each
 * finished root call (also those written at the end); or, for a root call that is streamed, enter and
 * leave for each of its calls; loss for a stretch that falls into no open root; idle whenever
 * the ring is empty (what was held back goes out now); end once.
 *
 * `calls`, `unwound` and `open` of the summary are counted by the sink, since it knows what it wrote.
 * Every function returns 0 or a negative errno of the outlet (-EPIPE: the reader has gone). An absent
 * function means that the sink has no use for it.
 */
#ifndef FTRACE_CALL_SINK_H
#define FTRACE_CALL_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/outlet.h"
#include "call/catalog.h"
#include "call/stats.h"
#include "call/summary.h"
#include "call/tree.h"
#include "plan/plan.h"
#include "trace/caller.h"

enum sink_time {
	SINK_TIME_OF_DAY,   /* local time of day, 17:10:59.088803 */
	SINK_TIME_DATE,     /* with the date before it */
	SINK_TIME_RELATIVE, /* seconds since tracing began */
	SINK_TIME_UNIX,     /* seconds since 1970 */
	SINK_TIME_NONE,     /* no column */
};

/* What every sink is told. Everything belongs to the caller and outlives the sink. */
struct sink_config {
	struct outlet *outlet;
	const struct catalog *catalog;
	const struct plan *plan;
	uint32_t stack;          /* frames shown above a root call; 0: none */
	struct callers *callers; /* resolves return addresses */
	const char *tool;        /* "ftrace 0.1.0" */
	const char *kernel;      /* uname release */
	uint64_t start;          /* CLOCK_MONOTONIC when tracing began */
	int64_t realtime;        /* what to add for Unix time */
	enum sink_time time;     /* text only */
	bool color;              /* text only */
	int width;               /* columns of the terminal; 0: not a terminal, no limit */
	char *const *trim;       /* -P prefixes, text only */
	size_t ntrim;
	const struct stats *stats; /* --summary: the table before the end; NULL: none */
	enum stats_key sort;       /* of its lines */
	bool histogram;            /* text only: JSON always has it */
	bool only;                 /* the table takes the place of the calls */
};

struct sink;

struct sink_ops {
	const char *name;
	struct sink *(*new)(const struct sink_config *config);
	int (*begin)(struct sink *sink);
	int (*process)(struct sink *sink, const struct process *process);
	int (*root)(struct sink *sink, const struct tree *tree);
	int (*enter)(struct sink *sink, const struct tree *tree, uint32_t call);
	int (*leave)(struct sink *sink, const struct tree *tree, uint32_t call);
	int (*loss)(struct sink *sink, const struct loss *loss);
	/* Stands where it happened, between root calls. */
	int (*off)(struct sink *sink, const struct switched_off *off);
	int (*idle)(struct sink *sink);
	int (*end)(struct sink *sink, struct trace_summary *summary);
	/* The next id of a streamed call; given at entry. */
	uint64_t (*next_id)(struct sink *sink);
	void (*free)(struct sink *sink);
};

extern const struct sink_ops sink_text;
extern const struct sink_ops sink_jsonl;

#endif
