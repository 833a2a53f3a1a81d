/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is looked for in all of a recording: a text, the slowest call, the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"
#include "tui/search.h"
#include "tui/survey.h"
#include "tui/table.h"

#define MANY 40000 /* requests: several blocks */

/* The next row with that text is this one. */
static void check_found(struct made *made, struct search *search, bool forward, struct place *place,
			const char *expected)
{
	bool round;
	char *text;

	assert_int_equal(search_find(search, &made->rows, &made->lines, forward, place, &round),
			 FOUND);
	text = made_screen(made, *place, 1);
	if (!strstr(text, expected))
		fail_msg("%s is not %s", text, expected);
	free(text);
}

static void test_search(void **state)
{
	struct made made;
	struct search search = {0};
	struct place place;
	bool round = false;

	(void)state;
	made_open(&made, MANY, 0, MADE_WHOLE);
	assert_int_equal(rows_first(&made.rows, &place), FOUND);
	/* In a value, two blocks further on; from there back and round to it again. */
	assert_int_equal(search_set(&search, "ID=39998"), 0);
	assert_int_equal(search_find(&search, &made.rows, &made.lines, true, &place, &round),
			 FOUND_NOTHING);
	assert_int_equal(search_set(&search, "id=39998"), 0);
	check_found(&made, &search, true, &place, "main.serve(id=39998)");
	assert_true(place.block > 1);
	check_found(&made, &search, true, &place, "main.serve(id=39998)");
	check_found(&made, &search, false, &place, "main.serve(id=39998)");
	/* In a name, with capitals or not, folded away. */
	assert_int_equal(search_set(&search, "Lock"), 0);
	check_found(&made, &search, true, &place, "~ sync.Mutex.Lock");
	assert_int_equal(search_set(&search, "main.lock"), 0);
	check_found(&made, &search, true, &place, "main.lock()");
	check_found(&made, &search, false, &place, "main.lock()");
	/* Of the goroutines that are shown only. */
	rows_show_only(&made.rows, 1);
	assert_int_equal(search_set(&search, "id=1)"), 0);
	assert_int_equal(search_find(&search, &made.rows, &made.lines, true, &place, &round),
			 FOUND_NOTHING);
	search_release(&search);
	made_close(&made);
}

static void test_search_goes_round(void **state)
{
	struct made made;
	struct search search = {0};
	struct place place;
	bool round = true;

	(void)state;
	made_open(&made, 3, 0, MADE_WHOLE);
	assert_int_equal(rows_first(&made.rows, &place), FOUND);
	assert_int_equal(search_set(&search, "main.serve"), 0);
	for (uint32_t node = MADE_NODES; node < 3 * MADE_NODES; node += MADE_NODES) {
		assert_int_equal(
			search_find(&search, &made.rows, &made.lines, true, &place, &round), FOUND);
		assert_int_equal(place.node, node);
		assert_false(round);
	}
	assert_int_equal(search_find(&search, &made.rows, &made.lines, true, &place, &round),
			 FOUND);
	assert_int_equal(place.node, 0);
	assert_true(round);
	search_release(&search);
	made_close(&made);
}

/* Goes on as often as is said. */
static bool a_few_times(void *arg, uint64_t done, uint64_t all)
{
	unsigned int *left = arg;

	assert_true(done <= all);
	return *left && (*left)--;
}

