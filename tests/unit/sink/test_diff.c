/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two tables made by hand, and how they differ: as text and as lines, which are in expected/.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink/diff_json.h"
#include "sink/diff_table.h"

#define EXPECTED "tests/unit/sink/expected/"

/* The same name twice: of two executables. */
static const char *const names[] = {"main.store", "main.get", "main.old",  "example.org/a/util.Do",
				    "main.get",   "main.same", "main.fresh"};

#define FUNCS (sizeof(names) / sizeof(names[0]))

struct side {
	struct catalog catalog;
	struct stats *stats;
};

static void begin(struct side *side)
{
	*side = (struct side){0};
	assert_int_equal(catalog_add_exe(&side->catalog, &(struct catalog_exe){.names = (void *)1}),
			 0);
	for (size_t i = 0; i < FUNCS; i++) {
		struct catalog_func func = {.name = names[i], .errors_known = i < 2};

		assert_int_equal(catalog_add_func(&side->catalog, &func), 0);
	}
	side->stats = stats_new(&side->catalog);
	assert_non_null(side->stats);
}

static void add(struct side *side, uint32_t func, uint64_t duration, bool failed)
{
	struct stats_call call = {
		.duration = duration, .total = duration, .self = duration, .failed = failed};

	assert_int_equal(stats_add(side->stats, func, &call), 0);
}

/* What is not needed any more goes at once: the diff must not miss it. */
static void take(struct diff *diff, enum diff_side which, struct side *side)
{
	assert_int_equal(diff_add(diff, which, side->stats, &side->catalog), 0);
	stats_free(side->stats);
	catalog_release(&side->catalog);
}

static struct diff *make(void)
{
	struct diff *diff = diff_new();
	struct side before, after;

	begin(&before);
	begin(&after);
	add(&before, 0, 300000000, false);
	add(&after, 0, 600000000, true);
	add(&after, 0, 600000000, false);
	/* main.get of both executables. */
	add(&before, 1, 2000000, false);
	add(&before, 4, 6000000, false);
	add(&after, 1, 1000000, true);
	add(&before, 2, 90000000, false);
	add(&before, 3, 1000, false);
	add(&after, 3, 1034, false);
	add(&before, 5, 777, false);
	add(&after, 5, 777, false);
	add(&after, 6, 50000000, false);
	take(diff, DIFF_BEFORE, &before);
	take(diff, DIFF_AFTER, &after);
	return diff;
}

static void expect(const char *name, const char *got)
{
	struct buf path = {0}, want = {0};
	FILE *file;
	int c;

	buf_addf(&path, EXPECTED "%s", name);
	file = fopen(buf_str(&path), "r");
	assert_non_null(file);
	while ((c = fgetc(file)) != EOF)
		buf_addc(&want, (char)c);
	fclose(file);
	assert_string_equal(got, buf_str(&want));
	buf_release(&path);
	buf_release(&want);
}

static void table(enum stats_key key, bool color, const char *expected)
{
	struct sink_config config = {.sort = key, .color = color};
	struct func_names shown;
	struct buf out = {0};
	struct diff *diff = make();
	size_t count;
	struct diff_row *rows = diff_rows(diff, key, &count);

	assert_int_equal(count, 6);
	func_names_init_text(&shown, diff_catalog(diff), NULL, 0);
	assert_int_equal(diff_table(&out, &config, &shown, rows, count), 0);
	expect(expected, buf_str(&out));
	func_names_release(&shown);
	buf_release(&out);
	free(rows);
	diff_free(diff);
}

static void most_changed_first(void **state)
{
	(void)state;
	table(STATS_TOTAL, false, "diff.text");
}

static void what_is_sorted_by_has_a_column(void **state)
{
	(void)state;
	table(STATS_SELF, true, "diff-self.text");
	table(STATS_ERRORS, false, "diff-errors.text");
	table(STATS_P99, false, "diff-p99.text");
	table(STATS_NAME, false, "diff-name.text");
}

static void lines_have_both_sides(void **state)
{
	const bool waits[] = {false, false};
	struct func_names shown;
	struct buf out = {0};
	struct diff *diff = make();
	size_t count;
	struct diff_row *rows = diff_rows(diff, STATS_TOTAL, &count);

	(void)state;
	func_names_init_json(&shown, diff_catalog(diff));
	for (size_t i = 0; i < count; i++)
		diff_json(&out, diff, &shown, &rows[i], waits);
	expect("diff.jsonl", buf_str(&out));
	func_names_release(&shown);
	buf_release(&out);
	free(rows);
	diff_free(diff);
}

static void times_are_those_of_each_side(void **state)
{
	struct diff *diff = make();

	(void)state;
	assert_int_equal(diff_time(diff, DIFF_BEFORE), 398001777);
	assert_int_equal(diff_time(diff, DIFF_AFTER), 1251001811);
	diff_free(diff);
}

static void nothing_differs_from_nothing(void **state)
{
	struct diff *diff = diff_new();
	size_t count = 1;

	(void)state;
	assert_null(diff_rows(diff, STATS_TOTAL, &count));
	assert_int_equal(count, 0);
	diff_free(diff);
}

static void percents_are_of_what_was(void **state)
{
	static const struct {
		struct diff_change change;
		const char *said;
	} cases[] = {
		{{.known = true}, "0 %"},
		{{true, false, 3, 0.04}, "+0.0 %"},
		{{true, false, 3, 9.94}, "+9.9 %"},
		{{true, true, 3, 50}, "-50 %"},
		{{true, false, 3, (double)INFINITY}, "from 0"},
		{{true, false, UINT64_MAX, 1.8446744073709551e21}, "+1844674407370955161600 %"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[DIFF_PERCENT_MAX];

		diff_percent(text, &cases[i].change);
		assert_string_equal(text, cases[i].said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(most_changed_first),
		cmocka_unit_test(what_is_sorted_by_has_a_column),
		cmocka_unit_test(lines_have_both_sides),
		cmocka_unit_test(times_are_those_of_each_side),
		cmocka_unit_test(nothing_differs_from_nothing),
		cmocka_unit_test(percents_are_of_what_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
