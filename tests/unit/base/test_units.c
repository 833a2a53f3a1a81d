/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/units.h"

static void numbers(void **state)
{
	static const struct {
		const char *text;
		unsigned int base;
		int err;
		uint64_t value;
	} rows[] = {
		{"0", 0, 0, 0},
		{"42", 0, 0, 42},
		{"0x1f", 0, 0, 31},
		{"0XfF", 0, 0, 255},
		{"017", 0, 0, 15},
		{"00", 0, 0, 0},
		{"017", 10, 0, 17},
		{"18446744073709551615", 0, 0, UINT64_MAX},
		{"0xffffffffffffffff", 0, 0, UINT64_MAX},
		{"01777777777777777777777", 0, 0, UINT64_MAX},
		{"18446744073709551616", 0, -ERANGE, 0},
		{"0x10000000000000000", 0, -ERANGE, 0},
		{"99999999999999999999999x", 0, -EINVAL, 0},
		{"", 0, -EINVAL, 0},
		{"0x", 0, -EINVAL, 0},
		{"08", 0, -EINVAL, 0},
		{"0x1f", 10, -EINVAL, 0},
		{"1f", 0, -EINVAL, 0},
		{"-1", 0, -EINVAL, 0},
		{"+1", 0, -EINVAL, 0},
		{" 1", 0, -EINVAL, 0},
		{"1 ", 0, -EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t value = 0;

		print_message("%s\n", rows[i].text);
		assert_int_equal(units_number(rows[i].text, strlen(rows[i].text), rows[i].base,
					      &value),
				 rows[i].err);
		assert_true(value == rows[i].value);
	}
}

static void signed_numbers(void **state)
{
	static const struct {
		const char *text;
		int err;
		int64_t value;
	} rows[] = {
		{"7", 0, 7},
		{"+7", 0, 7},
		{"-7", 0, -7},
		{"-0x10", 0, -16},
		{"9223372036854775807", 0, INT64_MAX},
		{"-9223372036854775808", 0, INT64_MIN},
		{"9223372036854775808", -ERANGE, 0},
		{"-9223372036854775809", -ERANGE, 0},
		{"-", -EINVAL, 0},
		{"--1", -EINVAL, 0},
		{"", -EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t value = 0;

		print_message("%s\n", rows[i].text);
		assert_int_equal(units_signed(rows[i].text, strlen(rows[i].text), 0, &value),
				 rows[i].err);
		assert_true(value == rows[i].value);
	}
}

struct unit_row {
	const char *text;
	uint64_t value;
	const char *error;
};

typedef int unit_parser(const char *text, size_t len, bool zero_ok, uint64_t *value,
			struct error *err);

static void check_rows(unit_parser *parse, bool zero_ok, const struct unit_row *row, size_t count)
{
	for (; count--; row++) {
		struct error err = {0};
		uint64_t value = 0;
		int ret = parse(row->text, strlen(row->text), zero_ok, &value, &err);

		print_message("%s\n", row->text);
		assert_string_equal(err.text, row->error ? row->error : "");
		assert_int_equal(ret, row->error ? -EINVAL : 0);
		assert_true(value == row->value);
		assert_int_equal(parse(row->text, strlen(row->text), zero_ok, &value, NULL), ret);
	}
}

#define CHECK_ROWS(parse, zero_ok, rows) \
	check_rows(parse, zero_ok, rows, sizeof(rows) / sizeof(*(rows)))

static void times(void **state)
{
	static const struct unit_row rows[] = {
		{"1ns", 1, NULL},
		{"10us", 10000, NULL},
		{"10ms", 10000000, NULL},
		{"2s", 2000000000, NULL},
		{"3m", 180000000000, NULL},
		{"1.5s", 1500000000, NULL},
		{"0.5m", 30000000000, NULL},
		{"0.0000001m", 6000, NULL},
		{"1.123456789123456789123s", 1123456789, NULL},
		{"1.9ns", 1, NULL},
		{"010ms", 10000000, NULL},
		{"9223372036854775807ns", INT64_MAX, NULL},
		{"9223372036854775808ns", 0,
		 "'9223372036854775808ns' is too long; the longest TIME is 153722867m"},
		{"153722867m", 153722867u * 60000000000u, NULL},
		{"153722868m", 0, "'153722868m' is too long; the longest TIME is 153722867m"},
		{"9223372036.9s", 0, "'9223372036.9s' is too long; the longest TIME is 153722867m"},
		{"99999999999999999999s", 0,
		 "'99999999999999999999s' is too long; the longest TIME is 153722867m"},
		{"10", 0, "'10' has no unit; add ns, us, ms, s or m"},
		{"0", 0, "'0' has no unit; add ns, us, ms, s or m"},
		{"-10ms", 0, "'-10ms' is negative; give a TIME from 0 on, like 10ms"},
		{"0s", 0, "'0s' is no time at all; give at least 1ns"},
		{"0.1ns", 0, "'0.1ns' is no time at all; give at least 1ns"},
		{"10h", 0, "'10h' has an unknown unit 'h'; take ns, us, ms, s or m"},
		{"10 ms", 0, "'10 ms' has an unknown unit ' ms'; take ns, us, ms, s or m"},
		{"1e3s", 0, "'1e3s' has an unknown unit 'e3s'; take ns, us, ms, s or m"},
		{"", 0, "'' is not a TIME; write a number and ns, us, ms, s or m, like 10ms"},
		{"ms", 0, "'ms' is not a TIME; write a number and ns, us, ms, s or m, like 10ms"},
		{".5s", 0, "'.5s' is not a TIME; write a number and ns, us, ms, s or m, like 10ms"},
		{"5.s", 0, "'5.s' is not a TIME; write a number and ns, us, ms, s or m, like 10ms"},
	};
	static const struct unit_row zero[] = {
		{"0s", 0, NULL},
		{"0.1ns", 0, NULL},
		{"0", 0, "'0' has no unit; add ns, us, ms, s or m"},
	};

	(void)state;
	CHECK_ROWS(units_time, false, rows);
	CHECK_ROWS(units_time, true, zero);
}

static void sizes(void **state)
{
	static const struct unit_row rows[] = {
		{"1", 1, NULL},
		{"4096", 4096, NULL},
		{"4K", 4096, NULL},
		{"8M", 8388608, NULL},
		{"2G", 2147483648, NULL},
		{"8589934591G", 8589934591u << 30, NULL},
		{"9223372036854775807", INT64_MAX, NULL},
		{"8589934592G", 0, "'8589934592G' is too large; the largest SIZE is 8589934591G"},
		{"9223372036854775808", 0,
		 "'9223372036854775808' is too large; the largest SIZE is 8589934591G"},
		{"99999999999999999999K", 0,
		 "'99999999999999999999K' is too large; the largest SIZE is 8589934591G"},
		{"0", 0, "'0' is no size at all; give at least 1"},
		{"0K", 0, "'0K' is no size at all; give at least 1"},
		{"-1", 0, "'-1' is negative; give a SIZE from 0 on, like 8M"},
		{"", 0, "'' is not a SIZE; write a whole number of bytes, K, M or G, like 8M"},
		{"K", 0, "'K' is not a SIZE; write a whole number of bytes, K, M or G, like 8M"},
		{"8MB", 0,
		 "'8MB' is not a SIZE; write a whole number of bytes, K, M or G, like 8M"},
		{"8T", 0, "'8T' is not a SIZE; write a whole number of bytes, K, M or G, like 8M"},
		{"1.5M", 0,
		 "'1.5M' is not a SIZE; write a whole number of bytes, K, M or G, like 8M"},
		{"0x10", 0,
		 "'0x10' is not a SIZE; write a whole number of bytes, K, M or G, like 8M"},
	};
	static const struct unit_row zero[] = {{"0", 0, NULL}, {"0G", 0, NULL}};

	(void)state;
	CHECK_ROWS(units_size, false, rows);
	CHECK_ROWS(units_size, true, zero);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(signed_numbers),
		cmocka_unit_test(times),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
