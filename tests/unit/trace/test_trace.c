/* SPDX-License-Identifier: GPL-2.0-only */
/* What the recorded cases cannot see: counts, errors, and what must not grow. */
#include "trace/trace_words.h"

#include <errno.h>

static void test_open_lanes_are_counted(void **state)
{
	(void)state;
	words_start();
	/* A root that the next one takes away leaves one lane open, not two. */
	for (uint64_t i = 1; i < 1000; i++) {
		enter(A, i, 5, 100);
		assert_int_equal(trace_counts(words.trace)->open_lanes, 1);
	}
	enter(A, 1000, 6, 100);
	assert_int_equal(trace_counts(words.trace)->open_lanes, 2);
	leave(A, 1001, 5, 100);
	leave(A, 1002, 6, 100);
	assert_int_equal(trace_counts(words.trace)->open_lanes, 0);
}

static void test_the_tree(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	leave(B, 3, 5, 200);
	enter(B, 4, 5, 200);
	/* b never returns: a does. */
	leave(A, 5, 5, 100);
	expect("a(b=return b=unwound)=return ");
	assert_int_equal(words.announced, 1);
	assert_int_equal(trace_counts(words.trace)->roots, 1);
	assert_int_equal(trace_counts(words.trace)->records, 5);
}

static void test_recover_and_goexit(void **state)
{
	(void)state;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	/* The frame that goes on is a's: its own depth is less. */
	hit(FT_RECOVER, RECOVER, 3, 5, 150);
	enter(B, 4, 5, 180);
	leave(B, 5, 5, 180);
	hit(FT_GOEXIT, GOEXIT, 6, 5, 0);
	expect("a(b=unwound b=return)=unwound ");
	assert_int_equal(trace_counts(words.trace)->open_lanes, 0);
}

/* Of --errors what a panic ends with the process is a failure, whatever else runs then is none. */
static void test_a_panic_that_ends_the_process(void **state)
{
	(void)state;
	words.config.select.errors = true;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 6, 100);
	enter(B, 3, 5, 200);
	leave(B, 4, 5, 200);
	enter(B, 5, 5, 200);
	hit(FT_PANIC, PANIC, 6, 5, 250);
	expect("");
	hit(FT_PROC_EXIT, 0, 7, 0, 0);
	expect("a(b=return b=exit)=exit ");
}

/* Loops and morestack run an entry again: one call. Without the mark they are two. */
static void test_repeated_entry(void **state)
{
	(void)state;
	words_sites[ENTRY].may_repeat = true;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	enter(A, 3, 5, 100);
	leave(A, 4, 5, 100);
	words_sites[ENTRY].may_repeat = false;
	expect("a(b=unwound)=return ");
	enter(A, 5, 5, 100);
	enter(A, 6, 5, 100);
	leave(A, 7, 5, 100);
	expect("a=unwound a=return ");
}

static void test_unseen_entries(void **state)
{
	(void)state;
	words_start();
	leave(A, 1, 5, 100);
	/* Traced from its first instruction on nothing was missed. */
	expect("");
	hit(FT_PROC_EXIT, 0, 2, 0, 0);
	words.whole = false;
	leave(A, 3, 5, 100);
	expect("a=return ");
}

/* Whether a call passes that was not seen to begin nobody knows. */
static void test_unseen_entries_pass_no_filter(void **state)
{
	static const struct filter_check check;

	(void)state;
	words.whole = false;
	words_start();
	words.config.plan->funcs[A].filter = (struct filter_check *)&check;
	leave(A, 1, 5, 100);
	words.config.plan->funcs[A].filter = NULL;
	leave(B, 2, 6, 100);
	expect("b=return ");
}

/* With --goid: on a scheduler's stack what was not wanted leaves no phantom behind. */
static void test_strays_of_other_goroutines(void **state)
{
	static const uint64_t goids[] = {7};

	(void)state;
	words.whole = false;
	words.config.select.goids = goids;
	words.config.select.ngoids = 1;
	words_start();
	words.record.r.flags = FT_R_STACK;
	words.record.curg = 7;
	enter(A, 1, 0x1000, 100);
	words.record.curg = 8;
	enter(B, 2, 0x1000, 200);
	leave(B, 3, 0x1000, 200);
	leave(A, 4, 0x1000, 100);
	words.record.curg = 0;
	words.record.r.flags = 0;
	expect("a=return ");
	enter(A, 5, 8, 100);
	leave(A, 6, 8, 100);
	expect("");
}

static void test_process_ends(void **state)
{
	(void)state;
	words_start();
	enter(B, 2, 6, 100);
	enter(A, 1, 5, 100);
	hit(FT_PROC_EXIT, 0, 3, 0, 0);
	expect("a=exit b=exit ");
	assert_int_equal(trace_counts(words.trace)->open_lanes, 0);
	assert_int_equal(trace_gone(words.trace, 10), 0);
	expect("");
	/* The next one of that number is another process. */
	enter(A, 4, 5, 100);
	assert_int_equal(trace_gone(words.trace, 10), 0);
	expect("a=exit ");
	assert_int_equal(words.announced, 2);
	/* Not hits, so not counted. */
	assert_int_equal(trace_counts(words.trace)->records, 3);
}

