/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diff_table: how the functions of two traces differ, for people.
 *
 * FUNCTION    CALLS                TOTAL                            P50                  P99
 * main.store    120  +0 (0 %)     1.20 s  +900 ms (+300 %)  9.90 ms (+250 %)  40.0 ms (+12 %)
 * main.fresh      5  +5 (new)     200 ms  +200 ms (new)     40.0 ms (new)     40.0 ms (new)
 * main.old        0  -3 (gone)      0 ns  -100 ms (gone)          - (gone)          - (gone)
 *
 * Values are those after; what they are more or less than before stands behind them. What the rows are in order of has a column
 * with both, too. `-` stands for what is not known. Columns are as wide as their widest entry.
 */
#ifndef FTRACE_SINK_DIFF_TABLE_H
#define FTRACE_SINK_DIFF_TABLE_H

#include "call/diff.h"
#include "call/sink.h"
#include "sink/func_names.h"

/* Appends the table of the rows, which are in order of config->sort. 0 or -ENOMEM. */
int diff_table(struct buf *buf, const struct sink_config *config, struct func_names *names,
	       const struct diff_row *rows, size_t count);

/* A change in percent, of a row that is in both: "+300 %", "-2.5 %", "0 %"; "from 0" where there was nothing. At most
 * DIFF_PERCENT_MAX bytes with the NUL. */
#define DIFF_PERCENT_MAX 32
void diff_percent(char *to, const struct diff_change *change);

#endif
