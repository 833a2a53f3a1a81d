/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"

static void has(struct buf *buf, const char *text)
{
	assert_string_equal(buf_str(buf), text);
	buf_release(buf);
	*buf = (struct buf){0};
}

static void test_commas(void **state)
{
	struct buf buf = {0};

	(void)state;
	json_object(&buf);
	json_object_end(&buf);
	has(&buf, "{}");

	json_object(&buf);
	json_field_u64(&buf, "pid", 7);
	json_key(&buf, "list");
	json_array(&buf);
	json_next(&buf);
	json_array(&buf);
	json_array_end(&buf);
	json_next(&buf);
	json_u64(&buf, 1);
	json_next(&buf);
	json_null(&buf);
	json_next(&buf);
	json_object(&buf);
	json_field_text(&buf, "a", "b");
	json_object_end(&buf);
	json_next(&buf);
	json_array(&buf);
	json_next(&buf);
	json_i64(&buf, -1);
	json_next(&buf);
	json_bool(&buf, true);
	json_array_end(&buf);
	json_array_end(&buf);
	json_field_bool(&buf, "last", false);
	json_line_end(&buf);
	has(&buf, "{\"pid\":7,\"list\":[[],1,null,{\"a\":\"b\"},[-1,true]],\"last\":false}\n");
}

/* Text never passes for the end of what stands before: its quotation mark does not let it. */
static void test_text_that_ends_like_a_bracket(void **state)
{
	struct buf buf = {0};

	(void)state;
	json_array(&buf);
	json_next(&buf);
	json_text(&buf, "[");
	json_next(&buf);
	json_text(&buf, "{");
	json_next(&buf);
	json_text(&buf, ":");
	json_next(&buf);
	json_text(&buf, "\n");
	json_next(&buf);
	json_text(&buf, "");
	json_array_end(&buf);
	has(&buf, "[\"[\",\"{\",\":\",\"\\n\",\"\"]");
}

static void test_lines_follow_each_other_without_a_comma(void **state)
{
	struct buf buf = {0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		json_object(&buf);
		json_field_i64(&buf, "n", -i);
		json_line_end(&buf);
	}
	has(&buf, "{\"n\":0}\n{\"n\":-1}\n");
}

static void test_strings_and_keys_are_escaped(void **state)
{
	struct buf buf = {0};

	(void)state;
	json_object(&buf);
	json_key_string(&buf, "a\"b\x1b", 4);
	json_string(&buf, "\xff\"\\\0", 4);
	json_key_string(&buf, "c", 1);
	json_text(&buf, "\u202e");
	json_key(&buf, "d");
	json_quoted(&buf, "\\u202e", 6);
	json_object_end(&buf);
	has(&buf,
	    "{\"a\\\"b\\u001b\":\"\uFFFD\\\"\\\\\\u0000\",\"c\":\"\\u202e\",\"d\":\"\\u202e\"}");
}

static void test_numbers(void **state)
{
	struct buf buf = {0};

	(void)state;
	json_array(&buf);
	json_next(&buf);
	json_u64(&buf, UINT64_MAX);
	json_next(&buf);
	json_i64(&buf, INT64_MIN);
	json_next(&buf);
	json_hex_u64(&buf, 0xc000012345);
	json_next(&buf);
	json_hex(&buf, "\x00\xff\x10", 3);
	json_next(&buf);
	json_hex(&buf, "", 0);
	json_next(&buf);
	json_float(&buf, 1.5, "1.5", 3);
	json_next(&buf);
	json_float(&buf, __builtin_inf(), "+Inf", 4);
	json_next(&buf);
	json_float(&buf, __builtin_nan(""), "NaN", 3);
	json_array_end(&buf);
	has(&buf, "[18446744073709551615,-9223372036854775808,\"0xc000012345\",\"00ff10\",\"\",1.5,"
		  "\"+Inf\",\"NaN\"]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commas),
		cmocka_unit_test(test_text_that_ends_like_a_bracket),
		cmocka_unit_test(test_lines_follow_each_other_without_a_comma),
		cmocka_unit_test(test_strings_and_keys_are_escaped),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
