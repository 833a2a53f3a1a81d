/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sink: something that takes calls: text for a person, lines for a tool, or several sinks at once (tee.h).
 *
 * The order of calls: begin once; then process before the first tree of that process; root for each
 * finished root call (also those written at the end); or, for a root call that is streamed, enter and
 * leave for each of its calls; mark for each that stands in no tree that is
 * handed on whole; idle whenever the ring is empty (what was held back goes out now); end once.
 *
 * A sink that keeps back what comes (recording/flight.h) is told when that is wanted: open, with the time from which
 * on, and shut. To others both mean nothing.
 *
 * What a call is called and how many there were is not a sink's to say: ids come with the calls, counts with
 * the summary, so that several sinks of one trace agree. Where only a table is wanted no call comes at all.
 *
 * Every function returns 0 or a negative errno of the outlet (-EPIPE: the reader has gone). An absent
 * function means that the sink has no use for it: sink_begin() and its like below do nothing then.
 */
#ifndef FTRACE_CALL_SINK_H
#define FTRACE_CALL_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/outlet.h"
#include "base/wall.h"
#include "call/catalog.h"
#include "call/stats.h"
#include "call/summary.h"
#include "call/tree.h"

enum sink_time {
	SINK_TIME_OF_DAY,   /* local time of day, 17:10:59.088803 */
	SINK_TIME_DATE,     /* with the date before it */
	SINK_TIME_RELATIVE, /* seconds since tracing began */
	SINK_TIME_UNIX,     /* seconds since 1970 */
	SINK_TIME_NONE,     /* no column */
};

#define SINK_CONTAINER_MAX 65 /* 64 digits and the end */

/* What every sink is told. Everything belongs to the caller and outlives the sink. */
struct sink_config {
	struct outlet *outlet;
	const struct catalog *catalog;
	uint32_t stack;          /* frames shown above a root call; 0: none */
	const char *tool;        /* "ftrace 0.1.0" */
	const char *kernel;      /* uname release */
	const char *host;        /* recordings only: its name; NULL: not known */
	const char *command;     /* recordings only: the command line; NULL: not known */
	uint64_t max_size;       /* recordings only: bytes of the file, which is a ring then; 0: no bound */
	uint64_t start;          /* CLOCK_MONOTONIC when tracing began */
	int64_t realtime;        /* what to add for Unix time, where `wall` is NULL */
	const struct wall *wall; /* follows steps of the clock */
	enum sink_time time;     /* text only */
	bool color;              /* text only */
	bool fold;             /* text only: a chain of calls that each make one call is one line */
	bool brief;            /* text only: values as briefly as they were read */
	bool waits;            /* calls know where their time went */
	bool goroutines;       /* text, JSON and recordings: who made which goroutine is asked for */
	bool goroutine_labels; /* pprof only: stacks of each goroutine apart */
	int width;             /* columns of the terminal; 0: not a terminal, no limit */
	char *const *trim;     /* -P prefixes, text only */
	size_t ntrim;
	const struct stats *stats; /* --summary: the table before the end; NULL: none */
	enum stats_key sort;       /* of its lines */
	bool histogram;            /* text only: JSON always has it */
	uint64_t since; /* --interval: when what the table counts began; 0: there is one table */
	int height;     /* lines of the terminal; 0: not a terminal */
	/* The id of the container that the process is in; false: it is in none. NULL: that cannot be told. */
	bool (*container)(uint32_t pid, char id[SINK_CONTAINER_MAX]);
	bool only;      /* the table takes the place of the calls, of which none comes */
};

/* Unix time of a time of the trace, nanoseconds. */
static inline int64_t sink_unix_time(const struct sink_config *config, uint64_t time)
{
	int64_t offset = config->wall ? wall_offset(config->wall, time) : config->realtime;

	return (int64_t)(time + (uint64_t)offset);
}

/* The first member of what a sink needs besides. */
struct sink {
	const struct sink_ops *ops;
};

struct sink_ops {
	const char *name;
	struct sink *(*new)(const struct sink_config *config);
	int (*begin)(struct sink *sink);
	int (*process)(struct sink *sink, const struct process *process);
	int (*root)(struct sink *sink, const struct tree *tree);
	int (*enter)(struct sink *sink, const struct tree *tree, uint32_t call);
	int (*leave)(struct sink *sink, const struct tree *tree, uint32_t call);
	/* `tree`: what it stands in, of which only the open calls are there; NULL: it stands in none. */
	int (*mark)(struct sink *sink, const struct tree *tree, const struct mark *mark);
	int (*table)(struct sink *sink, uint64_t now); /* --interval: the table, until now */
	int (*idle)(struct sink *sink);
	int (*open)(struct sink *sink,
		    uint64_t since);    /* what ended since then goes out, and what comes */
	int (*shut)(struct sink *sink); /* what comes is kept back again */
	int (*end)(struct sink *sink, const struct trace_summary *summary);
	/* After the end: what the reader of the output should know of it, one line; NULL: nothing. The sink's. */
	const char *(*note)(struct sink *sink);
	void (*free)(struct sink *sink);
};

static inline int sink_begin(struct sink *sink)
{
	return sink->ops->begin ? sink->ops->begin(sink) : 0;
}

static inline int sink_process(struct sink *sink, const struct process *process)
{
	return sink->ops->process ? sink->ops->process(sink, process) : 0;
}

static inline int sink_root(struct sink *sink, const struct tree *tree)
{
	return sink->ops->root ? sink->ops->root(sink, tree) : 0;
}

static inline int sink_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return sink->ops->enter ? sink->ops->enter(sink, tree, call) : 0;
}

static inline int sink_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return sink->ops->leave ? sink->ops->leave(sink, tree, call) : 0;
}

static inline int sink_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	return sink->ops->mark ? sink->ops->mark(sink, tree, mark) : 0;
}

static inline int sink_table(struct sink *sink, uint64_t now)
{
	return sink->ops->table ? sink->ops->table(sink, now) : 0;
}

static inline int sink_idle(struct sink *sink)
{
	return sink->ops->idle ? sink->ops->idle(sink) : 0;
}

static inline int sink_open(struct sink *sink, uint64_t since)
{
	return sink->ops->open ? sink->ops->open(sink, since) : 0;
}

static inline int sink_shut(struct sink *sink)
{
	return sink->ops->shut ? sink->ops->shut(sink) : 0;
}

static inline int sink_end(struct sink *sink, const struct trace_summary *summary)
{
	return sink->ops->end ? sink->ops->end(sink, summary) : 0;
}

static inline const char *sink_note(struct sink *sink)
{
	return sink->ops->note ? sink->ops->note(sink) : NULL;
}

/* NULL is no sink. */
static inline void sink_free(struct sink *sink)
{
	if (sink && sink->ops->free)
		sink->ops->free(sink);
}

#endif
