/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/stats_table.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/digits.h"
#include "base/escape.h"
#include "sink/colors.h"
#include "sink/duration.h"

#define BAR 40 /* characters of the fullest line of a histogram */

enum cell_kind { CELL_COUNT, CELL_ERRORS, CELL_TIME, CELL_NEAR };

/* The columns before FUNCTION. A `~` stands in the gap before its column. */
enum cell_when { ALWAYS, WITH_WAITS };

static const struct column {
	const char *name;
	enum cell_kind kind;
	unsigned int gap;   /* blanks in front */
	unsigned int least; /* characters */
	size_t at;          /* in struct stats_row */
	enum cell_when when;
} columns[] = {
#define COLUMN(name, kind, gap, least, field, when)                             \
	{                                                                       \
		name, kind, gap, least, offsetof(struct stats_row, field), when \
	}
	COLUMN("CALLS", CELL_COUNT, 0, 5, calls, ALWAYS),
	COLUMN("ERRORS", CELL_ERRORS, 2, 6, errors, ALWAYS),
	COLUMN("TOTAL", CELL_TIME, 2, 7, total, ALWAYS),
	COLUMN("SELF", CELL_TIME, 2, 7, self, ALWAYS),
	COLUMN("RUN", CELL_TIME, 2, 7, run, WITH_WAITS),
	COLUMN("WAIT", CELL_TIME, 2, 7, wait, WITH_WAITS),
	COLUMN("SYSCALL", CELL_TIME, 2, 7, syscall, WITH_WAITS),
	COLUMN("AVG", CELL_TIME, 2, 7, avg, ALWAYS),
	COLUMN("MIN", CELL_TIME, 2, 7, min, ALWAYS),
	COLUMN("P50", CELL_NEAR, 1, 8, p50, ALWAYS),
	COLUMN("P90", CELL_NEAR, 1, 8, p90, ALWAYS),
	COLUMN("P99", CELL_NEAR, 1, 8, p99, ALWAYS),
	COLUMN("MAX", CELL_TIME, 2, 7, max, ALWAYS),
#undef COLUMN
};

#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

struct cell {
	char text[1 + DURATION_MAX];
	unsigned int len;
	const char *color; /* NULL: none */
};

struct table {
	struct buf *buf;
	const struct sink_config *config;
	struct func_names *names;
	const struct stats_row *rows;
	size_t count;
	unsigned int widths[COLUMNS];
	bool hidden[COLUMNS];
};

#define NAME_ROOM 24 /* that a narrow screen leaves to names */

/* Columns that it has no room for go in this order. */
static const char *const spare_columns[] = {"P50", "P90", "MIN",    "SELF",    "P99",
					    "AVG", "RUN", "ERRORS", "SYSCALL", NULL};

const char *const stats_columns[STATS_KEYS] = {
	[STATS_TOTAL] = "TOTAL",   [STATS_CALLS] = "CALLS",   [STATS_SELF] = "SELF",
	[STATS_AVG] = "AVG",       [STATS_MIN] = "MIN",       [STATS_P50] = "P50",
	[STATS_P90] = "P90",       [STATS_P99] = "P99",       [STATS_MAX] = "MAX",
	[STATS_ERRORS] = "ERRORS", [STATS_NAME] = "FUNCTION",
};

static void make_cell(const struct stats_row *row, const struct column *column, struct cell *cell)
{
	char *to = cell->text;
	uint64_t value;

	memcpy(&value, (const char *)row + column->at, sizeof(value));
	cell->color = NULL;
	switch (column->kind) {
	case CELL_ERRORS:
		if (!row->errors_known) {
			*to++ = '-';
			break;
		}
		cell->color = value ? RED : NULL;
		/* fallthrough */
	case CELL_COUNT:
		to = digits_put(to, value);
		break;
	case CELL_NEAR:
		*to++ = '~';
		/* fallthrough */
	case CELL_TIME:
		to = duration_put(to, value);
		cell->color = duration_color(value);
		break;
	}
	cell->len = (unsigned int)(to - cell->text);
}

