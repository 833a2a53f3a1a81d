/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/run/budget.h"

#define MS 1000000ull

static const struct func_cost costs[] = {
	{.func = 7, .ns = 30 * MS},
	{.func = 3, .ns = 8 * MS},
	{.func = 9, .ns = 2 * MS},
};

static void test_within(void **state)
{
	(void)state;
	assert_int_equal(budget_excess(costs, 3, 1000 * MS, 0, 4), 0);
	assert_int_equal(budget_excess(NULL, 0, 1000 * MS, 0, 1), 0);
	assert_int_equal(budget_excess(costs, 3, 40 * MS, 0, 100), 0);
}

/* No more than have to, the costliest first. */
static void test_beyond(void **state)
{
	(void)state;
	assert_int_equal(budget_excess(costs, 3, 1000 * MS, 0, 3.9), 1);
	assert_int_equal(budget_excess(costs, 3, 1000 * MS, 0, 1), 2);
	assert_int_equal(budget_excess(costs, 3, 1000 * MS, 0, 0.1), 3);
}

/* What stays is to stay below the budget by a margin: of 1000 ms 10 are left, which is 1.03 % of the rest. */
static void test_margin(void **state)
{
	(void)state;
	assert_int_equal(budget_excess(costs, 3, 1000 * MS, 0, 1.1), 2);
	assert_int_equal(budget_excess(costs, 3, 1000 * MS, 0, 1.4), 1);
}

/* An estimate beyond all that the targets took says nothing of what they do besides. */
static void test_estimate_too_high(void **state)
{
	(void)state;
	assert_int_equal(budget_excess(costs, 3, 20 * MS, 0, 50), 3);
}

/* 1 % of one processor is spared, however little the targets take: of 1 s 10 ms. */
static void test_floor(void **state)
{
	(void)state;
	assert_int_equal(budget_excess(costs, 3, 50 * MS, 4000 * MS, 1), 0);
	assert_int_equal(budget_excess(costs, 3, 50 * MS, 3999 * MS, 1), 1);
	assert_int_equal(budget_excess(costs, 3, 50 * MS, 1000 * MS, 1), 1);
	assert_int_equal(budget_excess(costs, 3, 50 * MS, 999 * MS, 1), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_within), cmocka_unit_test(test_beyond),
		cmocka_unit_test(test_margin), cmocka_unit_test(test_estimate_too_high),
		cmocka_unit_test(test_floor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
