/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/diff.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/short_names.h"
#include "base/vec.h"

struct count {
	uint32_t bucket;
	uint64_t calls;
};

/* A function of one side. */
struct entry {
	char *name;
	struct stats_row row;
	size_t first, ncounts; /* in `counts` of the side */
};

/* In order of name. */
struct side {
	struct entry *entries;
	size_t count, cap;
	struct count *counts;
	size_t ncounts, capcounts;
	uint64_t time;
	bool whole_names; /* text is not to shorten them */
};

struct diff {
	struct side sides[DIFF_SIDES];
	struct catalog catalog;
	struct short_names names;
};

struct diff *diff_new(void)
{
	return calloc(1, sizeof(struct diff));
}

void diff_free(struct diff *diff)
{
	if (!diff)
		return;
	for (int i = 0; i < DIFF_SIDES; i++) {
		struct side *side = &diff->sides[i];

		for (size_t k = 0; k < side->count; k++)
			free(side->entries[k].name);
		free(side->entries);
		free(side->counts);
	}
	catalog_release(&diff->catalog);
	short_names_release(&diff->names);
	free(diff);
}

static int keep_buckets(struct side *side, struct entry *entry, const struct ft_stats *stats)
{
	entry->first = side->ncounts;
	for (uint32_t i = 0; i < FT_BUCKETS; i++) {
		struct count *slot;

		if (!stats->buckets[i])
			continue;
		slot = vec_push(&side->counts, &side->ncounts, &side->capcounts);
		if (!slot)
			return -ENOMEM;
		*slot = (struct count){i, stats->buckets[i]};
	}
	entry->ncounts = side->ncounts - entry->first;
	return 0;
}

static int keep(struct side *side, const char *name, const struct stats_row *row)
{
	struct entry *entry = vec_push(&side->entries, &side->count, &side->cap);

	if (!entry)
		return -ENOMEM;
	*entry = (struct entry){.name = strdup(name), .row = *row};
	entry->row.stats = NULL;
	side->time += row->self;
	return entry->name ? keep_buckets(side, entry, row->stats) : -ENOMEM;
}

/* `count` functions of one name. */
static int keep_sum(struct side *side, const struct catalog *catalog, const char *name,
		    const struct stats_row *rows, size_t count)
{
	struct stats *sum;
	struct stats_row *row = NULL;
	bool errors_known = true;
	int err = 0;

	if (count == 1)
		return keep(side, name, rows);
	sum = stats_new(catalog);
	for (size_t i = 0; i < count; i++)
		errors_known &= rows[i].errors_known;
	for (size_t i = 0; sum && i < count && !err; i++)
		err = stats_add_kernel(sum, rows[0].func, rows[i].stats, errors_known);
	if (sum && !err)
		row = stats_rows(sum, STATS_NAME, &count);
	err = row ? keep(side, name, row) : -ENOMEM;
	free(row);
	stats_free(sum);
	return err;
}

int diff_add(struct diff *diff, enum diff_side which, const struct stats *stats,
	     const struct catalog *catalog)
{
	struct side *side = &diff->sides[which];
	size_t count, next;
	struct stats_row *rows = stats_rows(stats, STATS_NAME, &count);
	int err = !rows && stats_calls(stats) ? -ENOMEM : 0;

	side->whole_names = true;
	for (size_t i = 0; i < catalog->nexes; i++)
		side->whole_names &= !catalog->exes[i].names;
	for (size_t i = 0; rows && i < count && !err; i = next) {
		const char *name = catalog_func(catalog, rows[i].func)->name;

		for (next = i + 1; next < count; next++)
			if (strcmp(catalog_func(catalog, rows[next].func)->name, name) != 0)
				break;
		err = keep_sum(side, catalog, name, &rows[i], next - i);
	}
	free(rows);
	return err;
}

static struct diff_change change_of(uint64_t before, uint64_t after)
{
	struct diff_change change = {
		.known = true,
		.less = after < before,
		.by = after < before ? before - after : after - before,
	};

	if (change.by)
		change.percent =
			before ? (double)change.by * 100 / (double)before : (double)INFINITY;
	return change;
}

struct diff_change diff_change(const struct diff_row *row, enum stats_key key)
{
	const struct stats_row *before = &row->of[DIFF_BEFORE], *after = &row->of[DIFF_AFTER];

