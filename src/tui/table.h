/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table: the table of functions, as --summary has it, one under the cursor.
 *
 * The caller owns the struct; zero-initialised it is empty.
 */
#ifndef FTRACE_TUI_TABLE_H
#define FTRACE_TUI_TABLE_H

#include <stdint.h>

#include "call/sink.h"
#include "sink/func_names.h"
#include "tui/paper.h"

struct table {
	struct buf head;    /* the column names */
	struct paper paper; /* a function a line, then notes */
	uint32_t *funcs;    /* of the first lines */
	size_t nfuncs;
};

/* Makes it anew of config->stats, in order of config->sort, for config->width columns. The cursor stays on its function. 0 or
 * -ENOMEM. */
int table_make(struct table *table, const struct sink_config *config, struct func_names *names);
void table_release(struct table *table);

/* The function under the cursor; UINT32_MAX: none is. */
uint32_t table_func(const struct table *table);

/* The cursor to that function; false when it is not in it. */
bool table_go_to(struct table *table, uint32_t func);

/* The key that comes behind, in the order of the columns. */
enum stats_key table_next_key(enum stats_key key);

#endif
