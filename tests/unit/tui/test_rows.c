/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What stands above and below what, in recordings of several blocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"
#include "tui/details.h"

#define MANY 40000 /* requests: several blocks */

static void check_screen(struct made *made, struct place from, unsigned int most,
			 const char *expected)
{
	char *text = made_screen(made, from, most);

	assert_string_equal(text, expected);
	free(text);
}

static struct place first(struct made *made)
{
	struct place place;

	assert_int_equal(rows_first(&made->rows, &place), FOUND);
	return place;
}

static void test_folded_and_unfolded(void **state)
{
	struct made made;
	struct place place, inner;

	(void)state;
	made_open(&made, 3, 2, MADE_WHOLE);
	place = first(&made);
	check_screen(&made, place, 9,
		     " 10.0 us     1  \u25b8 main.serve(id=0)\n"
		     " 10.0 us     2  \u25b8 main.serve(id=1)\n"
		     " 10.0 us     3  \u25b8 main.serve(id=2)\n");
	assert_int_equal(rows_unfold(&made.rows, place, ROWS_IT, true), 0);
	check_screen(&made, place, 4,
		     " 10.0 us     1  \u25be main.serve(id=0)\n"
		     " 1.00 us     1    \u25b8 main.parse()\n"
		     " 2.00 us     1    \u25b8 main.store()\n"
		     " 10.0 us     2  \u25b8 main.serve(id=1)\n");
	assert_int_equal(rows_unfold(&made.rows, place, ROWS_ALL_BELOW, true), 0);
	check_screen(&made, place, 6,
		     " 10.0 us     1  \u25be main.serve(id=0)\n"
		     " 1.00 us     1    \u25be main.parse()\n"
		     "  600 ns     1        ~ sync.Mutex.Lock\n"
		     " 2.00 us     1    \u25be main.store()\n"
		     " 1.00 us     1        main.lock()\n"
		     " 10.0 us     2  \u25b8 main.serve(id=1)\n");
	/* Folded and unfolded again, what is below it is as it was. */
	assert_int_equal(rows_unfold(&made.rows, place, ROWS_RIGHT_BELOW, false), 0);
	check_screen(&made, place, 3,
		     " 10.0 us     1  \u25be main.serve(id=0)\n"
		     " 1.00 us     1    \u25b8 main.parse()\n"
		     " 2.00 us     1    \u25b8 main.store()\n");
	inner = place;
	assert_int_equal(rows_longest_below(&made.rows, &inner), FOUND);
	assert_int_equal(inner.node, 3);
	assert_int_equal(rows_first_below(&made.rows, &inner), FOUND);
	assert_int_equal(rows_unfold(&made.rows, place, ROWS_ALL_BELOW, false), 0);
	assert_int_equal(rows_reveal(&made.rows, inner), 0);
	check_screen(&made, place, 4,
		     " 10.0 us     1  \u25be main.serve(id=0)\n"
		     " 1.00 us     1    \u25b8 main.parse()\n"
		     " 2.00 us     1    \u25be main.store()\n"
		     " 1.00 us     1        main.lock()\n");
	made_close(&made);
}

/* Down to the end, and up again: the same rows, across blocks and with some unfolded. */
static void check_there_and_back(struct made *made, size_t expected)
{
	struct place *places = malloc(expected * sizeof(*places)), place = first(made), last;
	size_t count = 0;

	assert_non_null(places);
	do {
		assert_true(count < expected);
		places[count++] = place;
	} while (rows_next(&made->rows, &place) == FOUND);
	assert_int_equal(count, expected);
	assert_int_equal(rows_last(&made->rows, &last), FOUND);
	assert_true(place_equal(last, places[count - 1]));
	while (--count) {
		assert_int_equal(rows_previous(&made->rows, &place), FOUND);
		assert_true(place_equal(place, places[count - 1]));
	}
	assert_int_equal(rows_previous(&made->rows, &place), FOUND_NOTHING);
	free(places);
}

static void test_there_and_back(void **state)
{
	struct made made;
	struct place place;

	(void)state;
	made_open(&made, MANY, 0, MADE_WHOLE);
	assert_true(made.shelf.nblocks > 2);
	/* No more is kept than a sheet or two. */
	made.shelf.limit = 1;
	check_there_and_back(&made, MANY);
	place = first(&made);
	assert_int_equal(rows_unfold(&made.rows, place, ROWS_ALL_BELOW, true), 0);
	assert_int_equal(rows_last(&made.rows, &place), FOUND);
	assert_int_equal(rows_unfold(&made.rows, place, ROWS_IT, true), 0);
	check_there_and_back(&made, MANY + (MADE_NODES - 1) + 2);
	assert_int_equal(made.shelf.damage.blocks, 0);
	made_close(&made);
}

static bool never(void *arg, uint64_t done, uint64_t all)
{
	(void)done, (void)all;
	*(unsigned int *)arg += 1;
	return false;
}

