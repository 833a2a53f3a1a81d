/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "trace/timeline.h"

static void expect(const struct timeline *t, uint64_t time, const uint64_t expected[STATES])
{
	uint64_t totals[STATES], sum = 0;

	assert_true(timeline_at(t, time, totals));
	for (int i = 0; i < STATES; i++) {
		assert_int_equal(totals[i], expected[i]);
		sum += totals[i];
	}
	assert_int_equal(sum, time - 100);
}

#define TOTALS(running, off, runnable, waiting, syscall)         \
	((const uint64_t[STATES]){[STATE_RUNNING] = (running),   \
				  [STATE_OFFCPU] = (off),        \
				  [STATE_RUNNABLE] = (runnable), \
				  [STATE_WAITING] = (waiting),   \
				  [STATE_SYSCALL] = (syscall)})

static void test_times_add_up(void **state)
{
	struct timeline t = {0};

	(void)state;
	timeline_begin(&t, 100);
	timeline_set(&t, 110, STATE_WAITING);
	timeline_set(&t, 150, STATE_RUNNABLE);
	timeline_set(&t, 155, STATE_RUNNING);
	timeline_set(&t, 160, STATE_SYSCALL);
	timeline_set(&t, 170, STATE_RUNNING);
	timeline_off(&t, 180, 190);
	expect(&t, 100, TOTALS(0, 0, 0, 0, 0));
	expect(&t, 130, TOTALS(10, 0, 0, 20, 0));
	expect(&t, 155, TOTALS(10, 0, 5, 40, 0));
	expect(&t, 185, TOTALS(25, 5, 5, 40, 10));
	expect(&t, 200, TOTALS(35, 10, 5, 40, 10));
	assert_int_equal(timeline_state(&t, 120), STATE_WAITING);
	assert_int_equal(timeline_state(&t, 199), STATE_RUNNING);
}

/* A state that comes behind what it makes void: the thread was away while the record was on its way. */
static void test_what_comes_late_is_put_right(void **state)
{
	struct timeline t = {0};

	(void)state;
	timeline_begin(&t, 100);
	timeline_off(&t, 120, 130);
	timeline_set(&t, 115, STATE_WAITING);
	timeline_set(&t, 140, STATE_RUNNING);
	expect(&t, 150, TOTALS(25, 0, 0, 25, 0));
	assert_int_equal(t.missed, 0);
	/* Off while it did not run is nothing. */
	timeline_set(&t, 160, STATE_SYSCALL);
	timeline_off(&t, 162, 164);
	expect(&t, 170, TOTALS(35, 0, 0, 25, 10));
	timeline_set(&t, 170, STATE_RUNNING);
	/* Part of it before it ran. */
	timeline_off(&t, 165, 175);
	expect(&t, 180, TOTALS(40, 5, 0, 25, 10));
}

/* More changes than are kept: any time that is kept adds up, none before it is told. */
static void test_old_cuts_are_folded(void **state)
{
	struct timeline t = {0};
	uint64_t totals[STATES];

	(void)state;
	timeline_begin(&t, 100);
	for (uint64_t i = 1; i <= 1000; i++)
		timeline_set(&t, 100 + i * 3, i % 2 ? STATE_WAITING : STATE_RUNNING);
	expect(&t, 3103, TOTALS(1503, 0, 0, 1500, 0));
	assert_false(timeline_at(&t, 3000, totals));
	assert_true(timeline_at(&t, t.cuts[0].since, totals));
	/* Later than can be put right: it was missed. */
	timeline_set(&t, 2000, STATE_SYSCALL);
	assert_int_equal(t.missed, 3100);
}

static void test_random_times_add_up(void **state)
{
	struct timeline t = {0};
	uint64_t now = 100, sum;

	(void)state;
	srand(7);
	timeline_begin(&t, now);
	for (int i = 0; i < 100000; i++) {
		uint64_t totals[STATES], at;

		now += (uint64_t)rand() % 50;
		if (rand() % 4)
			timeline_set(&t, now - (uint64_t)rand() % 3, rand() % STATES);
		else
			timeline_off(&t, now, now + 5), now += 5;
		at = now + (uint64_t)rand() % 4 - 2;
		sum = 0;
		if (!timeline_at(&t, at, totals))
			continue;
		for (int k = 0; k < STATES; k++)
			sum += totals[k];
		assert_int_equal(sum, at - 100);
	}
}

static void test_one_that_has_not_begun(void **state)
{
	struct timeline t = {0};
	uint64_t totals[STATES];

	(void)state;
	timeline_set(&t, 5, STATE_WAITING);
	timeline_off(&t, 5, 6);
	timeline_miss(&t, 7);
	assert_false(timeline_at(&t, 8, totals));
	assert_int_equal(timeline_state(&t, 8), STATE_RUNNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_add_up),
		cmocka_unit_test(test_what_comes_late_is_put_right),
		cmocka_unit_test(test_old_cuts_are_folded),
		cmocka_unit_test(test_random_times_add_up),
		cmocka_unit_test(test_one_that_has_not_begun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