static void test_foreign_process(void **state)
{
	(void)state;
	words.foreign = 10;
	words_start();
	assert_int_equal(enter(A, 1, 5, 100), 0);
	assert_int_equal(leave(A, 2, 5, 100), 0);
	assert_int_equal(trace_finish(words.trace), 0);
	expect("");
	assert_int_equal(words.announced, 0);
}

static void test_hold(void **state)
{
	(void)state;
	words.config.hold = 100 * MS;
	words_start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	leave(B, 3, 5, 200);
	trace_tick(words.trace, 50 * MS);
	expect("");
	trace_tick(words.trace, 200 * MS);
	expect("b.");
	assert_int_equal(words.entered, 2);
	leave(A, 300 * MS, 5, 100);
	expect("a.");
	/* The next tree of that lane is held again. */
	enter(A, 301 * MS, 5, 100);
	leave(A, 302 * MS, 5, 100);
	expect("a=return ");
}

/* A stack of calls that are all young, and the innermost is shown: no recursion over its depth. */
static void test_deep_stream(void **state)
{
	const uint64_t depth = 300000;

	(void)state;
	words.config.hold = 0;
	words.config.select.min_duration = SECOND;
	words_start();
	for (uint64_t i = 1; i <= depth; i++)
		enter(A, i, 5, i * 16);
	assert_int_equal(words.entered, 0);
	leave(A, 5 * SECOND, 5, depth * 16);
	assert_int_equal(words.entered, depth);
	expect("a.");
	assert_int_equal(words.ids, depth);
}

/* Values of calls that are over do not pile up below one that goes on. */
static void test_values_do_not_pile_up(void **state)
{
	struct {
		struct ft_record r;
		unsigned char values[4000];
	} result = {.r = {.kind = FT_EXIT,
			  .site = B * SITES + RET,
			  .size = sizeof(result),
			  .flags = FT_R_VALUES,
			  .tgid = 10,
			  .tid = 10,
			  .lane = 5,
			  .depth = 200}};

	(void)state;
	words.config.hold = 0;
	words_start();
	enter(A, 1, 5, 100);
	for (uint64_t i = 2; i < 1000; i++) {
		enter(B, i, 5, 200);
		result.r.time = i;
		assert_int_equal(trace_record(words.trace, &result, sizeof(result)), 0);
	}
	assert_in_range(words.most_values, sizeof(result.values), 2 * sizeof(result.values));
}

static void test_max_calls(void **state)
{
	(void)state;
	words.config.select.max_calls = 2;
	words_start();
	enter(B, 1, 6, 100);
	for (uint64_t i = 1; i < 5; i++) {
		enter(A, 2 * i, 5, 100);
		assert_int_equal(leave(A, 2 * i + 1, 5, 100), i < 2 ? 0 : 1);
	}
	assert_int_equal(trace_tick(words.trace, SECOND), 1);
	expect("a=return a=return ");
	assert_int_equal(trace_counts(words.trace)->roots, 2);
}

static void test_error_stops(void **state)
{
	(void)state;
	words.answer = -ENOSPC;
	words_start();
	enter(A, 1, 5, 100);
	assert_int_equal(leave(A, 2, 5, 100), -ENOSPC);
	buf_reset(&words.out);
	words.answer = 0;
	assert_int_equal(enter(A, 3, 5, 100), -ENOSPC);
	assert_int_equal(trace_tick(words.trace, SECOND), -ENOSPC);
	assert_int_equal(trace_finish(words.trace), -ENOSPC);
	expect("");
}

static void test_damage(void **state)
{
	unsigned char bytes[64] __attribute__((aligned(8))) = {0};

	(void)state;
	words_start();
	assert_int_equal(trace_record(words.trace, bytes, 0), 0);
	assert_int_equal(trace_record(words.trace, bytes, sizeof(bytes)), 0);
	assert_int_equal(trace_counts(words.trace)->damaged, 2);
	assert_int_equal(trace_counts(words.trace)->records, 2);
	trace_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORDS_TEST(test_open_lanes_are_counted),
		WORDS_TEST(test_the_tree),
		WORDS_TEST(test_recover_and_goexit),
		WORDS_TEST(test_a_panic_that_ends_the_process),
		WORDS_TEST(test_repeated_entry),
		WORDS_TEST(test_unseen_entries),
		WORDS_TEST(test_unseen_entries_pass_no_filter),
		WORDS_TEST(test_strays_of_other_goroutines),
		WORDS_TEST(test_process_ends),
		WORDS_TEST(test_foreign_process),
		WORDS_TEST(test_hold),
		WORDS_TEST(test_deep_stream),
		WORDS_TEST(test_values_do_not_pile_up),
		WORDS_TEST(test_max_calls),
		WORDS_TEST(test_error_stops),
		WORDS_TEST(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
