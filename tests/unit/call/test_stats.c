/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is counted of each function: buckets, percentiles, orders, and what comes from the kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "call/stats.h"

enum { A, B, C, FUNCS };

static const struct catalog_func funcs[FUNCS] = {
	{.name = "a"}, {.name = "b", .errors_known = true}, {.name = "c"}};
static struct catalog catalog;
static struct stats *stats;

static int make(void **state)
{
	(void)state;
	for (int i = 0; i < FUNCS; i++)
		assert_int_equal(catalog_add_func(&catalog, &funcs[i]), 0);
	stats = stats_new(&catalog);
	return stats ? 0 : -1;
}

static int drop(void **state)
{
	(void)state;
	stats_free(stats);
	catalog_release(&catalog);
	return 0;
}

static void add(uint32_t func, uint64_t duration)
{
	struct stats_call call = {.duration = duration, .total = duration, .self = duration};

	assert_int_equal(stats_add(stats, func, &call), 0);
}

static struct stats_row row_of(uint32_t func)
{
	size_t count;
	struct stats_row *rows = stats_rows(stats, STATS_NAME, &count), row = {.func = UINT32_MAX};

	for (size_t i = 0; i < count; i++)
		if (rows[i].func == func)
			row = rows[i];
	free(rows);
	assert_int_equal(row.func, func);
	return row;
}

/* Each bucket begins where the one before it ends, and is narrow. */
static void buckets_cover_all_durations(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < FT_BUCKETS; i++) {
		uint64_t low = ft_bucket_low(i), next = ft_bucket_low(i + 1);

		assert_true(low < next);
		assert_true(i < 16 ? next - low == 1 : (next - low) * 8 <= low);
		assert_int_equal(ft_bucket(low), i);
		assert_int_equal(ft_bucket(next - 1), i);
	}
	assert_int_equal(ft_bucket_low(0), 0);
	assert_int_equal(ft_bucket_low(FT_BUCKETS), 1ull << 42);
	assert_int_equal(ft_bucket(1ull << 42), FT_BUCKETS - 1);
	assert_int_equal(ft_bucket(1ull << 63), FT_BUCKETS - 1);
	assert_int_equal(ft_bucket(UINT64_MAX), FT_BUCKETS - 1);
}

/* Against the definition: the highest three bits below the first one. */
static void buckets_are_eighths_of_powers_of_two(void **state)
{
	(void)state;
	for (unsigned int bit = 3; bit < 42; bit++)
		for (uint64_t eighth = 0; eighth < 8; eighth++) {
			uint64_t low = (8 + eighth) << (bit - 3);

			assert_int_equal(ft_bucket(low), (bit - 2) * 8 + eighth);
		}
}

static void nothing_called(void **state)
{
	size_t count = 7;

	(void)state;
	assert_null(stats_rows(stats, STATS_TOTAL, &count));
	assert_int_equal(count, 0);
	stats_add_untimed(stats);
	assert_int_equal(stats_untimed(stats), 1);
	assert_int_equal(stats_calls(stats), 0);
	assert_null(stats_rows(stats, STATS_TOTAL, &count));
}

static void no_such_function(void **state)
{
	struct stats_call call = {.duration = 1};
	struct ft_stats kernel = {.calls = 1};

	(void)state;
	assert_int_equal(stats_add(stats, FUNCS, &call), 0);
	assert_int_equal(stats_add(stats, UINT32_MAX, &call), 0);
	assert_int_equal(stats_add_kernel(stats, FUNCS, &kernel, true), 0);
	assert_int_equal(stats_calls(stats), 0);
}

static void sums_and_extremes(void **state)
{
	struct stats_call outer = {.duration = 100, .total = 70, .self = 30};
	struct stats_call failed = {.duration = 21, .total = 21, .self = 21, .failed = true};
	struct stats_row row;

	(void)state;
	stats_add(stats, A, &outer);
	stats_add(stats, A, &failed);
	row = row_of(A);
	assert_int_equal(row.calls, 2);
	assert_int_equal(row.errors, 1);
	assert_int_equal(row.total, 91);
	assert_int_equal(row.self, 51);
	assert_int_equal(row.min, 21);
	assert_int_equal(row.max, 100);
	/* Of the durations, not of what the total has of them. */
	assert_int_equal(row.avg, 60);
	assert_int_equal(stats_calls(stats), 2);
}

