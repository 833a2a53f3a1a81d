/* SPDX-License-Identifier: GPL-2.0-only */
/* Values that stand by themselves: numbers, text, addresses, and what could not be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "trace/reading_expect.h"
#include "trace/value_record.h"

static struct value_record r;

static int fresh(void **state)
{
	(void)state;
	record_init(&r);
	return 0;
}

static struct reading item(size_t i)
{
	struct reading value;

	memset(&value, 0xa5, sizeof(value));
	reading_item(&r.src, i, &value);
	return value;
}

static void numbers_keep_to_their_size_and_sign(void **state)
{
	struct shape *bits;

	(void)state;
	record_word(&r, 16, 0xfedcba9876543280);
	record_item(&r, "a", "int8", 16, SHAPE_SIGNED, 1);
	record_item(&r, "b", "uint8", 16, SHAPE_UNSIGNED, 1);
	record_item(&r, "c", "int64", 16, SHAPE_SIGNED, 8);
	record_item(&r, "d", "x32", 16, SHAPE_HEX, 4);
	record_item(&r, "e", "bool", 17, SHAPE_BOOL, 1);
	bits = record_item(&r, "f", "b4@4/16", 16, SHAPE_BITS, 2);
	bits->bits = 4;
	bits->shift = 4;
	bits = record_item(&r, "g", "b64@0/64", 16, SHAPE_BITS, 8);
	bits->bits = 64;
	assert_int_equal(item(0).is.s, -128);
	assert_int_equal(item(1).is.u, 128);
	assert_true(item(2).is.s == (int64_t)0xfedcba9876543280);
	assert_int_equal(item(3).is.kind, VALUE_HEX);
	assert_int_equal(item(3).is.u, 0x76543280);
	assert_int_equal(item(4).is.u, 1);
	assert_int_equal(item(5).is.u, 8);
	assert_true(item(6).is.u == 0xfedcba9876543280);
}

static void sizes_that_no_number_has_are_not_read(void **state)
{
	(void)state;
	record_item(&r, "a", "?", 16, SHAPE_UNSIGNED, 9);
	record_item(&r, "b", "?", 16, SHAPE_FLOAT, 5);
	record_item(&r, "c", "?", 16, SHAPE_COMPLEX, 12);
	record_item(&r, "d", "?", 16, SHAPE_SIGNED, 0);
	for (size_t i = 0; i < 4; i++) {
		struct reading value = item(i);

		assert_error(&value, "<not read>");
	}
}

static void floats_come_in_two_sizes(void **state)
{
	float narrow[2] = {0.1f, -2};
	double wide[2] = {0.1, -2};
	struct reading value;

	(void)state;
	memcpy(r.bytes + 16, narrow, sizeof(narrow));
	memcpy(r.bytes + 32, wide, sizeof(wide));
	record_item(&r, "a", "float32", 16, SHAPE_FLOAT, 4);
	record_item(&r, "b", "float64", 32, SHAPE_FLOAT, 8);
	record_item(&r, "c", "complex64", 16, SHAPE_COMPLEX, 8);
	record_item(&r, "d", "complex128", 32, SHAPE_COMPLEX, 16);
	value = item(0);
	assert_true(value.is.single && (float)value.is.f == 0.1f);
	value = item(1);
	assert_true(!value.is.single && value.is.f == 0.1);
	value = item(2);
	assert_true(value.is.single && (float)value.is.f == 0.1f && value.is.imag == -2);
	value = item(3);
	assert_true(!value.is.single && value.is.f == 0.1 && value.is.imag == -2);
}

static void strings_are_as_long_as_their_header_says(void **state)
{
	struct reading value;

	(void)state;
	record_text(&r, 64, "hello world");
	record_status(&r, 1, FT_V_OK);
	record_status(&r, 2, FT_V_CUT);
	record_string(&r, "whole", SHAPE_STRING, 16, 5, 64, 8, 1);
	record_string(&r, "cut", SHAPE_STRING, 32, 99, 64, 8, 2);
	value = item(0);
	assert_text(&value, "hello");
	assert_false(value.is.truncated);
	value = item(1);
	assert_text(&value, "hello wo");
	assert_true(value.is.truncated && value.is.counted);
	assert_int_equal(value.is.len, 99);
}

/* Read together with others: the slot says where. */
static void strings_may_lie_elsewhere(void **state)
{
	struct reading value;

	(void)state;
	record_text(&r, 80, "GET /index");
	record_status(&r, 1, FT_V_ELSEWHERE);
	record_word(&r, 64, 84);
	record_string(&r, "path", SHAPE_STRING, 16, 6, 64, 8, 1);
	value = item(0);
	assert_text(&value, "/index");
	/* A place that is none. */
	record_word(&r, 64, UINT64_MAX - 2);
	value = item(0);
	assert_int_equal(value.is.kind, VALUE_ERROR);
	assert_int_equal(value.is.why, VALUE_NOT_READ);
	record_word(&r, 64, 1 << 20);
	value = item(0);
	assert_int_equal(value.is.kind, VALUE_ERROR);
}

