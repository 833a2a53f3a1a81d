/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/diff_table.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/digits.h"
#include "base/width.h"
#include "sink/duration.h"

#define RED   "\033[31m"
#define GREEN "\033[32m"
#define PLAIN "\033[0m"

/* Longer names push their own line aside, and no other. */
#define NAME_MAX_WIDTH 60

struct column {
	const char *name;
	enum stats_key key;
	bool changes; /* by how much, not only by what part */
};

static const struct column usual[] = {
	{"CALLS", STATS_CALLS, true},
	{"TOTAL", STATS_TOTAL, true},
	{"P50", STATS_P50, false},
	{"P99", STATS_P99, false},
};

#define USUAL (sizeof(usual) / sizeof(usual[0]))

static const char *const key_names[STATS_KEYS] = {
	[STATS_SELF] = "SELF", [STATS_AVG] = "AVG", [STATS_MIN] = "MIN",
	[STATS_P90] = "P90",   [STATS_MAX] = "MAX", [STATS_ERRORS] = "ERRORS",
};

struct cell {
	char value[DURATION_MAX + 1];
	char change[1 + DURATION_MAX + 3 + DIFF_PERCENT_MAX];
	const char *color; /* of the change; NULL: none */
};

struct table {
	struct buf *buf;
	struct func_names *names;
	bool color;
	struct column columns[USUAL + 1];
	size_t ncolumns;
	unsigned int values[USUAL + 1], changes[USUAL + 1]; /* widths */
	unsigned int name;
};

/* The usual ones; what is sorted by has both, behind TOTAL where it is none of them. */
static void choose_columns(struct table *table, enum stats_key key)
{
	for (size_t i = 0; i < USUAL; i++) {
		struct column *column = &table->columns[table->ncolumns++];

		*column = usual[i];
		column->changes |= column->key == key;
		if (column->key == STATS_TOTAL && key_names[key])
			table->columns[table->ncolumns++] =
				(struct column){key_names[key], key, true};
	}
}

void diff_percent(char *to, const struct diff_change *change)
{
	const char *sign = !change->by ? "" : change->less ? "-" : "+";

	if (isinf(change->percent))
		snprintf(to, DIFF_PERCENT_MAX, "from 0");
	else
		snprintf(to, DIFF_PERCENT_MAX, "%s%.*f %%", sign,
			 change->by && change->percent < 10 ? 1 : 0, change->percent);
}

static void put_value(char *to, enum stats_key key, uint64_t value)
{
	bool counts = key == STATS_CALLS || key == STATS_ERRORS;
	char *end = counts ? digits_put(to, value) : duration_put(to, value);

	*end = '\0';
}

static void make_cell(const struct diff_row *row, const struct column *column, struct cell *cell)
{
	struct diff_change change = diff_change(row, column->key);
	const struct stats_row *after = &row->of[DIFF_AFTER];
	bool adds_up = column->key == STATS_CALLS || column->key == STATS_TOTAL ||
		       column->key == STATS_SELF;
	char percent[DIFF_PERCENT_MAX], by[DURATION_MAX + 1];

	*cell = (struct cell){.value = "-"};
	/* Of what was not called there is no median; the time that it took is none. */
	if (row->has[DIFF_AFTER] ? column->key != STATS_ERRORS || after->errors_known : adds_up)
		put_value(cell->value, column->key, stats_value(after, column->key));
	if (!row->has[DIFF_BEFORE])
		snprintf(percent, sizeof(percent), "new");
	else if (!row->has[DIFF_AFTER])
		snprintf(percent, sizeof(percent), "gone");
	else if (change.known)
		diff_percent(percent, &change);
	else
		snprintf(percent, sizeof(percent), "-");
	if (change.by && column->key != STATS_CALLS)
		cell->color = change.less ? GREEN : RED;
	put_value(by, column->key, change.by);
	if (column->changes && change.known)
		snprintf(cell->change, sizeof(cell->change), "%s%s (%s)", change.less ? "-" : "+",
			 by, percent);
	else
		snprintf(cell->change, sizeof(cell->change), "(%s)", percent);
}

static void widen(unsigned int *width, size_t len)
{
	if (*width < len)
		*width = (unsigned int)len;
}

static void measure(struct table *table, const struct diff_row *rows, size_t count)
{
	struct cell cell;

	table->name = (unsigned int)strlen("FUNCTION");
	for (size_t i = 0; i < count; i++) {
		unsigned int width = func_names_get(table->names, rows[i].func)->width;

		widen(&table->name, width < NAME_MAX_WIDTH ? width : NAME_MAX_WIDTH);
	}
	for (size_t c = 0; c < table->ncolumns; c++) {
		table->values[c] = (unsigned int)strlen(table->columns[c].name);
		for (size_t i = 0; i < count; i++) {
			make_cell(&rows[i], &table->columns[c], &cell);
			widen(&table->values[c], strlen(cell.value));
			widen(&table->changes[c], strlen(cell.change));
		}
	}
}

/* Blanks between the value and its change. */
static unsigned int gap(const struct column *column)
{
	return column->changes ? 2 : 1;
}

static void add_header(const struct table *table)
{
	struct buf *buf = table->buf;

	buf_adds(buf, "FUNCTION");
	buf_fill(buf, ' ', table->name - strlen("FUNCTION"));
	for (size_t c = 0; c < table->ncolumns; c++) {
		const struct column *column = &table->columns[c];

		buf_fill(buf, ' ', 2 + table->values[c] - strlen(column->name));
		buf_adds(buf, column->name);
		if (c + 1 < table->ncolumns)
			buf_fill(buf, ' ', gap(column) + table->changes[c]);
	}
	buf_addc(buf, '\n');
}

static void add_cell(const struct table *table, size_t c, const struct cell *cell)
{
	const char *color = table->color ? cell->color : NULL;
	size_t value = strlen(cell->value), change = strlen(cell->change);
	struct buf *buf = table->buf;

	buf_fill(buf, ' ', 2 + table->values[c] - value);
	buf_add(buf, cell->value, value);
	buf_fill(buf, ' ', gap(&table->columns[c]));
	if (color)
		buf_adds(buf, color);
	buf_add(buf, cell->change, change);
	if (color)
		buf_adds(buf, PLAIN);
	if (c + 1 < table->ncolumns)
		buf_fill(buf, ' ', table->changes[c] - change);
}

static void add_row(const struct table *table, const struct diff_row *row)
{
	const struct func_name *name = func_names_get(table->names, row->func);
	struct cell cell;

	buf_add(table->buf, name->text, name->len);
	if (name->width < table->name)
		buf_fill(table->buf, ' ', table->name - name->width);
	for (size_t c = 0; c < table->ncolumns; c++) {
		make_cell(row, &table->columns[c], &cell);
		add_cell(table, c, &cell);
	}
	buf_addc(table->buf, '\n');
}

int diff_table(struct buf *buf, const struct sink_config *config, struct func_names *names,
	       const struct diff_row *rows, size_t count)
{
	struct table table = {.buf = buf, .names = names, .color = config->color};

	choose_columns(&table, config->sort);
	measure(&table, rows, count);
	add_header(&table);
	for (size_t i = 0; i < count; i++)
		add_row(&table, &rows[i]);
	return buf->failed || names->failed ? -ENOMEM : 0;
}
