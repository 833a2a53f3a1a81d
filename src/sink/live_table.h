/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * live_table: the table of --interval, again and again: on a terminal in place, on a screen of its own (xterm's alternate
 * one, so that what was there comes back), cut to its size; else one after another.
 *
 *     -- 17:10:59.088 to 17:11:00.088 --
 *     CALLS  ERRORS ...
 */
#ifndef FTRACE_SINK_LIVE_TABLE_H
#define FTRACE_SINK_LIVE_TABLE_H

#include <stdbool.h>

#include "call/sink.h"
#include "sink/func_names.h"

/* Zero-initialised: nothing was shown. */
struct live_table {
	bool screen; /* the terminal's other one is on */
	bool again;  /* one was written before */
};

/* Appends the table to the outlet's buffer. `lost`: records that were lost. 0 or -ENOMEM. */
int live_table_put(struct live_table *live, const struct sink_config *config,
		   struct func_names *names, uint64_t now, uint64_t lost);

/* The terminal is left as it was found. */
void live_table_leave(struct live_table *live, struct buf *buf);

#endif