static bool is_timed(const struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (stats_row_timed(&table->rows[i]))
			return table->config->waits;
	return false;
}

static void measure(struct table *table)
{
	bool timed = is_timed(table);
	struct cell cell;

	for (size_t c = 0; c < COLUMNS; c++) {
		table->hidden[c] = columns[c].when == WITH_WAITS && !timed;
		table->widths[c] = columns[c].least;
		for (size_t i = 0; i < table->count; i++) {
			make_cell(&table->rows[i], &columns[c], &cell);
			if (table->widths[c] < cell.len)
				table->widths[c] = cell.len;
		}
	}
}

static unsigned int width_of(const struct table *table)
{
	unsigned int width = 2;

	for (size_t c = 0; c < COLUMNS; c++)
		width += table->hidden[c] ? 0 : columns[c].gap + table->widths[c];
	return width;
}

/* What is cut is to be the end of names, not all of them; what the lines are in order of stays. */
static void make_room(struct table *table, const char *const *spare)
{
	const char *kept = stats_columns[table->config->sort];

	for (; *spare && table->config->height && table->config->width > 0 &&
	       width_of(table) + NAME_ROOM > (unsigned int)table->config->width;
	     spare++)
		for (size_t c = 0; c < COLUMNS; c++)
			table->hidden[c] |= strcmp(columns[c].name, kept) != 0 &&
					    !strcmp(columns[c].name, *spare);
}

static void add_header(const struct table *table)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		if (table->hidden[c])
			continue;
		buf_fill(table->buf, ' ',
			 columns[c].gap + table->widths[c] - strlen(columns[c].name));
		buf_adds(table->buf, columns[c].name);
	}
	buf_adds(table->buf, "  FUNCTION\n");
}

/* With several executables, whose function it is. */
static void add_name(const struct table *table, uint32_t func)
{
	const struct func_name *name = func_names_get(table->names, func);
	const struct catalog *catalog = table->config->catalog;
	const char *path = catalog_exe_of(catalog, func)->path;

	buf_add(table->buf, name->text, name->len);
	if (catalog->nexes < 2 || !path)
		return;
	buf_adds(table->buf, " of ");
	escape_text(table->buf, path, strlen(path));
}

static void add_row(const struct table *table, const struct stats_row *row)
{
	struct cell cell;

	for (size_t c = 0; c < COLUMNS; c++) {
		const char *color;

		if (table->hidden[c])
			continue;
		make_cell(row, &columns[c], &cell);
		color = table->config->color ? cell.color : NULL;
		buf_fill(table->buf, ' ', columns[c].gap + table->widths[c] - cell.len);
		if (color)
			buf_adds(table->buf, color);
		buf_add(table->buf, cell.text, cell.len);
		if (color)
			buf_adds(table->buf, PLAIN);
	}
	buf_adds(table->buf, "  ");
	add_name(table, row->func);
	buf_addc(table->buf, '\n');
}

static void add_note(const struct table *table, uint64_t count, const char *one, const char *many)
{
	if (!count)
		return;
	if (table->config->color)
		buf_adds(table->buf, RED);
	buf_adds(table->buf, "-- ");
	buf_addu(table->buf, count);
	buf_adds(table->buf, count == 1 ? one : many);
	buf_adds(table->buf, " --");
	if (table->config->color)
		buf_adds(table->buf, PLAIN);
	buf_addc(table->buf, '\n');
}

/* Calls from `from` on, to below twice that; 0: those of 0 ns and of 1 ns. */
struct octave {
	uint64_t from, to, calls;
};

/* The durations by powers of two; returns how many there are up to the longest. */
static unsigned int find_octaves(const struct ft_stats *stats, struct octave *octaves)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < 64; i++)
		octaves[i] = (struct octave){i ? 1ull << i : 0, 2ull << i % 63, 0};
	for (uint32_t i = 0; i < FT_BUCKETS; i++) {
		uint64_t low = ft_bucket_low(i);
		unsigned int octave = 63 - (unsigned int)__builtin_clzll(low | 1);

		octaves[octave].calls += stats->buckets[i];
		if (stats->buckets[i])
			used = octave + 1;
	}
	return used;
}

