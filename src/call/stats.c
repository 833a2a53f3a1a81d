/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/stats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct counted {
	struct ft_stats *stats; /* NULL: not called yet */
	bool errors_known;
	struct reasons waits;
	uint64_t last_wait; /* its number */
};

struct stats {
	const struct catalog *catalog;
	struct counted *funcs; /* by id */
	size_t count;          /* of them */
	uint64_t calls, untimed;
	uint64_t cleared; /* calls */
	uint64_t waits;   /* the number of the newest one, from 1 */
};

struct stats *stats_new(const struct catalog *catalog)
{
	struct stats *stats = calloc(1, sizeof(*stats));

	if (stats)
		stats->catalog = catalog;
	return stats;
}

void stats_free(struct stats *stats)
{
	if (!stats)
		return;
	for (size_t i = 0; i < stats->count; i++) {
		free(stats->funcs[i].stats);
		reasons_release(&stats->funcs[i].waits);
	}
	free(stats->funcs);
	free(stats);
}

/* Makes room for the functions that the catalog has by now. */
static int grow(struct stats *stats)
{
	size_t count = stats->catalog->nfuncs;
	struct counted *funcs = reallocarray(stats->funcs, count, sizeof(*funcs));

	if (!funcs)
		return -ENOMEM;
	stats->funcs = funcs;
	for (; stats->count < count; stats->count++)
		funcs[stats->count] = (struct counted){
			.errors_known =
				catalog_func(stats->catalog, (uint32_t)stats->count)->errors_known,
		};
	return 0;
}

/* What to add to; *to is NULL when there is no such function. 0 or -ENOMEM. */
static int find(struct stats *stats, uint32_t func, struct counted **to)
{
	*to = NULL;
	if (func >= stats->catalog->nfuncs)
		return 0;
	if (func >= stats->count && grow(stats))
		return -ENOMEM;
	if (!stats->funcs[func].stats)
		stats->funcs[func].stats = calloc(1, sizeof(*stats->funcs[func].stats));
	if (!stats->funcs[func].stats)
		return -ENOMEM;
	*to = &stats->funcs[func];
	return 0;
}

int stats_add(struct stats *stats, uint32_t func, const struct stats_call *call)
{
	struct counted *counted;
	struct ft_stats *to;
	int ret = find(stats, func, &counted);

	if (!counted)
		return ret;
	to = counted->stats;
	if (!to->calls || call->duration < to->min)
		to->min = call->duration;
	if (call->duration > to->max)
		to->max = call->duration;
	to->calls++;
	to->errors += call->failed;
	to->sum += call->duration;
	to->total += call->total;
	to->self += call->self;
	to->run += call->run;
	to->wait += call->wait;
	to->syscall += call->syscall;
	to->buckets[ft_bucket(call->duration)]++;
	stats->calls++;
	return 0;
}

static int add_reason(struct stats *stats, uint32_t func, const char *reason, uint64_t ns)
{
	struct counted *counted;

	if (func >= stats->catalog->nfuncs)
		return 0;
	if (func >= stats->count && grow(stats))
		return -ENOMEM;
	counted = &stats->funcs[func];
	if (counted->last_wait == stats->waits)
		return 0;
	counted->last_wait = stats->waits;
	return reasons_add(&counted->waits, reason, ns);
}

int stats_add_wait(struct stats *stats, const struct tree *tree, const struct mark *mark)
{
	const struct mark_detail *detail;
	int err = 0;

	if (!mark->kind->waits || mark->open || mark->end < mark->start)
		return 0;
	detail = tree_mark_detail(tree, mark);
	stats->waits++;
	for (uint32_t at = mark->call; at != CALL_NONE && !err; at = tree->calls[at].parent)
		err = add_reason(stats, tree->calls[at].func, detail ? detail->name : NULL,
				 mark->end - mark->start);
	return err;
}

void stats_add_untimed(struct stats *stats)
{
	stats->untimed++;
}

int stats_add_kernel(struct stats *stats, uint32_t func, const struct ft_stats *kernel,
		     bool errors_known)
{
	struct counted *counted = NULL;
	struct ft_stats *to;
	int ret = kernel->calls ? find(stats, func, &counted) : 0;

	if (!counted)
		return ret;
	counted->errors_known = errors_known;
	to = counted->stats;
	if (!to->calls || kernel->min < to->min)
		to->min = kernel->min;
	if (kernel->max > to->max)
		to->max = kernel->max;
	to->calls += kernel->calls;
	to->errors += kernel->errors;
	to->sum += kernel->sum;
	to->total += kernel->total;
	to->self += kernel->self;
	to->run += kernel->run;
	to->wait += kernel->wait;
	to->syscall += kernel->syscall;
	for (size_t i = 0; i < FT_BUCKETS; i++)
		to->buckets[i] += kernel->buckets[i];
	stats->calls += kernel->calls;
	return 0;
}

