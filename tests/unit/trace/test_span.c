/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a call adds to its function's total and self time. A lane is played by hand: `+f` is a call of f
 * that is shown, `-f` one that is not, `)` the end of the innermost, after so many nanoseconds in it
 * alone; `!` an end of which the time is not known, `x` of a shown call that is left out at its end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "trace/span.h"

#define LETTERS 26

static struct catalog catalog;
static struct stats *stats;
static struct lane lane;
static uint64_t now;

static int make(void **state)
{
	static char names[LETTERS][2];

	(void)state;
	for (int i = 0; i < LETTERS; i++) {
		names[i][0] = (char)('a' + i);
		catalog_add_func(&catalog, &(struct catalog_func){.name = names[i]});
	}
	now = 0;
	stats = stats_new(&catalog);
	return stats ? 0 : -1;
}

static int drop(void **state)
{
	(void)state;
	stats_free(stats);
	catalog_release(&catalog);
	free(lane.frames);
	free(lane.spans);
	lane = (struct lane){0};
	return 0;
}

static void enter(uint32_t func, bool shown)
{
	struct frame *frame = lane_push(&lane);

	assert_non_null(frame);
	frame->func = func;
	frame->start = now;
	frame->call = shown ? 0 : CALL_NONE;
	assert_int_equal(span_reserve(&lane), 0);
	span_begin(&lane);
}

static int end_timed(uint32_t func, uint64_t duration)
{
	/* All time counts as each part, twice for one of them: so the parts have to do as the total does. */
	const struct call_times times = {.ns = {[STATE_RUNNING] = duration,
						[STATE_RUNNABLE] = duration,
						[STATE_SYSCALL] = 2 * duration}};
	struct stats_call call = span_measure(&lane, duration, &times);

	return stats_add(stats, func, &call);
}

static void leave(char how)
{
	struct frame frame = lane.frames[--lane.nframes];

	if (frame.call == CALL_NONE || how == 'x')
		span_pass(&lane);
	else if (how == '!')
		span_pass(&lane), stats_add_untimed(stats);
	else
		assert_int_equal(end_timed(frame.func, now - frame.start), 0);
}

/* What stands for each function then: `a 2:10/7`: 2 calls, total 10, self 7. */
static const char *play(const char *script)
{
	static char text[256];
	size_t count;
	struct stats_row *rows;

	for (const char *at = script; *at; at++) {
		if (*at == '+' || *at == '-') {
			at++;
			enter((uint32_t)(*at - 'a'), at[-1] == '+');
		} else if (*at >= '0' && *at <= '9') {
			now += (uint64_t)(*at - '0');
		} else if (*at != ' ') {
			leave(*at);
		}
	}
	assert_int_equal(lane.nframes, 0);
	rows = stats_rows(stats, STATS_NAME, &count);
	text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(rows[i].run, rows[i].total);
		assert_int_equal(rows[i].wait, rows[i].total);
		assert_int_equal(rows[i].syscall, 2 * rows[i].total);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s %llu:%llu/%llu",
			 i ? ", " : "", catalog_func(&catalog, rows[i].func)->name,
			 (unsigned long long)rows[i].calls, (unsigned long long)rows[i].total,
			 (unsigned long long)rows[i].self);
	}
	free(rows);
	return text;
}

static void self_is_without_callees(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 +b 2 +c 4 ) 1 ) 1 +b 3 ) )"), "a 1:12/2, b 2:10/6, c 1:4/4");
}

static void time_of_what_is_left_out_is_its_callers(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 -b 2 ) 1 )"), "a 1:4/4");
}

static void callees_of_what_is_left_out_go_to_its_caller(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 -b 2 +c 4 ) -d +c 1 ) ) ) 1 )"), "a 1:9/4, c 2:5/5");
}

static void left_out_at_the_end_is_the_same(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 +b 2 +c 4 ) x 1 )"), "a 1:8/4, c 1:4/4");
}

static void time_that_is_not_known(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 +b 2 +c 4 ) ! 1 )"), "a 1:8/4, c 1:4/4");
	assert_int_equal(stats_untimed(stats), 1);
}

static void recursion_counts_once(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 +a 2 +a 3 ) 1 ) 1 +a 2 ) ) +a 5 )"), "a 5:15/15");
}

static void recursion_through_others(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 +b 1 -c 1 +a 2 +b 3 ) ) 1 ) ) )"), "a 2:9/3, b 2:8/6");
}

static void recursion_whose_outermost_does_not_count(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 +a 2 +a 1 ) ) 1 +a 4 ) !"), "a 3:7/7");
	assert_int_equal(stats_untimed(stats), 1);
}

static void recursion_whose_middle_does_not_count(void **state)
{
	(void)state;
	assert_string_equal(play("+a 1 +a 2 +a 3 ) x 1 )"), "a 2:7/7");
}

static void what_is_not_shown_is_no_outer_call(void **state)
{
	(void)state;
	assert_string_equal(play("-a 1 +a 2 ) 1 +a 3 ) )"), "a 2:5/5");
}

/* Two outermost calls of two functions that alternate far down. */
static void deep_recursion(void **state)
{
	size_t count;
	struct stats_row *rows;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		now++;
		enter(i % 2, true);
		/* A leaf at each level: looking for another call of it takes two steps, not 100 000. */
		enter(2, true);
		leave(')');
	}
	while (lane.nframes)
		leave(')');
	rows = stats_rows(stats, STATS_NAME, &count);
	assert_int_equal(count, 3);
	assert_int_equal(rows[0].total, 99999);
	assert_int_equal(rows[1].total, 99998);
	assert_int_equal(rows[0].calls + rows[1].calls, 100000);
	assert_int_equal(rows[0].self + rows[1].self, 99999);
	free(rows);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)
	const struct CMUnitTest tests[] = {
		TEST(self_is_without_callees),
		TEST(time_of_what_is_left_out_is_its_callers),
		TEST(callees_of_what_is_left_out_go_to_its_caller),
		TEST(left_out_at_the_end_is_the_same),
		TEST(time_that_is_not_known),
		TEST(recursion_counts_once),
		TEST(recursion_through_others),
		TEST(recursion_whose_outermost_does_not_count),
		TEST(recursion_whose_middle_does_not_count),
		TEST(what_is_not_shown_is_no_outer_call),
		TEST(deep_recursion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