	if (key == STATS_ERRORS && ((row->has[DIFF_BEFORE] && !before->errors_known) ||
				    (row->has[DIFF_AFTER] && !after->errors_known)))
		return (struct diff_change){0};
	return change_of(stats_value(before, key), stats_value(after, key));
}

/* While the rows are put in order. */
struct sorted {
	bool known;
	uint64_t weight;
	struct diff_row row;
};

static int compare(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;

	if (x->known != y->known)
		return x->known ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	/* They were numbered in order of name. */
	return (x->row.func > y->row.func) - (x->row.func < y->row.func);
}

/* The next function in order of name; `at` counts what of each side is done. */
static const char *next_row(const struct diff *diff, size_t *at, struct diff_row *row)
{
	const char *name = NULL;

	*row = (struct diff_row){0};
	for (int i = 0; i < DIFF_SIDES; i++) {
		const struct side *side = &diff->sides[i];

		if (at[i] < side->count &&
		    (!name || strcmp(side->entries[at[i]].name, name) < 0))
			name = side->entries[at[i]].name;
	}
	for (int i = 0; name && i < DIFF_SIDES; i++) {
		const struct side *side = &diff->sides[i];

		if (at[i] == side->count || strcmp(side->entries[at[i]].name, name) != 0)
			continue;
		row->has[i] = true;
		row->at[i] = at[i];
		row->of[i] = side->entries[at[i]++].row;
	}
	return name;
}

/* The functions of both sides, in order of name. */
static int join(struct diff *diff, enum stats_key key, struct sorted *sorted, size_t *count)
{
	size_t at[DIFF_SIDES] = {0};
	const char *name;

	while ((name = next_row(diff, at, &sorted[*count].row))) {
		struct sorted *to = &sorted[*count];
		struct diff_change change = diff_change(&to->row, key);

		to->row.func = (uint32_t)*count;
		to->known = key == STATS_NAME || change.known;
		to->weight = key == STATS_NAME ? 0 : change.by;
		if (catalog_add_func(&diff->catalog, &(struct catalog_func){.name = name}) ||
		    short_names_add(&diff->names, name))
			return -ENOMEM;
		++*count;
	}
	short_names_seal(&diff->names);
	return 0;
}

/* What text knows of names; anew, where rows were asked for before. */
static int begin_names(struct diff *diff)
{
	bool whole = true;

	catalog_release(&diff->catalog);
	short_names_release(&diff->names);
	for (int i = 0; i < DIFF_SIDES; i++)
		whole &= !diff->sides[i].count || diff->sides[i].whole_names;
	return catalog_add_exe(&diff->catalog,
			       &(struct catalog_exe){.names = whole ? NULL : &diff->names});
}

struct diff_row *diff_rows(struct diff *diff, enum stats_key key, size_t *count)
{
	size_t most = diff->sides[DIFF_BEFORE].count + diff->sides[DIFF_AFTER].count, n = 0;
	struct sorted *sorted = calloc(most + 1, sizeof(*sorted));
	struct diff_row *rows = NULL;

	*count = 0;
	if (sorted && !begin_names(diff) && !join(diff, key, sorted, &n) && n)
		rows = calloc(n, sizeof(*rows));
	if (rows) {
		qsort(sorted, n, sizeof(*sorted), compare);
		for (size_t i = 0; i < n; i++)
			rows[i] = sorted[i].row;
		*count = n;
	}
	free(sorted);
	return rows;
}

const struct catalog *diff_catalog(const struct diff *diff)
{
	return &diff->catalog;
}

void diff_buckets(const struct diff *diff, const struct diff_row *row, enum diff_side which,
		  struct ft_stats *stats)
{
	const struct side *side = &diff->sides[which];
	const struct entry *entry = &side->entries[row->at[which]];

	memset(stats->buckets, 0, sizeof(stats->buckets));
	for (size_t i = 0; row->has[which] && i < entry->ncounts; i++) {
		const struct count *count = &side->counts[entry->first + i];

		stats->buckets[count->bucket] = count->calls;
	}
}

uint64_t diff_time(const struct diff *diff, enum diff_side side)
{
	return diff->sides[side].time;
}
