/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "sink/value_words.h"

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
		cmocka_unit_test(reasons_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
