/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "call/tee.h"

/* A sink that writes a letter for whatever it is given, and fails at one of them. */
struct recorder {
	struct sink sink;
	struct buf seen;
	char fails_at; /* 0: never */
	int error;
	const void *last; /* tree, or what else it was given */
	bool freed;
};

static int record(struct sink *sink, char letter, const void *what)
{
	struct recorder *recorder = (struct recorder *)sink;

	buf_addc(&recorder->seen, letter);
	recorder->last = what;
	return letter == recorder->fails_at ? recorder->error : 0;
}

static int on_begin(struct sink *sink)
{
	return record(sink, 'b', NULL);
}

static int on_process(struct sink *sink, const struct process *process)
{
	return record(sink, 'p', process);
}

static int on_root(struct sink *sink, const struct tree *tree)
{
	return record(sink, 'r', tree);
}

static int on_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	assert_int_equal(call, 7);
	return record(sink, 'e', tree);
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	assert_int_equal(call, 8);
	return record(sink, 'l', tree);
}

static int on_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	(void)tree;
	return record(sink, 'x', mark);
}

static int on_idle(struct sink *sink)
{
	return record(sink, 'i', NULL);
}

static int on_end(struct sink *sink, const struct trace_summary *summary)
{
	return record(sink, '.', summary);
}

static void on_free(struct sink *sink)
{
	struct recorder *recorder = (struct recorder *)sink;

	recorder->freed = true;
}

static const struct sink_ops all_ops = {
	.begin = on_begin,
	.process = on_process,
	.root = on_root,
	.enter = on_enter,
	.leave = on_leave,
	.mark = on_mark,
	.idle = on_idle,
	.end = on_end,
	.free = on_free,
};

/* Wants whole trees and the end, nothing else. */
static const struct sink_ops few_ops = {.root = on_root, .end = on_end};

static const struct process process;
static const struct tree tree;
static const struct mark mark;
static const struct trace_summary summary;

struct pair {
	struct recorder a, b;
	struct sink *tee;
};

static int setup(void **state)
{
	static struct pair pair;

	pair = (struct pair){.a.sink.ops = &all_ops, .b.sink.ops = &all_ops};
	pair.tee = tee_new((struct sink *const[]){&pair.a.sink, &pair.b.sink}, 2);
	*state = &pair;
	return pair.tee ? 0 : -1;
}

static int teardown(void **state)
{
	struct pair *pair = *state;

	sink_free(pair->tee);
	buf_release(&pair->a.seen);
	buf_release(&pair->b.seen);
	return 0;
}

static void expect(struct recorder *recorder, const char *seen)
{
	assert_string_equal(buf_str(&recorder->seen), seen);
}

static void test_each_gets_all(void **state)
{
	struct pair *pair = *state;

	assert_int_equal(sink_begin(pair->tee), 0);
	assert_int_equal(sink_process(pair->tee, &process), 0);
	assert_ptr_equal(pair->a.last, &process);
	assert_int_equal(sink_root(pair->tee, &tree), 0);
	assert_ptr_equal(pair->b.last, &tree);
	assert_int_equal(sink_enter(pair->tee, &tree, 7), 0);
	assert_int_equal(sink_leave(pair->tee, &tree, 8), 0);
	assert_int_equal(sink_mark(pair->tee, NULL, &mark), 0);
	assert_ptr_equal(pair->b.last, &mark);
	assert_int_equal(sink_idle(pair->tee), 0);
	assert_int_equal(sink_end(pair->tee, &summary), 0);
	assert_ptr_equal(pair->a.last, &summary);
	expect(&pair->a, "bprelxi.");
	expect(&pair->b, "bprelxi.");
}

static void test_absent_is_not_wanted(void **state)
{
	struct pair *pair = *state;

	pair->a.sink.ops = &few_ops;
	assert_int_equal(sink_begin(pair->tee), 0);
	assert_int_equal(sink_root(pair->tee, &tree), 0);
	assert_int_equal(sink_leave(pair->tee, &tree, 8), 0);
	assert_int_equal(sink_end(pair->tee, &summary), 0);
	expect(&pair->a, "r.");
	expect(&pair->b, "brl.");
}

static void test_one_fails(void **state)
{
	struct pair *pair = *state;

	pair->a.fails_at = 'r';
	pair->a.error = -ENOSPC;
	assert_int_equal(sink_begin(pair->tee), 0);
	assert_int_equal(sink_root(pair->tee, &tree), 0);
	assert_int_equal(sink_leave(pair->tee, &tree, 8), 0);
	assert_int_equal(tee_error(pair->tee, 0), -ENOSPC);
	assert_int_equal(tee_error(pair->tee, 1), 0);
	/* The other is ended as usual, and the loss is told. */
	assert_int_equal(sink_end(pair->tee, &summary), -ENOSPC);
	expect(&pair->a, "br");
	expect(&pair->b, "brl.");
}

static void test_all_fail(void **state)
{
	struct pair *pair = *state;

	pair->a.fails_at = 'l';
	pair->a.error = -ENOSPC;
	pair->b.fails_at = 'r';
	pair->b.error = -EPIPE;
	assert_int_equal(sink_root(pair->tee, &tree), 0);
	assert_int_equal(sink_leave(pair->tee, &tree, 8), -EPIPE);
	assert_int_equal(sink_root(pair->tee, &tree), -EPIPE);
	expect(&pair->a, "rl");
	expect(&pair->b, "r");
}

static void test_fails_at_the_end(void **state)
{
	struct pair *pair = *state;

	pair->b.fails_at = '.';
	pair->b.error = -EIO;
	assert_int_equal(sink_end(pair->tee, &summary), -EIO);
	expect(&pair->a, ".");
}

static void test_frees_all(void **state)
{
	struct pair *pair = *state;

	pair->a.fails_at = 'b';
	pair->a.error = -EIO;
	sink_begin(pair->tee);
	sink_free(pair->tee);
	pair->tee = NULL;
	assert_true(pair->a.freed);
	assert_true(pair->b.freed);
}

static void test_of_a_tee(void **state)
{
	struct pair *pair = *state;
	struct recorder c = {.sink.ops = &all_ops, .fails_at = 'r', .error = -EIO};
	struct sink *outer = tee_new((struct sink *const[]){pair->tee, &c.sink}, 2);

	assert_non_null(outer);
	pair->tee = NULL;
	assert_int_equal(sink_root(outer, &tree), 0);
	assert_int_equal(sink_mark(outer, NULL, &mark), 0);
	expect(&pair->a, "rx");
	expect(&pair->b, "rx");
	expect(&c, "r");
	sink_free(outer);
	assert_true(pair->a.freed);
	buf_release(&c.seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_gets_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_absent_is_not_wanted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_fails, setup, teardown),
		cmocka_unit_test_setup_teardown(test_all_fail, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fails_at_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_frees_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_of_a_tee, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
