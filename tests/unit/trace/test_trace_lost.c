/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of calls whose records were lost, or do not come any more. */
#include "trace/trace_words.h"

#include <errno.h>

static void lose(uint64_t time, uint64_t lane)
{
	words.lost_key = (struct ft_loss_key){.tgid = 10, .lane = lane};
	words.lost = (struct ft_loss){.first = time, .last = time, .count = 1};
	words.record.r.epoch++;
}

static void test_lost_exit(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	lose(3, 5);
	leave(A, 4, 5, 100);
	expect("loss a(b=lost)=return ");
	assert_int_equal(trace_counts(words.trace)->lost, 1);
}

static void lose_at(uint64_t time, uint64_t lane, uint64_t depth)
{
	lose(time, lane);
	words.lost.depth = depth;
}

/* No record of the lane comes behind a lost one: whether that was an exit, nobody knows. */
static void test_lost_at_the_end(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	enter(A, 3, 6, 100);
	lose_at(4, 5, 150);
	assert_int_equal(hit(FT_PROC_EXIT, 0, 5, 0, 0), 0);
	expect("loss a(b=lost)=exit a=exit ");
}

static void test_lost_before_a_process_is_gone(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	lose_at(2, 5, 100);
	assert_int_equal(trace_gone(words.trace, 10), 0);
	expect("loss a=lost ");
}

static void test_lost_before_tracing_ends(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	lose_at(3, 5, 200);
	enter(A, 4, 5, 300);
	assert_int_equal(trace_finish(words.trace), 0);
	expect("loss a(b(a=open)=lost)=open ");
}

/* The kernel's list was full: any of them may be among the lost. */
static void test_unlisted_before_tracing_ends(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 6, 100);
	words.unlisted = 3;
	words.now = 3;
	assert_int_equal(trace_finish(words.trace), 0);
	expect("a=lost b=lost ");
}

/* What is kept although it is short, or nobody knows how long, keeps its callers. */
static void test_short_callers_of_kept_calls(void **state)
{
	(void)state;
	words.config.select.min_duration = SECOND;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	leave(B, 3, 5, 200);
	leave(A, 4, 5, 100);
	expect("");
	enter(A, 5, 5, 100);
	enter(B, 6, 5, 200);
	lose(7, 5);
	leave(A, 8, 5, 100);
	expect("loss a(b=lost)=return ");
}

static void test_gone_goroutine(void **state)
{
	(void)state;
	words.record.g = 0x1000;
	words.gone = true;
	words_start();
	enter(A, 1, 5, 100);
	assert_int_equal(trace_tick(words.trace, 10 * SECOND), 0);
	/* Nothing was lost: it is only slow. */
	expect("");
	lose(2, 5);
	enter(B, 3, 6, 100);
	leave(B, 4, 6, 100);
	buf_reset(&words.out);
	assert_int_equal(trace_tick(words.trace, SECOND / 2), 0);
	expect("");
	assert_int_equal(trace_tick(words.trace, 10 * SECOND), 0);
	expect("loss a=lost ");
	assert_int_equal(trace_counts(words.trace)->open_lanes, 0);
}

/* Hits that may have been lost: two of them may have been a return and another call. */
static void mark(uint64_t time, uint64_t lane, uint64_t depth, uint64_t count)
{
	words.lost_key = (struct ft_loss_key){.tgid = 10, .lane = lane};
	words.lost = (struct ft_loss){.first = time, .last = time, .marks = count, .depth = depth};
	words.record.r.epoch++;
}

static void test_marks_cast_doubt(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	mark(3, 5, 150, 2);
	leave(B, 4, 5, 200);
	leave(A, 5, 5, 100);
	expect("b=return a(b=lost)=return ");
	enter(A, 6, 5, 100);
	enter(B, 7, 5, 200);
	mark(8, 5, 150, 1);
	leave(B, 9, 5, 200);
	leave(A, 10, 5, 100);
	expect("a(b=return)=return ");
	assert_int_equal(trace_counts(words.trace)->lost, 0);
}

