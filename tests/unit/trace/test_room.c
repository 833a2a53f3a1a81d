/* SPDX-License-Identifier: GPL-2.0-only */
/* What all goroutines hold together is bounded, and what is let go gives its memory back. */
#include "trace_words.h"

#include "trace/trace_state.h"

#define LANES 16

static const struct held *held(void)
{
	return &words.trace->lanes.held;
}

static size_t recount(uint64_t *bytes, size_t *trees)
{
	struct map_slot *slot;
	size_t at = 0, calls = 0;

	*bytes = 0;
	*trees = 0;
	while ((slot = map_next(&words.trace->lanes.map, &at))) {
		const struct lane *lane = (struct lane *)(uintptr_t)slot->value;

		if (lane->streaming || !lane->tree.ncalls)
			continue;
		calls += lane->tree.ncalls;
		*bytes += lane->tree.ncalls * sizeof(struct call) + lane->tree.nvalues +
			  lane->tree.nmarks * sizeof(struct mark);
		++*trees;
	}
	return calls;
}

/* The account is what a count of everything finds, and the list has each tree once, by age. */
static void agrees(void)
{
	uint64_t bytes, last = 0;
	size_t trees, listed = 0;

	assert_int_equal(held()->calls, recount(&bytes, &trees));
	assert_int_equal(held()->bytes, bytes);
	for (const struct lane *lane = held()->oldest; lane; lane = lane->holding.newer) {
		assert_true(lane->tree.calls[0].start >= last);
		last = lane->tree.calls[0].start;
		listed++;
	}
	assert_int_equal(listed, trees);
}

static void test_account(void **state)
{
	uint32_t seed = 1;

	(void)state;
	words.config.hold_calls = 40;
	words_start();
	for (uint64_t time = 1; time < 20000; time++) {
		uint64_t lane, depth;

		seed = seed * 1103515245 + 12345;
		lane = 1 + (seed >> 16) % LANES;
		depth = 64 * (1 + (seed >> 20) % 6);
		switch (seed >> 28) {
		case 0:
			hit(FT_RECOVER, RECOVER, time, lane, depth);
			break;
		case 1:
			hit(FT_GOEXIT, GOEXIT, time, lane, depth);
			break;
		case 2:
		case 3:
		case 4:
			leave((seed >> 24) % 2, time, lane, depth);
			break;
		default:
			enter((seed >> 24) % 2, time, lane, depth);
		}
		agrees();
		assert_true(held()->calls < 40);
	}
	assert_true(trace_counts(words.trace)->let_go > 0);
	assert_int_equal(trace_finish(words.trace), 0);
	agrees();
	assert_int_equal(held()->calls, 0);
	buf_reset(&words.out);
}

static void test_memory_is_given_back(void **state)
{
	(void)state;
	words.config.hold_calls = 10000;
	words_start();
	enter(A, 1, 1, 64);
	for (uint64_t time = 2; time < 9990; time += 2) {
		enter(B, time, 1, 128);
		leave(B, time + 1, 1, 128);
	}
	assert_true(held()->bytes > 4990 * sizeof(struct call));
	for (uint64_t time = 9992; time < 60000; time += 2) {
		enter(B, time, 1, 128);
		leave(B, time + 1, 1, 128);
	}
	assert_int_equal(trace_counts(words.trace)->let_go, 1);
	assert_int_equal(held()->calls, 0);
	assert_int_equal(held()->bytes, 0);
	assert_true(held()->open < 8192);
	buf_reset(&words.out);
}

/* Goroutines that are never heard of again: each entry another. The one that goes on is followed. */
static void test_silent_are_given_up(void **state)
{
	(void)state;
	words.config.open_bytes = 64 * (sizeof(struct lane) + sizeof(struct frame));
	words_start();
	enter(A, 1, 1, 64);
	for (uint64_t time = 2; time < 10000; time += 4) {
		enter(B, time, 1000 + time, 64);
		enter(B, time + 1, 1, 128);
		leave(B, time + 2, 1, 128);
		assert_true(held()->open < words.config.open_bytes);
	}
	assert_true(trace_counts(words.trace)->given_up > 2000);
	assert_true(trace_counts(words.trace)->open_lanes < 64);
	assert_non_null(strstr(buf_str(&words.out), "b=lost b=lost"));
	buf_reset(&words.out);
	leave(A, 10001, 1, 64);
	assert_int_equal(strncmp(buf_str(&words.out), "a(b=return b=return", 19), 0);
	buf_reset(&words.out);
}

/* One goroutine alone may take too much, too, and what is below goes on as a tree of its own. */
static void test_deep_recursion(void **state)
{
	(void)state;
	words.config.open_bytes = 256 * (sizeof(struct frame) + sizeof(struct call));
	words.config.hold = 0;
	words_start();
	for (uint64_t i = 1; i < 10000; i++) {
		enter(A, i, 1, 64 * i);
		assert_true(held()->open < words.config.open_bytes);
	}
	buf_reset(&words.out);
	leave(A, 10001, 1, 64 * 9999);
	expect("a.");
	assert_int_equal(trace_finish(words.trace), 0);
	buf_reset(&words.out);
}

/* The goroutines of a process are found without a look at all others. */
static void test_processes_that_ended_unseen(void **state)
{
	struct ft_entry entry;

	(void)state;
	words.over = 1000;
	words_start();
	enter(A, 1, 1, 64);
	entry = words.record;
	for (uint32_t pid = 1000; pid < 3000; pid++) {
		entry.r.tgid = pid;
		assert_int_equal(trace_record(words.trace, &entry, sizeof(entry)), 0);
		trace_tick(words.trace, 2);
		assert_true(words.trace->processes.count <= 1024);
		assert_true(trace_counts(words.trace)->open_lanes <= 1024);
	}
	assert_non_null(process_find(words.trace, 10));
	buf_reset(&words.out);
}

/* However many goroutines are open: what one tick takes is bounded, and each has its turn. */
static void test_tick_takes_turns(void **state)
{
	uint64_t count = 40000;
	unsigned int before, ticks = 0;

	(void)state;
	words.config.hold = SECOND;
	words_start();
	for (uint64_t lane = 1; lane <= count; lane++)
		enter(A, lane, lane, 64);
	assert_int_equal(words.entered, 0);
	do {
		before = words.entered;
		assert_int_equal(trace_tick(words.trace, 3 * SECOND), 0);
		assert_true(words.entered - before <= count / 2);
		assert_true(++ticks < 10);
	} while (words.entered < count);
	buf_reset(&words.out);
	assert_int_equal(trace_finish(words.trace), 0);
	buf_reset(&words.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORDS_TEST(test_account),
		WORDS_TEST(test_memory_is_given_back),
		WORDS_TEST(test_silent_are_given_up),
		WORDS_TEST(test_deep_recursion),
		WORDS_TEST(test_processes_that_ended_unseen),
		WORDS_TEST(test_tick_takes_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
