/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The columns left of the function, lines of several goroutines and processes in turn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sink/columns.h"

static struct sink_config config;
static struct columns columns;
static struct buf buf;

static int begin(void **state)
{
	(void)state;
	config = (struct sink_config){.time = SINK_TIME_NONE};
	columns_init(&columns, &config);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buf_release(&buf);
	return 0;
}

static const char *line(const struct owner *owner, struct moment moment)
{
	buf_reset(&buf);
	columns_fit(&columns, owner);
	columns_add(&columns, &buf, owner, &moment);
	buf_addc(&buf, '|');
	return buf_str(&buf);
}

static const char *of(const struct owner *owner)
{
	return line(owner, (struct moment){0}) + strlen("DURATION   ");
}

static void test_lanes(void **state)
{
	struct owner one = {.pid = 7, .goid_known = true, .goid = 1};
	struct owner worked_for = {.pid = 7, .goid_known = true, .curg = 1};
	struct owner nobody = {.pid = 7, .goid_known = true};
	struct owner unknown = {.pid = 7};
	struct owner large = {.pid = 1234567, .goid_known = true, .goid = 12345};

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_string_equal(of(&one), "  1  |");
		assert_string_equal(of(&one), "  1  |");
		assert_string_equal(of(&worked_for), " 1*  |");
		assert_string_equal(of(&nobody), "  -  |");
		assert_string_equal(of(&unknown), "  ?  |");
	}
	/* The newest owner's text is of the widths that hold. */
	of(&one);
	columns_fit(&columns, &large);
	assert_string_equal(of(&one), "    1  |");
	assert_string_equal(of(&large), "12345  |");
	assert_string_equal(of(&one), "    1  |");
	columns_show_pid(&columns, 7);
	assert_string_equal(of(&one), "    7      1  |");
	assert_string_equal(of(&large), "1234567  12345  |");
	assert_string_equal(of(&one), "      7      1  |");
	one.pid = 8;
	assert_string_equal(of(&one), "      8      1  |");
	one.pid = 0;
	assert_string_equal(of(&one), "      ?      1  |");
}

static void test_widest(void **state)
{
	struct owner owner = {.pid = UINT32_MAX, .goid_known = true, .curg = UINT64_MAX};
	struct moment moment = {
		.time = 0,
		.timed = true,
		.lasted = true,
		.approximate = true,
		.duration = UINT64_MAX,
	};

	(void)state;
	config.time = SINK_TIME_UNIX;
	config.color = true;
	config.realtime = INT64_MIN;
	columns_init(&columns, &config);
	columns_show_pid(&columns, 1);
	assert_string_equal(line(&owner, moment),
			    "-9223372036.854775  \033[31m~18446744074 s $\033[0m "
			    "4294967295  18446744073709551615*  |");
}

static void test_durations(void **state)
{
	struct owner owner = {.goid_known = true, .goid = 1};
	struct moment moment = {.lasted = true};

	(void)state;
	assert_string_equal(line(&owner, moment), "    0 ns     1  |");
	moment.duration = 10200000;
	moment.approximate = true;
	assert_string_equal(line(&owner, moment), "~10.2 ms *   1  |");
	moment.duration = 3725000000000;
	assert_string_equal(line(&owner, moment), " ~3725 s $   1  |");
	moment.duration = 12345678000000000;
	assert_string_equal(line(&owner, moment), "~12345678 s $   1  |");
	moment = (struct moment){0};
	assert_string_equal(line(&owner, moment), "             1  |");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_lanes, begin, end),
		cmocka_unit_test_setup_teardown(test_widest, begin, end),
		cmocka_unit_test_setup_teardown(test_durations, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