static void a_status_does_not_make_a_long_string_whole(void **state)
{
	struct reading value;

	(void)state;
	record_text(&r, 64, "hello world");
	record_status(&r, 1, FT_V_OK);
	record_string(&r, "s", SHAPE_STRING, 16, 99, 64, 8, 1);
	value = item(0);
	assert_int_equal(value.is.nbytes, 8);
	assert_true(value.is.truncated);
}

static void cut_text_ends_with_a_whole_character(void **state)
{
	struct reading value;

	(void)state;
	record_text(&r, 64, "aa\xe4\xb8\x96");
	record_status(&r, 1, FT_V_CUT);
	record_string(&r, "s", SHAPE_STRING, 16, 9, 64, 4, 1);
	value = item(0);
	assert_text(&value, "aa");
	assert_true(value.is.utf8 && value.is.truncated);
	assert_int_equal(value.is.len, 9);
}

static void bytes_that_are_no_text_stay_as_they_are(void **state)
{
	struct reading value;

	(void)state;
	record_text(&r, 64, "\xff\xe4\xb8");
	record_status(&r, 1, FT_V_OK);
	record_string(&r, "whole", SHAPE_STRING, 16, 3, 64, 8, 1);
	record_string(&r, "cut", SHAPE_STRING, 32, 9, 64, 3, 1);
	value = item(0);
	assert_false(value.is.utf8);
	assert_int_equal(value.is.nbytes, 3);
	value = item(1);
	assert_false(value.is.utf8);
	assert_int_equal(value.is.nbytes, 3);
}

static void empty_and_nil_differ_for_byte_slices_only(void **state)
{
	struct reading value;

	(void)state;
	record_string(&r, "empty", SHAPE_BYTES, 16, 0, 64, 8, 1);
	record_string(&r, "nil", SHAPE_BYTES, 40, 0, 64, 8, 1);
	record_word(&r, 40, 0);
	record_string(&r, "string", SHAPE_STRING, 40, 0, 64, 8, 1);
	record_word(&r, 40, 0);
	value = item(0);
	assert_text(&value, "");
	assert_int_equal(item(1).is.kind, VALUE_NULL);
	value = item(2);
	assert_text(&value, "");
}

static void lengths_without_sense_are_errors(void **state)
{
	struct reading value;

	(void)state;
	record_status(&r, 1, FT_V_OK);
	record_string(&r, "s", SHAPE_STRING, 16, (uint64_t)-5, 64, 8, 1);
	record_string(&r, "b", SHAPE_BYTES, 40, 1ull << 60, 64, 8, 1);
	record_string(&r, "l", SHAPE_SLICE, 80, (uint64_t)INT64_MIN, 64, 8, 1);
	value = item(0);
	assert_error(&value, "<bad length -5>");
	value = item(1);
	assert_error(&value, "<bad length 1152921504606846976>");
	value = item(2);
	assert_error(&value, "<bad length -9223372036854775808>");
}

static void each_status_has_its_words(void **state)
{
	static const char *const texts[] = {
		[FT_V_UNREAD] = "<not read>",    [FT_V_FAULT] = "<unreadable 0x10>",
		[FT_V_NIL] = "<unreadable 0x0>", [FT_V_LENGTH] = "<bad length>",
		[FT_V_INDEX] = "<bad index>",    [FT_V_INDEX + 1] = "<not read>",
	};

	(void)state;
	record_word(&r, 64, 0x10);
	record_string(&r, "s", SHAPE_STRING, 16, 5, 64, 8, 1);
	record_item(&r, "n", "int", 64, SHAPE_SIGNED, 8);
	r.items[1].status = 1;
	for (uint8_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct reading value;

		record_status(&r, 1, i);
		if (!texts[i])
			continue;
		value = item(0);
		assert_error(&value, texts[i]);
		value = item(1);
		assert_error(&value, texts[i]);
	}
}

