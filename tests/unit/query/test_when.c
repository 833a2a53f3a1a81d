/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Times as a person writes them, and what they are in a recording.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "query/when.h"

#define SECOND 1000000000ull
#define HOUR   (3600 * SECOND)

/* The trace began at 1000 s, which was 2026-11-30 23:00:00 UTC. */
#define START (1000 * SECOND)
#define UNIX  1796079600

static struct wall wall = {.steps = {{.since = START, .offset = (int64_t)(UNIX * SECOND - START)}},
			   .count = 1};

static uint64_t resolve(const char *text, uint64_t end)
{
	struct when_span span = {.start = START, .end = end, .wall = &wall};
	struct when when;
	struct error err = {0};

	if (when_parse(text, &when, &err))
		fail_msg("%s: %s", text, err.text);
	return when_resolve(&when, &span);
}

static void refused(const char *text)
{
	struct when when;
	struct error err = {0};

	if (when_parse(text, &when, &err) != -22)
		fail_msg("'%s' was taken", text);
	assert_non_null(strchr(err.text, ';'));
}

static void test_what_is_no_time(void **state)
{
	static const char *const texts[] = {
		"",
		"12",
		"24:00",
		"12:60",
		"12:28:61",
		"12:28:",
		"12:28:24.",
		"12:28:24.9x",
		"12:2:24",
		"+1.5",
		"+",
		"-1s",
		"1.5s",
		"12:28Z",
		"2026-13-01",
		"2026-02-29",
		"2026-11-31",
		"2026-11-30 ",
		"2026-11-30 12",
		"2026-11-30x12:28",
		"26-11-30",
		"1969-12-31",
		"2026-11-30T12:28:24ZZ",
		"12:28:24 ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refused(texts[i]);
}

static void test_from_the_beginning(void **state)
{
	(void)state;
	assert_int_equal(resolve("+0s", 0), START);
	assert_int_equal(resolve("+1.5s", 0), START + SECOND * 3 / 2);
	assert_int_equal(resolve("+2m", 0), START + 120 * SECOND);
}

static void test_dates(void **state)
{
	(void)state;
	assert_int_equal(resolve("2026-11-30 23:00:00", 0), START);
	assert_int_equal(resolve("2026-11-30T23:00:24.98", 0), START + 24980000000);
	assert_int_equal(resolve("2026-11-30T23:00:00.0000000019Z", 0), START + 1);
	assert_int_equal(resolve("2026-12-01", 0), START + HOUR);
	/* Before the trace, and before its clock began. */
	assert_int_equal(resolve("2026-11-30 22:59:59", 0), START - SECOND);
	assert_int_equal(resolve("1970-01-01", 0), 0);
	assert_true(resolve("9999-12-31 23:59:59", 0) > START + HOUR);
}

static void test_times_of_day(void **state)
{
	(void)state;
	assert_int_equal(resolve("23:00", 0), START);
	assert_int_equal(resolve("23:10:00.5", 0), START + 600 * SECOND + SECOND / 2);
	/* Over before it began, and not come again. */
	assert_true(resolve("22:00", START + HOUR) < START);
	assert_true(resolve("00:30", START + HOUR) < START);
	/* It went on past midnight. */
	assert_int_equal(resolve("00:30", START + 2 * HOUR), START + HOUR * 3 / 2);
}

static void test_a_date_with_a_zone(void **state)
{
	(void)state;
	setenv("TZ", "XYZ-2", 1);
	tzset();
	assert_int_equal(resolve("2026-12-01 01:00", 0), START);
	assert_int_equal(resolve("2026-11-30T23:00Z", 0), START);
	assert_int_equal(resolve("01:00:01", 0), START + SECOND);
	setenv("TZ", "UTC", 1);
	tzset();
}

/* From an hour after the beginning on the clock showed ten minutes more. */
static void test_steps_of_the_clock(void **state)
{
	(void)state;
	wall.count = 2;
	wall.steps[1] = (struct wall_step){
		.since = START + HOUR, .offset = wall.steps[0].offset + (int64_t)(600 * SECOND)};
	assert_int_equal(resolve("2026-11-30 23:30", 0), START + HOUR / 2);
	assert_int_equal(resolve("2026-12-01 00:20", 0), START + HOUR + 600 * SECOND);
	wall.count = 1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_time),
		cmocka_unit_test(test_from_the_beginning),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_times_of_day),
		cmocka_unit_test(test_a_date_with_a_zone),
		cmocka_unit_test(test_steps_of_the_clock),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
