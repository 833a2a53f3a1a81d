/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sink/duration.h"

static const struct {
	uint64_t ns;
	const char *text;
	char mark;
} rows[] = {
	{0, "0 ns", ' '},
	{1, "1 ns", ' '},
	{999, "999 ns", ' '},
	{1000, "1.00 us", ' '},
	{1004, "1.00 us", ' '},
	{1005, "1.01 us", ' '},
	{9994, "9.99 us", ' '},
	{9995, "10.0 us", ' '},
	{10000, "10.0 us", ' '},
	{10001, "10.0 us", '+'},
	{99949, "99.9 us", '+'},
	{99950, "100 us", '+'},
	{100000, "100 us", '+'},
	{100001, "100 us", '!'},
	{999499, "999 us", '!'},
	{999500, "1.00 ms", '!'},
	{1000000, "1.00 ms", '!'},
	{1000001, "1.00 ms", '#'},
	{10200000, "10.2 ms", '*'},
	{100000001, "100 ms", '@'},
	{999499999, "999 ms", '@'},
	{999500000, "1.00 s", '@'},
	{1000000000, "1.00 s", '@'},
	{1000152000, "1.00 s", '$'},
	{59994999999, "60.0 s", '$'},
	{999499999999, "999 s", '$'},
	{999500000000, "1000 s", '$'},
	{3725000000000, "3725 s", '$'},
	{UINT64_MAX, "18446744074 s", '$'},
};

static void test_durations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[DURATION_MAX + 1];
		char *end = duration_put(text, rows[i].ns);

		assert_true(end - text <= DURATION_MAX);
		*end = '\0';
		assert_string_equal(text, rows[i].text);
		assert_int_equal(duration_mark(rows[i].ns), rows[i].mark);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_durations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