static void addresses_have_symbols_and_go_pointers_nil(void **state)
{
	static const struct gotype pointer = {.kind = GOTYPE_POINTER};
	static const struct gotype unsafe = {.kind = GOTYPE_UNSAFE_POINTER};
	struct reading value;

	(void)state;
	record_item(&r, "ptr", "ptr", 16, SHAPE_ADDRESS, 8);
	record_item(&r, "p", "*int", 24, SHAPE_ADDRESS, 8)->gotype = &pointer;
	record_item(&r, "u", "unsafe.Pointer", 24, SHAPE_ADDRESS, 8)->gotype = &unsafe;
	record_word(&r, 16, BIAS + 0x1010);
	value = item(0);
	assert_string_equal(value.is.symbol, "main.f");
	assert_int_equal(value.is.offset, 0x10);
	record_word(&r, 16, BIAS + 0x5008);
	value = item(0);
	assert_string_equal(value.is.symbol, "main.variable");
	assert_int_equal(value.is.offset, 8);
	record_word(&r, 16, 0x1010);
	assert_null(item(0).is.symbol);
	assert_int_equal(item(1).is.kind, VALUE_NULL);
	assert_int_equal(item(2).is.kind, VALUE_ADDRESS);
}

static void c_text_ends_at_its_nul(void **state)
{
	struct shape *shape = record_item(&r, "s", "string", 0, SHAPE_CSTRING, 0);
	struct reading value;

	(void)state;
	shape->data = 64;
	shape->data_len = 4;
	shape->data_status = 1;
	record_text(&r, 64, "abc");
	record_status(&r, 1, FT_V_OK);
	value = item(0);
	assert_text(&value, "abc");
	assert_false(value.is.truncated);
	record_status(&r, 1, FT_V_CUT);
	value = item(0);
	assert_text(&value, "abc");
	assert_true(value.is.truncated && !value.is.counted);
	record_status(&r, 1, FT_V_FAULT);
	record_word(&r, 64, 0x10);
	value = item(0);
	assert_error(&value, "<unreadable 0x10>");
}

static void fixed_text_ends_at_its_nul_or_size(void **state)
{
	struct reading value;

	(void)state;
	record_item(&r, "c64", "c64", 16, SHAPE_TEXT, 8);
	record_item(&r, "char", "char", 16, SHAPE_CHAR, 1);
	record_text(&r, 16, "zhangsan!");
	value = item(0);
	assert_text(&value, "zhangsan");
	value = item(1);
	assert_true(value.is.kind == VALUE_CHAR && value.is.nbytes == 1 && *value.is.text == 'z');
	r.bytes[18] = 0;
	value = item(0);
	assert_text(&value, "zh");
	memcpy(r.bytes + 16, "zhangs\xe4\xb8", 8);
	value = item(0);
	assert_text(&value, "zhangs");
}

static void short_records_and_wild_places_are_not_read(void **state)
{
	struct reading value;

	(void)state;
	record_item(&r, "no slot", "int", 0, SHAPE_SIGNED, 8);
	record_item(&r, "behind", "int", 3068, SHAPE_SIGNED, 8);
	record_item(&r, "far", "int", 16, SHAPE_SIGNED, 8)->at = UINT32_MAX;
	record_string(&r, "text", SHAPE_STRING, 16, 8, 60000, 64, 0);
	for (size_t i = 0; i < 4; i++) {
		value = item(i);
		assert_error(&value, "<not read>");
	}
	r.src.len = 0;
	for (size_t i = 0; i < 4; i++) {
		value = item(i);
		assert_int_equal(value.is.kind, VALUE_ERROR);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	const struct CMUnitTest tests[] = {
		TEST(numbers_keep_to_their_size_and_sign),
		TEST(sizes_that_no_number_has_are_not_read),
		TEST(floats_come_in_two_sizes),
		TEST(strings_are_as_long_as_their_header_says),
		TEST(strings_may_lie_elsewhere),
		TEST(a_status_does_not_make_a_long_string_whole),
		TEST(cut_text_ends_with_a_whole_character),
		TEST(bytes_that_are_no_text_stay_as_they_are),
		TEST(empty_and_nil_differ_for_byte_slices_only),
		TEST(lengths_without_sense_are_errors),
		TEST(each_status_has_its_words),
		TEST(addresses_have_symbols_and_go_pointers_nil),
		TEST(c_text_ends_at_its_nul),
		TEST(fixed_text_ends_at_its_nul_or_size),
		TEST(short_records_and_wild_places_are_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