static void add_time(struct buf *buf, uint64_t ns)
{
	char text[DURATION_MAX];
	size_t len = (size_t)(duration_put(text, ns) - text);

	buf_fill(buf, ' ', len < 7 ? 7 - len : 0);
	buf_add(buf, text, len);
}

static void add_octave(const struct table *table, const struct octave *octave, uint64_t most,
		       bool open)
{
	unsigned int width = digits_count(octave->calls);

	buf_addc(table->buf, ' ');
	add_time(table->buf, octave->from);
	buf_adds(table->buf, " .. ");
	if (open)
		buf_fill(table->buf, ' ', 7);
	else
		add_time(table->buf, octave->to);
	buf_fill(table->buf, ' ', width < 9 ? 11 - width : 2);
	buf_addu(table->buf, octave->calls);
	if (octave->calls) {
		/* Not too little to be seen; a count may be large enough to overflow a product. */
		uint64_t bar =
			most / BAR ? octave->calls / (most / BAR) : octave->calls * BAR / most;

		buf_adds(table->buf, "  ");
		buf_fill(table->buf, '#', bar < 1 ? 1 : bar > BAR ? BAR : bar);
	}
	buf_addc(table->buf, '\n');
}

/* What its calls waited for, and how often, in the columns of the durations. */
static void add_reason(const struct table *table, const struct reason *reason)
{
	unsigned int width = digits_count(reason->waits);

	buf_adds(table->buf, "     waited ");
	add_time(table->buf, reason->ns);
	buf_fill(table->buf, ' ', width < 9 ? 11 - width : 2);
	buf_addu(table->buf, reason->waits);
	buf_adds(table->buf, "  ");
	if (reason->name)
		escape_text(table->buf, reason->name, strlen(reason->name));
	else
		buf_adds(table->buf, "other reasons");
	buf_addc(table->buf, '\n');
}

static void add_histogram(const struct table *table, const struct stats_row *row)
{
	struct octave octaves[64];
	unsigned int used = find_octaves(row->stats, octaves), first = 0;
	uint64_t most = 0;

	for (unsigned int i = 0; i < used; i++)
		if (octaves[i].calls > most)
			most = octaves[i].calls;
	while (first < used && !octaves[first].calls)
		first++;
	buf_addc(table->buf, '\n');
	add_name(table, row->func);
	buf_addc(table->buf, '\n');
	for (unsigned int i = first; i < used; i++)
		add_octave(table, &octaves[i], most, 2ull << i > ft_bucket_low(FT_BUCKETS - 1));
	for (size_t i = 0; table->config->waits && i < row->waits->count; i++)
		add_reason(table, &row->waits->list[i]);
}

int stats_table(struct buf *buf, const struct sink_config *config, struct func_names *names,
		uint64_t lost)
{
	return stats_table_within(buf, config, names, lost, spare_columns);
}

int stats_table_within(struct buf *buf, const struct sink_config *config, struct func_names *names,
		       uint64_t lost, const char *const *spare)
{
	struct table table = {.buf = buf, .config = config, .names = names};
	struct stats_row *rows = stats_rows(config->stats, config->sort, &table.count);

	if (!rows && stats_calls(config->stats))
		return -ENOMEM;
	if (!rows)
		table.count = 0;
	table.rows = rows;
	measure(&table);
	make_room(&table, spare);
	add_header(&table);
	for (size_t i = 0; i < table.count; i++)
		add_row(&table, &rows[i]);
	add_note(&table, stats_untimed(config->stats),
		 " call is not counted: it did not end, or was not seen to begin",
		 " calls are not counted: they did not end, or were not seen to begin");
	add_note(&table, lost, " record was lost: there were more calls than these",
		 " records were lost: there were more calls than these");
	for (size_t i = 0; config->histogram && i < table.count; i++)
		add_histogram(&table, &rows[i]);
	free(rows);
	return buf->failed ? -ENOMEM : 0;
}
