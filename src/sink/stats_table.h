/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stats_table: the table that --summary puts behind the tree, or in its place.
 *
 * CALLS  ERRORS    TOTAL     SELF      AVG      MIN      P50      P90      P99      MAX  FUNCTION
 *     1       -  2.00 ms  1.88 ms  2.00 ms  2.00 ms ~2.00 ms ~2.00 ms ~2.00 ms  2.00 ms  main.main
 *     4       2   116 us   114 us  29.0 us  1.00 us ~4.86 us  ~100 us  ~100 us   100 us  main.get
 * -- 1 call is not counted: it did not end, or was not seen to begin --
 *
 * `-` stands for errors that are not known, `~` for what is near. Columns are as wide as their widest
 * entry. Below it, with --histogram, each function's durations, one line for each power of two from the
 * shortest to the longest:
 *
 * main.get
 *   256 ns ..  512 ns        120  #####
 *   512 ns .. 1.02 us        880  ########################################
 */
#ifndef FTRACE_SINK_STATS_TABLE_H
#define FTRACE_SINK_STATS_TABLE_H

#include "call/sink.h"
#include "sink/func_names.h"

/* Appends the table of config->stats. `lost`: records that were lost meanwhile. 0 or -ENOMEM. */
int stats_table(struct buf *buf, const struct sink_config *config, struct func_names *names,
		uint64_t lost);

/* The same, where a screen is too narrow without these columns as far as need be, the first ones first; NULL ends them. */
int stats_table_within(struct buf *buf, const struct sink_config *config, struct func_names *names,
		       uint64_t lost, const char *const *spare);

/* The name of the column that lines in order of a key are in order of. */
extern const char *const stats_columns[STATS_KEYS];

#endif