void stats_clear(struct stats *stats)
{
	for (size_t i = 0; i < stats->count; i++) {
		free(stats->funcs[i].stats);
		stats->funcs[i].stats = NULL;
		reasons_release(&stats->funcs[i].waits);
	}
	stats->cleared += stats->calls;
	stats->calls = stats->untimed = 0;
}

/* The middle of what the call that makes `percent` of `all` full can have taken. */
static uint64_t percentile(const struct ft_stats *stats, uint64_t all, unsigned int percent)
{
	uint64_t rank = all / 100 * percent + (all % 100 * percent + 99) / 100, seen = 0;
	uint64_t low, high;
	uint32_t i = 0;

	/* Of few calls it is one that is known. */
	if (rank >= all)
		return stats->max;
	if (rank <= 1)
		return stats->min;
	while (i < FT_BUCKETS - 1 && (seen += stats->buckets[i]) < rank)
		i++;
	low = ft_bucket_low(i);
	high = i < FT_BUCKETS - 1 ? ft_bucket_low(i + 1) - 1 : stats->max;
	if (low < stats->min)
		low = stats->min;
	if (high > stats->max)
		high = stats->max;
	return low < high ? low + (high - low) / 2 : high;
}

static struct stats_row make_row(const struct stats *stats, uint32_t func)
{
	const struct ft_stats *from = stats->funcs[func].stats;
	uint64_t all = 0;

	/* Not `calls`: the kernel may have been in the middle of adding one. */
	for (size_t i = 0; i < FT_BUCKETS; i++)
		all += from->buckets[i];
	return (struct stats_row){
		.func = func,
		.errors_known = stats->funcs[func].errors_known,
		.calls = from->calls,
		.errors = from->errors,
		.total = from->total,
		.self = from->self,
		.run = from->run,
		.wait = from->wait,
		.syscall = from->syscall,
		.min = from->min,
		.avg = from->sum / from->calls,
		.p50 = percentile(from, all, 50),
		.p90 = percentile(from, all, 90),
		.p99 = percentile(from, all, 99),
		.max = from->max,
		.stats = from,
		.waits = &stats->funcs[func].waits,
	};
}

/* While the rows are put in order. */
struct sorted {
	uint64_t weight;
	const char *name;
	struct stats_row row;
};

uint64_t stats_value(const struct stats_row *row, enum stats_key key)
{
	switch (key) {
	case STATS_CALLS:
		return row->calls;
	case STATS_SELF:
		return row->self;
	case STATS_AVG:
		return row->avg;
	case STATS_MIN:
		return row->min;
	case STATS_P50:
		return row->p50;
	case STATS_P90:
		return row->p90;
	case STATS_P99:
		return row->p99;
	case STATS_MAX:
		return row->max;
	case STATS_ERRORS:
		return row->errors;
	default:
		return row->total;
	}
}

static uint64_t weight(const struct stats_row *row, enum stats_key key)
{
	if (key == STATS_NAME)
		return 0;
	if (key == STATS_ERRORS)
		return row->errors_known ? row->errors + 1 : 0;
	return stats_value(row, key);
}

static int compare(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int order;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	order = strcmp(x->name, y->name);
	if (order)
		return order;
	return (x->row.func > y->row.func) - (x->row.func < y->row.func);
}

struct stats_row *stats_rows(const struct stats *stats, enum stats_key key, size_t *count)
{
	struct sorted *sorted = calloc(stats->count + 1, sizeof(*sorted));
	struct stats_row *rows = NULL;
	size_t n = 0;

	*count = 0;
	for (size_t i = 0; sorted && i < stats->count; i++) {
		struct sorted *to = &sorted[n];

		if (!stats->funcs[i].stats || !stats->funcs[i].stats->calls)
			continue;
		to->row = make_row(stats, (uint32_t)i);
		to->weight = weight(&to->row, key);
		to->name = catalog_func(stats->catalog, (uint32_t)i)->name;
		n++;
	}
	if (n)
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

uint64_t stats_calls(const struct stats *stats)
{
	return stats->calls;
}

uint64_t stats_counted(const struct stats *stats)
{
	return stats->cleared + stats->calls;
}

uint64_t stats_untimed(const struct stats *stats)
{
	return stats->untimed;
}
