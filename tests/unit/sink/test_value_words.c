/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sink/value_words.h"

static void float_texts_read_back(void **state)
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
	char text[VALUE_FLOAT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		text[value_float(numbers[i], false, text)] = '\0';
		assert_true(strtod(text, NULL) == numbers[i]);
	}
	for (size_t i = 0; i < sizeof(singles) / sizeof(singles[0]); i++) {
		text[value_float(singles[i], true, text)] = '\0';
		assert_true(strtof(text, NULL) == singles[i]);
	}
	assert_int_equal(value_float(0.1, false, text), 3);
	assert_int_equal(value_float(0.1f, true, text), 3);
	assert_int_equal(value_float(5e-324, false, text), strlen("5e-324"));
	value_float(-HUGE_VAL, false, text);
	assert_string_equal(text, "-Inf");
	value_float(HUGE_VAL, true, text);
	assert_string_equal(text, "+Inf");
	value_float(NAN, false, text);
	assert_string_equal(text, "NaN");
}

static void reasons_have_words(void **state)
{
	static const struct {
		struct value value;
		const char *words;
	} reasons[] = {
		{{.why = VALUE_NOT_READ}, "<not read>"},
		{{.why = VALUE_UNREADABLE, .u = 0x10}, "<unreadable 0x10>"},
		{{.why = VALUE_BAD_LENGTH}, "<bad length>"},
		{{.why = VALUE_BAD_LENGTH, .s = INT64_MIN, .counted = true},
		 "<bad length -9223372036854775808>"},
		{{.why = VALUE_BAD_INDEX}, "<bad index>"},
		{{.why = VALUE_UNKNOWN_TYPE}, "<unknown type>"},
		{{.why = VALUE_UNKNOWN_TYPE, .u = UINT64_MAX, .counted = true},
		 "<unknown type 0xffffffffffffffff>"},
		{{.why = VALUE_IN_REGISTER, .symbol = "X14"}, "<in X14>"},
		{{.why = VALUE_LEFT_OUT}, "<left out: more than --max-bytes>"},
		{{.why = 200}, "<not read>"},
	};
	char room[VALUE_ERROR_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		assert_string_equal(value_error(&reasons[i].value, room), reasons[i].words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(float_texts_read_back),
		cmocka_unit_test(reasons_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