static void test_marks_without_a_tree(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	mark(2, 6, 0, 1);
	enter(B, 3, 5, 200);
	expect("");
	lose(4, 6);
	leave(B, 5, 5, 200);
	expect("loss ");
	leave(A, 6, 5, 100);
	expect("a(b=return)=return ");
	assert_int_equal(trace_counts(words.trace)->lost, 1);
}

static const bool off_b[] = {false, true};

static void test_off_ends_what_is_below(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(A, 2, 5, 200);
	enter(B, 3, 5, 300);
	enter(A, 4, 5, 400);
	assert_int_equal(trace_off(words.trace, off_b, 2, false), 0);
	assert_int_equal(trace_counts(words.trace)->open_lanes, 1);
	expect("");
	leave(A, 50, 5, 200);
	/* What ended unseen is no caller of this. */
	enter(A, 60, 5, 200);
	leave(A, 61, 5, 200);
	leave(A, 71, 5, 100);
	expect("a(a(b(a=lost)=lost)=return a=return)=return ");
	assert_int_equal(words.took, 70);
	assert_int_equal(trace_counts(words.trace)->open_lanes, 0);
}

static void test_off_empties_lanes(void **state)
{
	(void)state;
	words_start();
	enter(B, 1, 5, 100);
	enter(A, 2, 6, 100);
	enter(B, 3, 6, 200);
	enter(A, 4, 7, 100);
	assert_int_equal(trace_counts(words.trace)->open_lanes, 3);
	assert_int_equal(trace_off(words.trace, off_b, 2, false), 0);
	expect("b=lost ");
	assert_int_equal(trace_counts(words.trace)->open_lanes, 2);
	/* Nothing is left of it: a second time changes nothing. */
	assert_int_equal(trace_off(words.trace, off_b, 2, false), 0);
	expect("");
	assert_int_equal(trace_counts(words.trace)->open_lanes, 2);
	leave(A, 5, 6, 100);
	leave(A, 6, 7, 100);
	expect("a(b=lost)=return a=return ");
	assert_int_equal(trace_counts(words.trace)->open_lanes, 0);
}

static void test_off_knows_no_later_functions(void **state)
{
	(void)state;
	words_start();
	enter(B, 1, 5, 100);
	assert_int_equal(trace_off(words.trace, off_b, 1, false), 0);
	leave(B, 2, 5, 100);
	expect("b=return ");
}

static void test_off_all(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	enter(A, 3, 6, 100);
	assert_int_equal(trace_off(words.trace, NULL, 0, true), 0);
	expect("a(b=lost)=lost a=lost ");
	assert_int_equal(trace_counts(words.trace)->open_lanes, 0);
	enter(A, 4, 5, 100);
	leave(A, 5, 5, 100);
	expect("a=return ");
}

static void test_off_while_streaming(void **state)
{
	(void)state;
	words.config.hold = 0;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	enter(A, 3, 5, 300);
	assert_int_equal(trace_off(words.trace, off_b, 2, false), 0);
	expect("a.b.");
	words.answer = -ENOSPC;
	assert_int_equal(trace_off(words.trace, NULL, 0, true), -ENOSPC);
	expect("a.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORDS_TEST(test_lost_exit),
		WORDS_TEST(test_lost_at_the_end),
		WORDS_TEST(test_lost_before_a_process_is_gone),
		WORDS_TEST(test_lost_before_tracing_ends),
		WORDS_TEST(test_unlisted_before_tracing_ends),
		WORDS_TEST(test_short_callers_of_kept_calls),
		WORDS_TEST(test_gone_goroutine),
		WORDS_TEST(test_marks_cast_doubt),
		WORDS_TEST(test_marks_without_a_tree),
		WORDS_TEST(test_off_ends_what_is_below),
		WORDS_TEST(test_off_empties_lanes),
		WORDS_TEST(test_off_knows_no_later_functions),
		WORDS_TEST(test_off_all),
		WORDS_TEST(test_off_while_streaming),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
