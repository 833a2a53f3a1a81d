/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diff: the tables of two traces, function by function.
 *
 * Functions are matched by name alone: those of one name, in several executables, are added up. Each table is taken in by itself
 * and can go then; what is kept of a function are its row and the buckets that hold something.
 */
#ifndef FTRACE_CALL_DIFF_H
#define FTRACE_CALL_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "call/catalog.h"
#include "call/stats.h"

enum diff_side { DIFF_BEFORE, DIFF_AFTER, DIFF_SIDES };

struct diff_row {
	uint32_t func;         /* id in diff_catalog() */
	bool has[DIFF_SIDES];  /* it was called; at least once in one of them */
	size_t at[DIFF_SIDES]; /* the diff's own: which entry */
	struct stats_row of[DIFF_SIDES]; /* all 0 where it was not; `stats` NULL: diff_buckets() */
};

/* How a value of a row has changed. */
struct diff_change {
	bool known;  /* false: of errors, where they are not known of both */
	bool less;   /* it is `by` less, else more */
	uint64_t by;
	double percent; /* of what it was, at least 0; infinite where that was 0 and this is not */
};

struct diff;

/* NULL when memory is out. */
struct diff *diff_new(void);
void diff_free(struct diff *diff);

/* Takes in what was counted of the functions of `catalog`; once for each side. 0 or -ENOMEM. */
int diff_add(struct diff *diff, enum diff_side side, const struct stats *stats,
	     const struct catalog *catalog);

/*
 * All functions, in order of how much the value of `key` has changed, the most first (by STATS_NAME in order of name; ties
 * are). NULL with *count 0 when there are none, or memory is out. The caller frees the array.
 */
struct diff_row *diff_rows(struct diff *diff, enum stats_key key, size_t *count);

/* The functions of diff_rows(), in one executable that has the names by which text shortens them. The diff's. */
const struct catalog *diff_catalog(const struct diff *diff);

/* Fills in the buckets of one side; nothing else of it. */
void diff_buckets(const struct diff *diff, const struct diff_row *row, enum diff_side side,
		  struct ft_stats *stats);

/* What has become of the value of `key`; STATS_NAME stands for STATS_TOTAL. */
struct diff_change diff_change(const struct diff_row *row, enum stats_key key);

/* All time that was spent in functions of one side, what they call included once. */
uint64_t diff_time(const struct diff *diff, enum diff_side side);

#endif
