/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reasons of waits: in order, one entry each, and no more of them than there is room for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "call/stats.h"

static void the_longest_first(void **state)
{
	struct reasons reasons = {0};

	(void)state;
	assert_int_equal(reasons_add(&reasons, "select", 5), 0);
	assert_int_equal(reasons_add(&reasons, "sleep", 7), 0);
	assert_int_equal(reasons_add(&reasons, NULL, 6), 0);
	assert_int_equal(reasons_add(&reasons, "select", 4), 0);
	assert_int_equal(reasons.count, 3);
	assert_string_equal(reasons.list[0].name, "select");
	assert_int_equal(reasons.list[0].ns, 9);
	assert_int_equal(reasons.list[0].waits, 2);
	assert_string_equal(reasons.list[1].name, "sleep");
	assert_null(reasons.list[2].name);
	reasons_release(&reasons);
	assert_int_equal(reasons.count, 0);
}

static void too_many_are_one(void **state)
{
	struct reasons reasons = {0};
	uint64_t waits = 0;
	char name[16];

	(void)state;
	for (unsigned int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "r%u", i);
		assert_int_equal(reasons_add(&reasons, name, 1), 0);
	}
	assert_int_equal(reasons.count, REASONS_MOST + 1);
	for (size_t i = 0; i < reasons.count; i++)
		waits += reasons.list[i].waits;
	assert_int_equal(waits, 1000);
	assert_null(reasons.list[0].name);
	reasons_release(&reasons);
}

static const struct mark_detail *tell(struct tree_source *source, const struct tree *tree,
				      const struct mark *mark)
{
	static const struct mark_detail detail = {.name = "select"};

	(void)source, (void)tree, (void)mark;
	return &detail;
}

/* main.a calls itself, and main.b, which waits. */
static void a_function_counts_once(void **state)
{
	static const struct catalog_func funcs[] = {{.name = "main.a"}, {.name = "main.b"}};
	struct call calls[] = {{.func = 0, .parent = CALL_NONE},
			       {.func = 0, .parent = 0},
			       {.func = 1, .parent = 1}};
	struct tree_source source = {.mark = tell};
	struct tree tree = {.source = &source, .calls = calls, .ncalls = 3};
	struct mark mark = {.kind = &mark_wait, .start = 10, .end = 17, .call = 2};
	const struct stats_call ended = {.duration = 20, .total = 20, .self = 20};
	struct catalog catalog = {0};
	struct stats *stats;
	struct stats_row *rows;
	size_t count;

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(catalog_add_func(&catalog, &funcs[i]), 0);
	stats = stats_new(&catalog);
	assert_non_null(stats);
	assert_int_equal(stats_add_wait(stats, &tree, &mark), 0);
	mark.call = 1;
	assert_int_equal(stats_add_wait(stats, &tree, &mark), 0);
	mark.open = true;
	assert_int_equal(stats_add_wait(stats, &tree, &mark), 0);
	mark.open = false;
	mark.kind = &mark_syscall;
	assert_int_equal(stats_add_wait(stats, &tree, &mark), 0);
	assert_int_equal(stats_add(stats, 0, &ended), 0);
	assert_int_equal(stats_add(stats, 1, &ended), 0);
	rows = stats_rows(stats, STATS_NAME, &count);
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].waits->count, 1);
	assert_int_equal(rows[0].waits->list[0].ns, 14);
	assert_int_equal(rows[0].waits->list[0].waits, 2);
	assert_int_equal(rows[1].waits->list[0].ns, 7);
	free(rows);
	stats_clear(stats);
	assert_int_equal(stats_add(stats, 0, &ended), 0);
	rows = stats_rows(stats, STATS_NAME, &count);
	assert_int_equal(rows[0].waits->count, 0);
	free(rows);
	stats_free(stats);
	catalog_release(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_first),
		cmocka_unit_test(too_many_are_one),
		cmocka_unit_test(a_function_counts_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
