/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stats: how often each function was called, how long it took, and how often it failed.
 *
 * Filled call by call (stats_add()), or with what the kernel has added up (stats_add_kernel()), and read
 * once, as rows. Memory is bounded by the number of functions: 2.6 KB for each one that was called.
 *
 *     calls   finished calls whose duration is known: they returned, jumped out or were unwound
 *     total   time in the function, what it calls included. Of a recursive function only the outermost
 *             finished call of each goroutine counts, so that no time counts twice
 *     self    the durations without those of the counted calls right below
 *     run, wait, syscall
 *             of total: on a processor; able to run, waiting, or without a processor; in system calls that the runtime
 *             knows of. Together less than total where those of some calls are not known (--waits)
 *     avg     mean of all durations; min, max the shortest and longest one
 *     p50...  half, 90 %, 99 % of the calls took at most this long: the middle of the bucket in which
 *             the call of that rank is (ftrace/stats.h), off by 1/16 at most; the shortest and the
 *             longest one as they are
 *
 * Times are nanoseconds. Functions are those of a catalog, by id; that there are more of them shows by its count.
 */
#ifndef FTRACE_CALL_STATS_H
#define FTRACE_CALL_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/stats.h>

#include "call/catalog.h"
#include "call/reasons.h"
#include "call/tree.h"

/* What rows are in order of: the most first, names from A to Z. */
enum stats_key {
	STATS_TOTAL,
	STATS_CALLS,
	STATS_SELF,
	STATS_AVG,
	STATS_MIN,
	STATS_P50,
	STATS_P90,
	STATS_P99,
	STATS_MAX,
	STATS_ERRORS, /* functions of which errors are not known come last */
	STATS_NAME,
	STATS_KEYS
};

/* One finished call. */
struct stats_call {
	uint64_t duration;
	uint64_t total; /* what it adds to its function's total */
	uint64_t self;
	uint64_t run, wait, syscall; /* parts of `total`; 0 where that is not known */
	bool failed;                 /* its last result is an error, and not nil */
};

struct stats_row {
	uint32_t func;
	bool errors_known;
	uint64_t calls, errors;
	uint64_t total, self, run, wait, syscall;
	uint64_t min, avg, p50, p90, p99, max;
	const struct ft_stats *stats; /* the buckets */
	const struct reasons *waits;  /* what its calls, and those below them, waited for */
};

/* Whether it is known where the time went: what was called has run. */
static inline bool stats_row_timed(const struct stats_row *row)
{
	return row->run || row->wait || row->syscall;
}

/* What stands in the row for that key; STATS_NAME stands for STATS_TOTAL. */
uint64_t stats_value(const struct stats_row *row, enum stats_key key);

struct stats;

/* The catalog is the caller's and outlives it. NULL when memory is out. */
struct stats *stats_new(const struct catalog *catalog);
void stats_free(struct stats *stats);

/* 0 or -ENOMEM. A `func` that is none is passed over. */
int stats_add(struct stats *stats, uint32_t func, const struct stats_call *call);

/* What a wait was for counts in the function of the call that it is in and in those of all calls above, once in each. Other marks,
 * and what never ended, are passed over. 0 or -ENOMEM. */
int stats_add_wait(struct stats *stats, const struct tree *tree, const struct mark *mark);

/* A call whose duration is not known: it did not end, or was not seen to begin. */
void stats_add_untimed(struct stats *stats);

/* Adds what the kernel counted of one function, which need not know of errors what the catalog says is
 * known. 0 or -ENOMEM. */
int stats_add_kernel(struct stats *stats, uint32_t func, const struct ft_stats *kernel,
		     bool errors_known);

/* Nothing was called. */
void stats_clear(struct stats *stats);

/* The functions with finished calls, in order of `key`; the caller frees the array. Ties are in order of
 * name. NULL with *count 0 when there are none, or memory is out. */
struct stats_row *stats_rows(const struct stats *stats, enum stats_key key, size_t *count);

/* All finished calls; those without a known duration. */
uint64_t stats_calls(const struct stats *stats);
/* With those before it was cleared. */
uint64_t stats_counted(const struct stats *stats);
uint64_t stats_untimed(const struct stats *stats);

#endif