static void a_call_of_no_time(void **state)
{
	struct stats_row row;

	(void)state;
	add(A, 50);
	add(A, 0);
	row = row_of(A);
	assert_int_equal(row.min, 0);
	assert_int_equal(row.stats->buckets[0], 1);
}

/* 1, 2 ... 1000 us: each percentile is known, and may be off by a sixteenth. */
static void percentiles_are_near(void **state)
{
	struct stats_row row;

	(void)state;
	for (uint64_t i = 1000; i; i--)
		add(A, i * 1000);
	row = row_of(A);
	assert_true(row.p50 >= 500000 - 500000 / 16 && row.p50 <= 500000 + 500000 / 16);
	assert_true(row.p90 >= 900000 - 900000 / 16 && row.p90 <= 900000 + 900000 / 16);
	assert_true(row.p99 >= 990000 - 990000 / 16 && row.p99 <= 1000000);
	assert_int_equal(ft_bucket(row.p50), ft_bucket(500000));
	assert_int_equal(ft_bucket(row.p90), ft_bucket(900000));
	assert_int_equal(ft_bucket(row.p99), ft_bucket(990000));
}

static void percentiles_are_of_that_rank(void **state)
{
	struct stats_row row;

	(void)state;
	for (int i = 0; i < 89; i++)
		add(A, 10);
	add(A, 11);
	for (int i = 0; i < 9; i++)
		add(A, 12);
	add(A, 15);
	row = row_of(A);
	assert_int_equal(row.p50, 10);
	assert_int_equal(row.p90, 11);
	assert_int_equal(row.p99, 12);
	assert_int_equal(row.max, 15);
}

static void percentiles_of_one_and_of_alike(void **state)
{
	struct stats_row row;

	(void)state;
	add(A, 1001);
	row = row_of(A);
	assert_int_equal(row.p50, 1001);
	assert_int_equal(row.p99, 1001);
	for (int i = 0; i < 200; i++)
		add(B, 1001);
	row = row_of(B);
	assert_int_equal(row.p50, 1001);
	assert_int_equal(row.p90, 1001);
	/* Few of them beyond the last bucket. */
	for (int i = 0; i < 200; i++)
		add(C, UINT64_MAX - 1);
	add(C, 1ull << 50);
	row = row_of(C);
	assert_true(row.p50 >= 1ull << 50);
	assert_int_equal(row.max, UINT64_MAX - 1);
}

static void orders(void **state)
{
	/* calls, errors, sum, total, self, min, max and one bucket, so chosen that each key has an order
	 * of its own. */
	static const struct ft_stats given[FUNCS] = {
		{.calls = 1,
		 .errors = 5,
		 .sum = 90,
		 .total = 10,
		 .self = 20,
		 .min = 90,
		 .max = 90,
		 .buckets = {[24] = 1}},
		{.calls = 3,
		 .errors = 1,
		 .sum = 90,
		 .total = 30,
		 .self = 10,
		 .min = 20,
		 .max = 300,
		 .buckets = {[16] = 2, [40] = 1}},
		{.calls = 2,
		 .errors = 9,
		 .sum = 100,
		 .total = 20,
		 .self = 30,
		 .min = 40,
		 .max = 200,
		 .buckets = {[32] = 2}},
	};
	static const char *const expected[STATS_KEYS] = {
		[STATS_TOTAL] = "bca",  [STATS_CALLS] = "bca", [STATS_SELF] = "cab",
		[STATS_AVG] = "acb",    [STATS_MIN] = "acb",   [STATS_P50] = "acb",
		[STATS_P90] = "bca",    [STATS_P99] = "bca",   [STATS_MAX] = "bca",
		[STATS_ERRORS] = "abc", [STATS_NAME] = "abc",
	};

	(void)state;
	for (uint32_t i = 0; i < FUNCS; i++)
		/* c's 9 errors are not known. */
		assert_int_equal(stats_add_kernel(stats, i, &given[i], i != C), 0);
	for (int key = 0; key < STATS_KEYS; key++) {
		char got[FUNCS + 1] = "";
		size_t count;
		struct stats_row *rows = stats_rows(stats, (enum stats_key)key, &count);

		assert_int_equal(count, FUNCS);
		for (size_t i = 0; i < count; i++)
			got[i] = *funcs[rows[i].func].name;
		free(rows);
		assert_string_equal(got, expected[key]);
	}
}

