/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * query: which calls of a recording are shown, as the command line says it, as a sink before another one.
 *
 *     query = query_new(&config, recording, err)
 *     sink = query_sink(query, next)       next itself where nothing is left out
 *     query_play(query, sink)              between sink_begin() and sink_end()
 *     query_check(query, notes, err)       what nothing in it was meant by
 *
 * The options mean what they mean when tracing (call/select.h); they narrow what was recorded.
 */
#ifndef FTRACE_QUERY_QUERY_H
#define FTRACE_QUERY_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "call/select.h"
#include "plan/marks.h"
#include "plan/select.h"
#include "query/when.h"
#include "recording/recording.h"
#include "rule/filter.h"

/* What is asked. All of it outlives the query. */
struct query_config {
	const char *path; /* the recording's, for messages */
	const struct selection *functions;
	bool chosen; /* `functions` are not all */
	struct filter *const *filters;
	size_t nfilters;
	struct call_select calls;
	struct when from, to;
	bool stream;
	const struct marks_wanted *marks; /* but for its events: ... */
	char *const *events;              /* ... globs of their names */
	size_t nevents;
	uint64_t min_wait; /* ns: shorter waits are left out */
};

struct query;

/* Reads ahead what has to be known, where the file allows it. NULL with `err` filled: -EINVAL for what is asked of time or
 * functions that the recording does not have, with -ENODATA where there are none of that name. */
struct query *query_new(const struct query_config *config, struct recording *recording, int fd,
			struct buf *notes, struct error *err);
void query_free(struct query *query);

/* `next`, or a sink before it, with which it is freed. NULL when memory is out. */
struct sink *query_sink(struct query *query, struct sink *next);

/* Whether where the time of calls went is told. */
bool query_shows_times(const struct query *query);

/* Hands what is asked for to the sink: recording_play(). */
int query_play(struct query *query, struct sink *sink);

/* After it: the summary of what was shown. */
void query_summary(const struct query *query, struct trace_summary *summary);

/* What went wrong, or what nothing in the recording was meant by and could not be told before: 0, or a negative errno with
 * `err` filled; lines that only tell go to `notes`. */
int query_check(struct query *query, struct buf *notes, struct error *err);

#endif
