/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay: records as ftrace would read them, without a kernel, and the way from them to a sink.
 *
 * The records are those of main.tree of tests/bench/target in LANES goroutines, of which ACTIVE take
 * turns record by record. What goes wrong is said and ends the program: no caller has to look.
 */
#ifndef FTRACE_BENCH_REPLAY_H
#define FTRACE_BENCH_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/outlet.h"
#include "call/sink.h"
#include "trace/describe.h"
#include "trace/trace.h"

#define REPLAY_CALLS  13  /* of a tree: main.tree, 3 of main.branch, 9 of main.add */
#define REPLAY_STEP   250 /* ns from one record to the next */
#define REPLAY_ACTIVE 4
#define REPLAY_LANES  64
#define REPLAY_RECORD 512 /* bytes of the longest one */

struct records {
	unsigned char *bytes; /* the caller's to free() */
	size_t len, count;
};

struct replay {
	const struct plan *plan;
	struct machine machine;
	struct sink *sink;
	struct sink_config config; /* the sink's, as long as it lives */
	struct outlet outlet;
	struct callers *callers;
	struct describer describer;
	struct catalog catalog;
	struct trace *trace;
	uint64_t calls; /* that were handed on to the sink; known at the end */
};

_Noreturn void replay_die(const char *what, const char *why);

/* Processor time of this thread in ns: what else the machine does counts little. */
uint64_t replay_now(void);

/* main.* of the executable at `path`; with `values` its arguments and results are read, too. */
struct plan *replay_plan(const char *path, bool values);

/* `trees` root calls; a multiple of REPLAY_ACTIVE. */
struct records replay_records(const struct plan *plan, size_t trees);

/* One record of a call of main.tree, its entry or its exit; `to` has REPLAY_RECORD bytes. Returns its
 * size. */
size_t replay_root(unsigned char *to, const struct plan *plan, bool entry, uint64_t goid,
		   uint64_t time);

/* `ops`: what makes the sink, NULL: calls go nowhere. `path` is where the output goes. All that is handed over stays the caller's until replay_end(). */
void replay_begin(struct replay *replay, const struct plan *plan, const struct sink_ops *ops,
		  const char *path);

/* Returns the processor time that it took. */
uint64_t replay_feed(struct replay *replay, const struct records *records);

/* Finishes the trace, the sink and the file. */
void replay_end(struct replay *replay);

#endif