static void test_one_goroutine(void **state)
{
	struct made made;
	struct place place;
	unsigned int asked = 0;

	(void)state;
	made_open(&made, MANY, 0, MADE_WHOLE);
	rows_show_only(&made.rows, 2);
	place = first(&made);
	check_screen(&made, place, 2,
		     " 10.0 us     2  \u25b8 main.serve(id=1)\n"
		     " 10.0 us     2  \u25b8 main.serve(id=4)\n");
	check_there_and_back(&made, (MANY + 1) / 3);
	/* Nobody has it: whoever asks can break it off, and what was read is not read again. */
	rows_show_only(&made.rows, 99);
	made.rows.go_on = never;
	made.rows.arg = &asked;
	assert_int_equal(rows_first(&made.rows, &place), FOUND_STOPPED);
	assert_int_equal(asked, 1);
	made.rows.go_on = NULL;
	assert_int_equal(rows_first(&made.rows, &place), FOUND_NOTHING);
	made.rows.go_on = never;
	assert_int_equal(rows_first(&made.rows, &place), FOUND_NOTHING);
	assert_int_equal(asked, 1);
	made_close(&made);
}

static void test_damaged_and_cut(void **state)
{
	static const enum made_harm harms[] = {MADE_DAMAGED, MADE_CUT};
	char *text;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct made made;
		struct place place;

		made_open(&made, MANY, 0, harms[i]);
		assert_int_equal(made.shelf.damage.cut, harms[i] == MADE_CUT);
		if (harms[i] == MADE_DAMAGED)
			place = first(&made);
		else
			assert_int_equal(rows_last(&made.rows, &place), FOUND);
		text = made_screen(&made, place, 1);
		assert_non_null(
			strstr(text, harms[i] == MADE_DAMAGED ? "-- block 1 of " : "-- block "));
		assert_non_null(strstr(text, "is damaged: "));
		assert_non_null(strstr(text, " calls are missing --\n"));
		assert_int_equal(made.shelf.damage.blocks, 1);
		free(text);
		/* The rest is there. */
		assert_int_equal(harms[i] == MADE_DAMAGED ? rows_next(&made.rows, &place)
							  : rows_previous(&made.rows, &place),
				 FOUND);
		text = made_screen(&made, place, 1);
		assert_non_null(strstr(text, "main.serve(id="));
		free(text);
		made_close(&made);
	}
}

/* Of a call that goes through all blocks there is a beginning in the first and an end in the last. */
static void test_streamed(void **state)
{
	struct made made;
	struct place place;
	char *text;

	(void)state;
	made_open_streamed(&made, MANY);
	assert_true(made.shelf.nblocks > 1);
	place = first(&made);
	assert_int_equal(rows_unfold(&made.rows, place, ROWS_IT, true), 0);
	check_screen(&made, place, 3,
		     "             1  \u25be main.main() {\n"
		     "  500 ns     1      main.work(id=0)\n"
		     "  500 ns     1      main.work(id=1)\n");
	assert_int_equal(rows_last(&made.rows, &place), FOUND);
	text = made_screen(&made, place, 1);
	assert_string_equal(text, " 40.0 ms *   1    } main.main\n");
	free(text);
	/* In blocks in between calls hang on nothing. */
	place = (struct place){1, 0};
	text = made_screen(&made, place, 2);
	assert_non_null(strstr(text, "1    main.work(id="));
	free(text);
	made_close(&made);
}

static void test_details(void **state)
{
	struct made made;
	struct place place;
	struct buf text = {0};

	(void)state;
	made_open(&made, 1, 9, MADE_WHOLE);
	place = first(&made);
	details(&text, &made.lines, &made.rows, place, 40);
	assert_string_equal(buf_str(&text), "main.serve  main.go:10\n"
					    "call 1: goroutine 1, thread 412 of \n"
					    "    process 412 /srv/main\n"
					    "10.0 us\n"
					    "  id=0\n");
	buf_reset(&text);
	place.node = 1;
	details(&text, &made.lines, &made.rows, place, 80);
	assert_string_equal(buf_str(&text),
			    "main.parse  main.go:11\n"
			    "call 2: goroutine 1, thread 412 of process 412 /srv/main\n"
			    "1.00 us\n"
			    "~ sync.Mutex.Lock (600 ns)\n");
	buf_reset(&text);
	place.node = 2;
	details(&text, &made.lines, &made.rows, place, 80);
	assert_string_equal(buf_str(&text),
			    "~ sync.Mutex.Lock (600 ns)\n"
			    "500 ns until somebody let it go on, 100 ns until it ran\n");
	buf_release(&text);
	made_close(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folded_and_unfolded),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_one_goroutine),
		cmocka_unit_test(test_damaged_and_cut),
		cmocka_unit_test(test_streamed),
		cmocka_unit_test(test_details),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
