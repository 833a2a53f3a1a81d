/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/wall.h"

#define S 1000000000ll

static void test_namespace_offsets(void **state)
{
	(void)state;
	assert_int_equal(clock_offset_of("monotonic           0         0\n"
					 "boottime            7         0\n"),
			 0);
	assert_int_equal(clock_offset_of("monotonic       86400        12\nboottime 0 0\n"),
			 86400 * S + 12);
	/* Seconds are rounded down, so that the rest is never negative. */
	assert_int_equal(clock_offset_of("boottime 5 5\nmonotonic -2 500000000\n"), -1500000000);
	/* What the kernel does not write. */
	assert_int_equal(clock_offset_of(""), 0);
	assert_int_equal(clock_offset_of("monotonic"), 0);
	assert_int_equal(clock_offset_of("monotonic 1 1000000000"), 0);
	assert_int_equal(clock_offset_of("monotonic 99999999999999999999 0"), 0);
	assert_int_equal(clock_offset_of("notmonotonic 1 0"), 0);
}

/* A step counts from when it was seen on, and what was before keeps its time. */
static void test_steps(void **state)
{
	struct wall wall = {0};

	(void)state;
	assert_int_equal(wall_offset(&wall, 5), 0);
	wall_learn(&wall, 100 * S, 1000 * S);
	assert_int_equal(wall_offset(&wall, 0), 1000 * S);
	/* Not a step: it is measured a little differently each time. */
	wall_learn(&wall, 101 * S, 1000 * S + 999999);
	wall_learn(&wall, 102 * S, 1000 * S - 999999);
	assert_int_equal(wall.count, 1);
	wall_learn(&wall, 103 * S, 4600 * S);
	wall_learn(&wall, 104 * S, 1000 * S);
	assert_int_equal(wall_offset(&wall, 103 * S - 1), 1000 * S);
	assert_int_equal(wall_offset(&wall, 103 * S), 4600 * S);
	assert_int_equal(wall_offset(&wall, 104 * S - 1), 4600 * S);
	assert_int_equal(wall_offset(&wall, 200 * S), 1000 * S);
	assert_int_equal(wall_offset(&wall, 0), 1000 * S);
	/* The oldest are forgotten. */
	for (int i = 0; i < 3 * WALL_STEPS; i++)
		wall_learn(&wall, (300 + i) * S, i * S);
	assert_int_equal(wall.count, WALL_STEPS);
	assert_int_equal(wall_offset(&wall, 0), 2 * WALL_STEPS * S);
	assert_int_equal(wall_offset(&wall, 1000 * S), (3 * WALL_STEPS - 1) * S);
	/* As far as a recording may say. */
	wall_learn(&wall, 2000 * S, INT64_MIN);
	wall_learn(&wall, 2001 * S, INT64_MAX);
	assert_int_equal(wall_offset(&wall, 2000 * S), INT64_MIN);
	assert_int_equal(wall_offset(&wall, 2001 * S), INT64_MAX);
}

/* It is that of the machine, wherever this runs. */
static void test_measured(void **state)
{
	int64_t offset = wall_measure();
	struct timespec now;

	(void)state;
	clock_gettime(CLOCK_REALTIME, &now);
	assert_true((int64_t)clock_now() + offset >= (now.tv_sec - 60) * S);
	assert_true((int64_t)clock_now() + offset <= (now.tv_sec + 60) * S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_namespace_offsets),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
