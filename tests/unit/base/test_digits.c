/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/digits.h"

static void check(uint64_t value)
{
	char expected[32], got[32];
	char *end = digits_put(got, value);

	*end = '\0';
	snprintf(expected, sizeof(expected), "%" PRIu64, value);
	assert_string_equal(got, expected);
	assert_int_equal(digits_count(value), strlen(expected));
}

static void test_every_length(void **state)
{
	(void)state;
	check(0);
	for (unsigned int i = 0; i < 20; i++) {
		check(digits_powers[i] - 1);
		check(digits_powers[i]);
		check(digits_powers[i] + 1);
		check(digits_powers[i] * 9);
	}
	for (unsigned int bit = 0; bit < 64; bit++) {
		check(UINT64_C(1) << bit);
		check((UINT64_C(1) << bit) - 1);
	}
	check(UINT64_MAX);
}

static void test_padded(void **state)
{
	char text[8] = {0};

	(void)state;
	digits_padded(text, 88803, 6);
	assert_string_equal(text, "088803");
	memset(text, 0, sizeof(text));
	digits_padded(text, 1234567, 3);
	assert_string_equal(text, "567");
}

static void test_signed(void **state)
{
	char text[32];

	(void)state;
	*digits_put_signed(text, INT64_MIN) = '\0';
	assert_string_equal(text, "-9223372036854775808");
	*digits_put_signed(text, 42) = '\0';
	assert_string_equal(text, "42");
}

static void test_floats_read_back(void **state)
{
	static const double numbers[] = {0,
					 -0.0,
					 1,
					 0.1,
					 1.0 / 3,
					 1e21,
					 5e-324,
					 1e-310,
					 36.6,
					 1.5e300,
					 123456789012345678.0};
	static const float singles[] = {0.1f, 1e20f, 1e-45f, 16777217.0f, 3.4028235e38f};
	char text[DIGITS_FLOAT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		text[digits_float(numbers[i], false, text)] = '\0';
		assert_true(strtod(text, NULL) == numbers[i]);
	}
	for (size_t i = 0; i < sizeof(singles) / sizeof(singles[0]); i++) {
		text[digits_float(singles[i], true, text)] = '\0';
		assert_true(strtof(text, NULL) == singles[i]);
	}
	assert_int_equal(digits_float(0.1, false, text), 3);
	assert_int_equal(digits_float(0.1f, true, text), 3);
	assert_int_equal(digits_float(5e-324, false, text), strlen("5e-324"));
	digits_float(-HUGE_VAL, false, text);
	assert_string_equal(text, "-Inf");
	digits_float(HUGE_VAL, true, text);
	assert_string_equal(text, "+Inf");
	digits_float(NAN, false, text);
	assert_string_equal(text, "NaN");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_padded),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_floats_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