static void test_slowest(void **state)
{
	struct made made;
	struct survey *survey;
	struct place place;
	unsigned int times = 1;
	char *text;

	(void)state;
	made_open(&made, MANY, 31234, MADE_WHOLE);
	survey = survey_new(&made.rows);
	assert_non_null(survey);
	/* Broken off after a block, it has what was in that; then it goes on. */
	made.rows.go_on = a_few_times;
	made.rows.arg = &times;
	assert_int_equal(survey_run(survey), FOUND_STOPPED);
	assert_false(survey_is_whole(survey));
	assert_int_equal(survey_calls(survey), made.shelf.blocks[0].calls);
	assert_int_equal(survey_slowest(survey, UINT32_MAX)->duration, 20000);
	made.rows.go_on = NULL;
	assert_int_equal(survey_run(survey), FOUND);
	assert_true(survey_is_whole(survey));
	assert_int_equal(survey_calls(survey), MANY * MADE_CALLS);
	assert_int_equal(stats_calls(survey_stats(survey)), MANY * MADE_CALLS);
	assert_int_equal(survey_find(survey, survey_slowest(survey, UINT32_MAX), &place), FOUND);
	text = made_screen(&made, place, 1);
	assert_string_equal(text, "  1.00 s @   2    \u25b8 main.store()\n");
	free(text);
	place.node = sheet_tree(shelf_get(&made.shelf, place.block), place.node).ncalls
			     ? shelf_get(&made.shelf, place.block)->nodes[place.node].parent
			     : 0;
	text = made_screen(&made, place, 1);
	assert_non_null(strstr(text, "main.serve(id=31234)"));
	free(text);
	survey_free(survey);
	/* Of a goroutine that did not make it. */
	rows_show_only(&made.rows, 3);
	survey = survey_new(&made.rows);
	assert_int_equal(survey_run(survey), FOUND);
	assert_int_equal(survey_slowest(survey, UINT32_MAX)->duration, 20000);
	assert_int_equal(stats_calls(survey_stats(survey)), MANY / 3 * MADE_CALLS);
	survey_free(survey);
	made_close(&made);
}

static void test_streamed_calls_count_once(void **state)
{
	struct made made;
	struct survey *survey;
	struct stats_row *rows;
	unsigned int times = 1;
	size_t count;

	(void)state;
	made_open_streamed(&made, MANY);
	survey = survey_new(&made.rows);
	made.rows.go_on = a_few_times;
	made.rows.arg = &times;
	assert_int_equal(survey_run(survey), FOUND_STOPPED);
	made.rows.go_on = NULL;
	assert_int_equal(survey_run(survey), FOUND);
	rows = stats_rows(survey_stats(survey), STATS_TOTAL, &count);
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].calls, 1);
	assert_int_equal(rows[0].total, MANY * 1000);
	assert_int_equal(rows[0].self, MANY * 500);
	assert_int_equal(rows[1].calls, MANY);
	free(rows);
	survey_free(survey);
	made_close(&made);
}

static void test_table(void **state)
{
	struct made made;
	struct survey *survey;
	struct table table = {0};
	size_t len;

	(void)state;
	made_open(&made, 10, 5, MADE_WHOLE);
	survey = survey_new(&made.rows);
	assert_int_equal(survey_run(survey), FOUND);
	made.config.stats = survey_stats(survey);
	made.config.width = 80;
	made.config.height = 24;
	assert_int_equal(table_make(&table, &made.config, &made.lines.names), 0);
	assert_string_equal(buf_str(&table.head),
			    "CALLS    TOTAL     SELF      P50      P99      MAX  FUNCTION");
	assert_int_equal(table.nfuncs, 4);
	paper_line(&table.paper, 0, &len);
	assert_memory_equal(paper_line(&table.paper, 0, &len), "   10   1.00 s", 14);
	/* The cursor stays on its function, whatever the order is; its column is always there. */
	assert_true(table_go_to(&table, table.funcs[2]));
	for (enum stats_key key = table_next_key(STATS_TOTAL); key != STATS_TOTAL;
	     key = table_next_key(key)) {
		uint32_t func = table_func(&table);

		made.config.sort = key;
		assert_int_equal(table_make(&table, &made.config, &made.lines.names), 0);
		assert_int_equal(table_func(&table), func);
		if (key == STATS_AVG)
			assert_non_null(strstr(buf_str(&table.head), " AVG "));
	}
	table_release(&table);
	survey_free(survey);
	made_close(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),  cmocka_unit_test(test_search_goes_round),
		cmocka_unit_test(test_slowest), cmocka_unit_test(test_streamed_calls_count_once),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
