/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stats_json: the lines of the type "function".
 *
 *     {"type":"function","func":"main.get","calls":1000,"errors":3,"total":1230000,"self":1100000,
 *      "min":310,"avg":1230,"p50":1200,"p90":1400,"p99":6400,"max":12000,
 *      "histogram":[[288,20],[320,900],...]}
 *
 * With --interval `start` is the Unix time since which the calls are counted, nanoseconds.
 * `errors` is null when it is not known. `histogram` has the lower bound and the count of each bucket
 * (ftrace/stats.h) that is not empty. With several executables `exe` says whose function it is.
 */
#ifndef FTRACE_SINK_STATS_JSON_H
#define FTRACE_SINK_STATS_JSON_H

#include "call/sink.h"
#include "sink/func_names.h"

/* Appends one line for each function of config->stats. 0 or -ENOMEM. */
int stats_json(struct buf *buf, const struct sink_config *config, struct func_names *names);

/* The fields of one row, from `calls` on, into an object. `waits`: it is known where the time went. */
void stats_json_row(struct buf *buf, const struct stats_row *row, bool waits);

#endif
