/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sink/stats_table.h"

/* What to look at is how often, how long, and how evenly. */
static const char *const spare[] = {"ERRORS", "AVG", "MIN",  "P90", "RUN", "SYSCALL",
				    "WAIT",   "P50", "SELF", "P99", NULL};

void table_release(struct table *table)
{
	buf_release(&table->head);
	paper_release(&table->paper);
	free(table->funcs);
	*table = (struct table){0};
}

uint32_t table_func(const struct table *table)
{
	size_t at = table->paper.cursor;

	return at < table->nfuncs ? table->funcs[at] : UINT32_MAX;
}

bool table_go_to(struct table *table, uint32_t func)
{
	for (size_t i = 0; i < table->nfuncs; i++) {
		if (table->funcs[i] != func)
			continue;
		table->paper.cursor = i;
		return true;
	}
	return false;
}

/* The first line goes to the head. */
static void take_head(struct table *table)
{
	struct buf *text = &table->paper.text;
	const char *end = text->failed ? NULL : memchr(text->data, '\n', text->len);
	size_t len = end ? (size_t)(end - text->data) : 0;

	buf_reset(&table->head);
	if (!end)
		return;
	buf_add(&table->head, text->data, len);
	memmove(text->data, end + 1, text->len - len - 1);
	text->len -= len + 1;
}

int table_make(struct table *table, const struct sink_config *config, struct func_names *names)
{
	uint32_t func = table_func(table);
	size_t count;
	struct stats_row *rows = stats_rows(config->stats, config->sort, &count);
	uint32_t *funcs = reallocarray(table->funcs, count ? count : 1, sizeof(*funcs));
	int err = funcs ? 0 : -ENOMEM;

	if (funcs)
		table->funcs = funcs;
	for (size_t i = 0; i < count && !err; i++)
		funcs[i] = rows[i].func;
	free(rows);
	table->nfuncs = err ? 0 : count;
	paper_reset(&table->paper);
	if (!err)
		err = stats_table_within(&table->paper.text, config, names, 0, spare);
	take_head(table);
	if (!err)
		err = paper_split(&table->paper);
	table_go_to(table, func);
	return err;
}

enum stats_key table_next_key(enum stats_key key)
{
	static const enum stats_key next[STATS_KEYS] = {
		[STATS_CALLS] = STATS_ERRORS, [STATS_ERRORS] = STATS_TOTAL,
		[STATS_TOTAL] = STATS_SELF,   [STATS_SELF] = STATS_AVG,
		[STATS_AVG] = STATS_MIN,      [STATS_MIN] = STATS_P50,
		[STATS_P50] = STATS_P90,      [STATS_P90] = STATS_P99,
		[STATS_P99] = STATS_MAX,      [STATS_MAX] = STATS_NAME,
		[STATS_NAME] = STATS_CALLS,
	};

	return next[key];
}
