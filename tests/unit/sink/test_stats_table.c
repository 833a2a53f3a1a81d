/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the recorded cases of the table do not show: large numbers, odd names, colours, the bars of a
 * histogram, and that the lines for programs hold the same figures.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "sink/stats_json.h"
#include "sink/stats_table.h"

#define HEADER \
	"CALLS  ERRORS    TOTAL     SELF      AVG      MIN      P50      P90      P99      MAX  FUNCTION\n"

static const struct catalog_func funcs[] = {
	{.name = "main.a"}, {.name = "main.b\x1b[31m\"\n"}, {.name = "c"}};
static struct catalog catalog;
static struct stats *stats;
static struct func_names names;
static struct sink_config config;
static struct buf out;

static int make(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(catalog_add_func(&catalog, &funcs[i]), 0);
	stats = stats_new(&catalog);
	config = (struct sink_config){.catalog = &catalog, .stats = stats};
	return stats ? 0 : -1;
}

static int drop(void **state)
{
	(void)state;
	stats_free(stats);
	catalog_release(&catalog);
	func_names_release(&names);
	buf_release(&out);
	return 0;
}

static void add(uint32_t func, const struct ft_stats *one)
{
	assert_int_equal(stats_add_kernel(stats, func, one, false), 0);
}

/* Of which errors are known. */
static void add_known(uint32_t func, const struct ft_stats *one)
{
	assert_int_equal(stats_add_kernel(stats, func, one, true), 0);
}

static const char *table(uint64_t lost)
{
	char *trim[] = {(char *)"main."};

	func_names_release(&names);
	func_names_init_text(&names, &catalog, trim, 1);
	buf_reset(&out);
	assert_int_equal(stats_table(&out, &config, &names, lost), 0);
	return buf_str(&out);
}

static const char *json(void)
{
	func_names_release(&names);
	func_names_init_json(&names, &catalog);
	buf_reset(&out);
	assert_int_equal(stats_json(&out, &config, &names), 0);
	return buf_str(&out);
}

static void columns_grow(void **state)
{
	(void)state;
	add_known(0, &(struct ft_stats){.calls = 12345678901,
					.errors = 123456789,
					.sum = 1ull << 63,
					.total = 1ull << 63,
					.self = 7,
					.min = 1,
					.max = 1ull << 60,
					.buckets = {[1] = 12345678901}});
	add(2, &(struct ft_stats){.calls = 1,
				  .sum = 3,
				  .total = 3,
				  .self = 3,
				  .min = 3,
				  .max = 3,
				  .buckets = {[3] = 1}});
	assert_string_equal(
		table(0),
		"      CALLS     ERRORS         TOTAL     SELF      AVG      MIN      P50      P90      P99"
		"           MAX  FUNCTION\n"
		"12345678901  123456789  9223372037 s     7 ns   747 ms     1 ns    ~1 ns    ~1 ns    ~1 ns"
		"  1152921505 s  a\n"
		"          1          -          3 ns     3 ns     3 ns     3 ns    ~3 ns    ~3 ns    ~3 ns"
		"          3 ns  c\n");
}

static void names_are_harmless(void **state)
{
	(void)state;
	add(1, &(struct ft_stats){.calls = 1,
				  .sum = 3,
				  .total = 3,
				  .self = 3,
				  .min = 3,
				  .max = 3,
				  .buckets = {[3] = 1}});
	assert_string_equal(table(0),
			    HEADER "    1       -     3 ns     3 ns     3 ns     3 ns"
				   "    ~3 ns    ~3 ns    ~3 ns     3 ns  b\\x1b[31m\"\\n\n");
	assert_non_null(strstr(json(), "\"func\":\"main.b\\u001b[31m\\\"\\n\",\"calls\":1"));
}

static void colours(void **state)
{
	const char *text;

	(void)state;
	config.color = true;
	add_known(0, &(struct ft_stats){.calls = 1,
					.errors = 1,
					.sum = 5000000,
					.total = 5000000,
					.self = 9000,
					.min = 5000000,
					.max = 5000000});
	add_known(2, &(struct ft_stats){.calls = 1, .sum = 1, .total = 1, .min = 1, .max = 1});
	stats_add_untimed(stats);
	text = table(1);
	assert_non_null(strstr(text, HEADER));
	assert_non_null(
		strstr(text, "    1       \033[31m1\033[0m  \033[33m5.00 ms\033[0m  9.00 us"));
	assert_non_null(strstr(text, "    1       0     1 ns"));
	assert_non_null(strstr(text, "\033[31m-- 1 call is not counted"));
	assert_non_null(strstr(text, "\033[31m-- 1 record was lost"));
	config.color = false;
	text = table(2);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "-- 2 records were lost"));
}

static void bars(void **state)
{
	(void)state;
	config.histogram = true;
	/* A count so large that its product with the bar's length would not fit, a half, a trifle. */
	add(2,
	    &(struct ft_stats){
		    .calls = 3,
		    .sum = 30,
		    .total = 30,
		    .min = 10,
		    .max = 300,
		    .buckets = {
			    [10] = 1ull << 63, [16] = 1ull << 62, [32] = 1, [FT_BUCKETS - 1] = 0}});
	assert_string_equal(
		strchr(table(0), 'c') + 2,
		"\n"
		"c\n"
		"    8 ns ..   16 ns  9223372036854775808  ########################################\n"
		"   16 ns ..   32 ns  4611686018427387904  ####################\n"
		"   32 ns ..   64 ns          0\n"
		"   64 ns ..  128 ns          1  #\n");
}

static void nothing(void **state)
{
	(void)state;
	config.histogram = true;
	assert_string_equal(table(0), HEADER);
	assert_string_equal(json(), "");
}

static void lines_for_programs(void **state)
{
	(void)state;
	config.sort = STATS_NAME;
	add_known(0, &(struct ft_stats){.calls = 3,
					.errors = 1,
					.sum = 60,
					.total = 50,
					.self = 40,
					.min = 10,
					.max = 30,
					.buckets = {[10] = 1, [18] = 1, [23] = 1}});
	add(2, &(struct ft_stats){.calls = 1,
				  .sum = 3,
				  .total = 3,
				  .self = 2,
				  .min = 3,
				  .max = 3,
				  .buckets = {[3] = 1}});
	assert_string_equal(
		json(), "{\"type\":\"function\",\"func\":\"c\",\"calls\":1,\"errors\":null,"
			"\"total\":3,\"self\":2,\"min\":3,\"avg\":3,\"p50\":3,\"p90\":3,\"p99\":3,"
			"\"max\":3,\"histogram\":[[3,1]]}\n"
			"{\"type\":\"function\",\"func\":\"main.a\",\"calls\":3,\"errors\":1,"
			"\"total\":50,\"self\":40,\"min\":10,\"avg\":20,\"p50\":20,\"p90\":30,"
			"\"p99\":30,\"max\":30,\"histogram\":[[10,1],[20,1],[30,1]]}\n");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)
	const struct CMUnitTest tests[] = {
		TEST(columns_grow), TEST(names_are_harmless), TEST(colours), TEST(bars),
		TEST(nothing),      TEST(lines_for_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
