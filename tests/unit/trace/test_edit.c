/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of marks, values and times when calls leave a tree. A tree is written as
 *
 *     a(0) b(1) ~1s@2 c(1)        calls with their levels, marks with the call they belong to and their start
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "trace/edit.h"

static const struct mark_kind kind = {.name = "signal"};
static struct tree tree;

static int release(void **state)
{
	(void)state;
	free(tree.calls);
	free(tree.times);
	free(tree.marks);
	free(tree.values);
	tree = (struct tree){0};
	return 0;
}

static void call(char name, uint32_t level, uint32_t parent)
{
	struct call *call = edit_add(&tree, true);

	assert_non_null(call);
	*call = (struct call){.func = (uint32_t)name, .level = level, .parent = parent};
	tree.times[tree.ncalls - 1].ns[STATE_RUNNING] = (uint64_t)name;
}

static void mark(uint32_t of, uint64_t start, const char *kept)
{
	struct mark mark = {
		.kind = &kind, .start = start, .before = (uint32_t)tree.ncalls, .call = of};

	mark.bytes = edit_keep(&tree, kept, strlen(kept));
	assert_non_null(edit_add_mark(&tree, &mark));
}

static const char *look(const struct tree *t)
{
	static struct buf out;
	size_t next = 0;

	buf_reset(&out);
	for (size_t i = 0; i <= t->ncalls; i++) {
		for (; next < t->nmarks && t->marks[next].before <= i; next++) {
			const struct mark *m = &t->marks[next];

			assert_true(m->call == CALL_NONE || m->call < t->ncalls);
			buf_addf(&out, "~%d@%d ", (int)m->call, (int)m->start);
		}
		if (i == t->ncalls)
			break;
		buf_addf(&out, "%c(%u) ", (char)t->calls[i].func, t->calls[i].level);
		if (t->times)
			assert_int_equal(t->times[i].ns[STATE_RUNNING], t->calls[i].func);
	}
	assert_int_equal(next, t->nmarks);
	return buf_str(&out);
}

static void make(void)
{
	call('a', 0, CALL_NONE);
	mark(0, 1, "one");
	call('b', 1, 0);
	mark(1, 2, "two");
	call('c', 2, 1);
	mark(2, 3, "three");
	mark(1, 4, "four");
	call('d', 1, 0);
	mark(0, 6, "six");
	assert_string_equal(look(&tree), "a(0) ~0@1 b(1) ~1@2 c(2) ~2@3 ~1@4 d(1) ~0@6 ");
}

/* Whatever order they come in. */
static void test_marks_are_put_in_order(void **state)
{
	struct mark early = {.kind = &kind, .start = 1, .before = 2, .bytes = CALL_NONE};

	(void)state;
	call('a', 0, CALL_NONE);
	call('b', 1, 0);
	mark(0, 5, "");
	mark(0, 3, "");
	assert_non_null(edit_add_mark(&tree, &early));
	early.before = 1;
	early.start = 9;
	assert_non_null(edit_add_mark(&tree, &early));
	assert_string_equal(look(&tree), "a(0) ~0@9 b(1) ~0@1 ~0@3 ~0@5 ");
}

/* The values of what goes are given back, unless a mark that stays needs what stands behind them. */
static void test_a_cut_call_leaves_its_marks_to_its_caller(void **state)
{
	uint32_t values;

	(void)state;
	make();
	values = tree.nvalues;
	call('e', 1, 0);
	edit_keep(&tree, "arguments", 9);
	edit_cut(&tree, 4, values);
	assert_int_equal(tree.nvalues, values);
	edit_cut(&tree, 1, 3);
	assert_string_equal(look(&tree), "a(0) ~0@1 ~0@2 ~0@3 ~0@4 ~0@6 ");
	assert_int_equal(tree.nvalues, values);
	assert_memory_equal(tree.values + tree.marks[4].bytes + 4, "six", 3);
}

static void test_a_call_that_is_taken_out_leaves_its_marks_to_its_caller(void **state)
{
	(void)state;
	call('a', 0, CALL_NONE);
	call('b', 1, 0);
	mark(1, 2, "two");
	call('c', 2, 1);
	mark(2, 3, "three");
	mark(1, 4, "four");
	call('d', 2, 1);
	mark(3, 5, "five");
	edit_take_out(&tree, 1);
	assert_string_equal(look(&tree), "a(0) ~0@2 c(1) ~1@3 ~0@4 d(1) ~2@5 ");
}

/* Its callees become roots, each with its own marks; the root's own go with it. */
static void test_a_root_that_is_taken_out(void **state)
{
	struct tree part;
	size_t at = 0, next;

	(void)state;
	make();
	mark(3, 7, "seven");
	edit_take_out(&tree, 0);
	edit_drop_marks(&tree);
	next = edit_slice(&tree, 0, &at, &part);
	assert_int_equal(next, 2);
	assert_string_equal(look(&part), "b(0) ~0@2 c(1) ~1@3 ~0@4 ");
	next = edit_slice(&tree, next, &at, &part);
	assert_int_equal(next, 3);
	assert_string_equal(look(&part), "d(0) ~0@7 ");
	assert_int_equal(at, tree.nmarks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_marks_are_put_in_order, release),
		cmocka_unit_test_teardown(test_a_cut_call_leaves_its_marks_to_its_caller, release),
		cmocka_unit_test_teardown(
			test_a_call_that_is_taken_out_leaves_its_marks_to_its_caller, release),
		cmocka_unit_test_teardown(test_a_root_that_is_taken_out, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