static void ties_are_in_order_of_name(void **state)
{
	size_t count;
	struct stats_row *rows;

	(void)state;
	add(C, 5);
	add(A, 5);
	rows = stats_rows(stats, STATS_TOTAL, &count);
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].func, A);
	assert_int_equal(rows[1].func, C);
	free(rows);
}

static void what_the_kernel_counted_is_added(void **state)
{
	struct ft_stats kernel = {.calls = 2,
				  .errors = 1,
				  .sum = 30,
				  .total = 25,
				  .self = 20,
				  .min = 5,
				  .max = 25,
				  .buckets = {[5] = 1, [20] = 1}};
	struct ft_stats none = {.min = 0};
	struct stats_row row;

	(void)state;
	add(A, 10);
	assert_int_equal(stats_add_kernel(stats, A, &kernel, true), 0);
	assert_int_equal(stats_add_kernel(stats, A, &none, true), 0);
	assert_int_equal(stats_add_kernel(stats, B, &none, true), 0);
	row = row_of(A);
	assert_int_equal(row.calls, 3);
	assert_int_equal(row.errors, 1);
	assert_int_equal(row.total, 35);
	assert_int_equal(row.self, 30);
	assert_int_equal(row.min, 5);
	assert_int_equal(row.max, 25);
	assert_int_equal(row.avg, 40 / 3);
	assert_int_equal(row.stats->buckets[20], 1);
	assert_int_equal(stats_calls(stats), 3);
}

/* Read while another CPU was adding: a call without its bucket. */
static void halves_from_the_kernel(void **state)
{
	struct ft_stats kernel = {.calls = 1};
	struct stats_row row;

	(void)state;
	stats_add_kernel(stats, A, &kernel, true);
	row = row_of(A);
	assert_int_equal(row.p99, 0);
	kernel = (struct ft_stats){.calls = 1, .min = 9, .max = 3, .buckets = {[4] = 200}};
	stats_add_kernel(stats, B, &kernel, true);
	row = row_of(B);
	assert_true(row.p50 <= 9);
}

static void whether_errors_are_known_is_in_the_catalog(void **state)
{
	struct ft_stats kernel = {.calls = 1, .buckets = {[0] = 1}};

	(void)state;
	add(A, 1);
	add(B, 1);
	assert_false(row_of(A).errors_known);
	assert_true(row_of(B).errors_known);
	/* The kernel may know less of them, or more. */
	assert_int_equal(stats_add_kernel(stats, A, &kernel, true), 0);
	assert_int_equal(stats_add_kernel(stats, B, &kernel, false), 0);
	assert_true(row_of(A).errors_known);
	assert_false(row_of(B).errors_known);
}

static void functions_may_come_later(void **state)
{
	const struct catalog_func later = {.name = "later", .errors_known = true};

	(void)state;
	add(A, 5);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(catalog_add_func(&catalog, &later), 0);
	add(FUNCS + 999, 7);
	assert_int_equal(row_of(FUNCS + 999).max, 7);
	assert_true(row_of(FUNCS + 999).errors_known);
	assert_int_equal(row_of(A).max, 5);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)
	const struct CMUnitTest tests[] = {
		TEST(buckets_cover_all_durations),
		TEST(buckets_are_eighths_of_powers_of_two),
		TEST(nothing_called),
		TEST(no_such_function),
		TEST(sums_and_extremes),
		TEST(a_call_of_no_time),
		TEST(percentiles_are_near),
		TEST(percentiles_are_of_that_rank),
		TEST(percentiles_of_one_and_of_alike),
		TEST(orders),
		TEST(ties_are_in_order_of_name),
		TEST(what_the_kernel_counted_is_added),
		TEST(halves_from_the_kernel),
		TEST(whether_errors_are_known_is_in_the_catalog),
		TEST(functions_may_come_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
