/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "value_record.h"

static struct value_record r;

static int fresh(void **state)
{
	(void)state;
	record_init(&r);
	return 0;
}

static struct value item(size_t i)
{
	struct value value;

	memset(&value, 0xa5, sizeof(value));
	value_item(&r.src, i, &value);
	return value;
}

static void assert_error(const struct value *value, const char *text)
{
	char room[VALUE_ERROR_MAX];

	assert_int_equal(value->kind, VALUE_ERROR);
	assert_string_equal(value_error(value, room), text);
}

static void assert_text(const struct value *value, const char *text)
{
	assert_int_equal(value->kind, VALUE_TEXT);
	assert_int_equal(value->nbytes, strlen(text));
	assert_memory_equal(value->text, text, value->nbytes);
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
	assert_int_equal(item(0).s, -128);
	assert_int_equal(item(1).u, 128);
	assert_true(item(2).s == (int64_t)0xfedcba9876543280);
	assert_int_equal(item(3).kind, VALUE_HEX);
	assert_int_equal(item(3).u, 0x76543280);
	assert_int_equal(item(4).u, 1);
	assert_int_equal(item(5).u, 8);
	assert_true(item(6).u == 0xfedcba9876543280);
}

static void sizes_that_no_number_has_are_not_read(void **state)
{
	(void)state;
	record_item(&r, "a", "?", 16, SHAPE_UNSIGNED, 9);
	record_item(&r, "b", "?", 16, SHAPE_FLOAT, 5);
	record_item(&r, "c", "?", 16, SHAPE_COMPLEX, 12);
	record_item(&r, "d", "?", 16, SHAPE_SIGNED, 0);
	for (size_t i = 0; i < 4; i++) {
		struct value value = item(i);

		assert_error(&value, "<not read>");
	}
}

static void floats_come_in_two_sizes(void **state)
{
	float narrow[2] = {0.1f, -2};
	double wide[2] = {0.1, -2};
	struct value value;

	(void)state;
	memcpy(r.bytes + 16, narrow, sizeof(narrow));
	memcpy(r.bytes + 32, wide, sizeof(wide));
	record_item(&r, "a", "float32", 16, SHAPE_FLOAT, 4);
	record_item(&r, "b", "float64", 32, SHAPE_FLOAT, 8);
	record_item(&r, "c", "complex64", 16, SHAPE_COMPLEX, 8);
	record_item(&r, "d", "complex128", 32, SHAPE_COMPLEX, 16);
	value = item(0);
	assert_true(value.single && (float)value.f == 0.1f);
	value = item(1);
	assert_true(!value.single && value.f == 0.1);
	value = item(2);
	assert_true(value.single && (float)value.f == 0.1f && value.imag == -2);
	value = item(3);
	assert_true(!value.single && value.f == 0.1 && value.imag == -2);
}

static void float_texts_read_back(void **state)
{
	static const double numbers[] = {0,      -0.0, 1,       0.1,    1.0 / 3, 1e21, 5e-324,
					 1e-310, 36.6, 1.5e300, 123456789012345678.0};
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

static void strings_are_as_long_as_their_header_says(void **state)
{
	struct value value;

	(void)state;
	record_text(&r, 64, "hello world");
	record_status(&r, 1, FT_V_OK);
	record_status(&r, 2, FT_V_CUT);
	record_string(&r, "whole", SHAPE_STRING, 16, 5, 64, 8, 1);
	record_string(&r, "cut", SHAPE_STRING, 32, 99, 64, 8, 2);
	value = item(0);
	assert_text(&value, "hello");
	assert_false(value.truncated);
	value = item(1);
	assert_text(&value, "hello wo");
	assert_true(value.truncated && value.counted);
	assert_int_equal(value.len, 99);
}

static void a_status_does_not_make_a_long_string_whole(void **state)
{
	struct value value;

	(void)state;
	record_text(&r, 64, "hello world");
	record_status(&r, 1, FT_V_OK);
	record_string(&r, "s", SHAPE_STRING, 16, 99, 64, 8, 1);
	value = item(0);
	assert_int_equal(value.nbytes, 8);
	assert_true(value.truncated);
}

static void cut_text_ends_with_a_whole_character(void **state)
{
	struct value value;

	(void)state;
	record_text(&r, 64, "aa\xe4\xb8\x96");
	record_status(&r, 1, FT_V_CUT);
	record_string(&r, "s", SHAPE_STRING, 16, 9, 64, 4, 1);
	value = item(0);
	assert_text(&value, "aa");
	assert_true(value.utf8 && value.truncated);
	assert_int_equal(value.len, 9);
}

static void bytes_that_are_no_text_stay_as_they_are(void **state)
{
	struct value value;

	(void)state;
	record_text(&r, 64, "\xff\xe4\xb8");
	record_status(&r, 1, FT_V_OK);
	record_string(&r, "whole", SHAPE_STRING, 16, 3, 64, 8, 1);
	record_string(&r, "cut", SHAPE_STRING, 32, 9, 64, 3, 1);
	value = item(0);
	assert_false(value.utf8);
	assert_int_equal(value.nbytes, 3);
	value = item(1);
	assert_false(value.utf8);
	assert_int_equal(value.nbytes, 3);
}

static void empty_and_nil_differ_for_byte_slices_only(void **state)
{
	struct value value;

	(void)state;
	record_string(&r, "empty", SHAPE_BYTES, 16, 0, 64, 8, 1);
	record_string(&r, "nil", SHAPE_BYTES, 40, 0, 64, 8, 1);
	record_word(&r, 40, 0);
	record_string(&r, "string", SHAPE_STRING, 40, 0, 64, 8, 1);
	record_word(&r, 40, 0);
	value = item(0);
	assert_text(&value, "");
	assert_int_equal(item(1).kind, VALUE_NULL);
	value = item(2);
	assert_text(&value, "");
}

static void lengths_without_sense_are_errors(void **state)
{
	struct value value;

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
		[FT_V_UNREAD] = "<not read>",     [FT_V_FAULT] = "<unreadable 0x10>",
		[FT_V_NIL] = "<unreadable 0x0>",  [FT_V_LENGTH] = "<bad length>",
		[FT_V_INDEX] = "<bad index>",     [FT_V_INDEX + 1] = "<not read>",
	};

	(void)state;
	record_word(&r, 64, 0x10);
	record_string(&r, "s", SHAPE_STRING, 16, 5, 64, 8, 1);
	record_item(&r, "n", "int", 64, SHAPE_SIGNED, 8);
	r.items[1].status = 1;
	for (uint8_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct value value;

		record_status(&r, 1, i);
		if (!texts[i])
			continue;
		value = item(0);
		assert_error(&value, texts[i]);
		value = item(1);
		assert_error(&value, texts[i]);
	}
}

static void a_part_may_have_a_status_of_its_own(void **state)
{
	static struct shape fields[] = {
		{.kind = SHAPE_SIGNED, .name = "a", .size = 8},
		{.kind = SHAPE_SIGNED, .name = "b", .size = 8, .at = 8, .status = 1},
		{.kind = SHAPE_REASON, .name = "c", .size = 8, .at = 16, .reason = "<in X0>"},
		{.kind = SHAPE_DEEPER, .name = "d", .size = 8, .at = 24},
	};
	struct shape *shape = record_item(&r, "s", "T", 16, SHAPE_STRUCT, 32);
	struct value value, child;

	(void)state;
	shape->children = fields;
	shape->nchildren = 4;
	record_word(&r, 16, 7);
	record_word(&r, 24, 0x10);
	record_status(&r, 1, FT_V_FAULT);
	value = item(0);
	assert_int_equal(value.kind, VALUE_OBJECT);
	assert_int_equal(value.nchildren, 4);
	value_child(&r.src, &value, 0, &child);
	assert_int_equal(child.s, 7);
	value_child(&r.src, &value, 1, &child);
	assert_error(&child, "<unreadable 0x10>");
	value_child(&r.src, &value, 2, &child);
	assert_error(&child, "<in X0>");
	value_child(&r.src, &value, 3, &child);
	assert_int_equal(child.kind, VALUE_DEEPER);
	assert_string_equal(value_child_name(&value, 3), "d");
}

static void slices_show_what_the_slot_holds(void **state)
{
	static struct shape elem = {.kind = SHAPE_SIGNED, .size = 4};
	struct shape *shape = record_string(&r, "l", SHAPE_SLICE, 16, 5, 64, 12, 1);
	struct value value, child;

	(void)state;
	shape->children = &elem;
	shape->nchildren = 1;
	shape->stride = 4;
	record_status(&r, 1, FT_V_CUT);
	record_word(&r, 64, 2ull << 32 | 1);
	record_word(&r, 72, 3);
	value = item(0);
	assert_int_equal(value.kind, VALUE_LIST);
	assert_int_equal(value.nchildren, 3);
	assert_true(value.truncated);
	assert_int_equal(value.len, 5);
	for (uint32_t i = 0; i < 3; i++) {
		value_child(&r.src, &value, i, &child);
		assert_int_equal(child.s, i + 1);
	}
	record_word(&r, 24, 2);
	value = item(0);
	assert_int_equal(value.nchildren, 2);
	assert_false(value.truncated);
	record_word(&r, 24, 0);
	value = item(0);
	assert_int_equal(value.kind, VALUE_LIST);
	assert_int_equal(value.nchildren, 0);
	record_word(&r, 16, 0);
	assert_int_equal(item(0).kind, VALUE_NULL);
}

static void elements_may_have_shapes_of_their_own(void **state)
{
	static struct shape elems[] = {
		{.kind = SHAPE_STRING, .size = 16, .data = 128, .data_len = 8, .data_status = 2},
		{.kind = SHAPE_STRING, .size = 16, .at = 16, .data = 136, .data_len = 8,
		 .data_status = 3},
	};
	struct shape *shape = record_string(&r, "l", SHAPE_SLICE, 16, 5, 64, 32, 1);
	struct value value, child;

	(void)state;
	shape->children = elems;
	shape->nchildren = 2;
	shape->stride = 16;
	record_status(&r, 1, FT_V_CUT);
	record_status(&r, 2, FT_V_OK);
	record_status(&r, 3, FT_V_OK);
	record_word(&r, 72, 1);
	record_word(&r, 88, 1);
	record_text(&r, 128, "a");
	record_text(&r, 136, "b");
	value = item(0);
	assert_int_equal(value.nchildren, 2);
	value_child(&r.src, &value, 0, &child);
	assert_text(&child, "a");
	value_child(&r.src, &value, 1, &child);
	assert_text(&child, "b");
	/* A slot with room for more elements than there are shapes. */
	shape->data_len = 512;
	assert_int_equal(item(0).nchildren, 2);
}

static void arrays_lie_in_place(void **state)
{
	static struct shape elem = {.kind = SHAPE_UNSIGNED, .size = 2};
	struct shape *shape = record_item(&r, "a", "[10]uint16", 16, SHAPE_ARRAY, 20);
	struct value value, child;

	(void)state;
	shape->children = &elem;
	shape->nchildren = 1;
	shape->stride = 2;
	shape->count = 10;
	shape->shown = 3;
	record_word(&r, 16, 3ull << 32 | 2 << 16 | 1);
	value = item(0);
	assert_int_equal(value.nchildren, 3);
	assert_true(value.truncated);
	assert_int_equal(value.len, 10);
	value_child(&r.src, &value, 2, &child);
	assert_int_equal(child.u, 3);
	shape->count = shape->shown = 0;
	assert_int_equal(item(0).nchildren, 0);
	assert_false(item(0).truncated);
}

static void pointers_are_followed_nil_or_unreadable(void **state)
{
	static struct shape target = {.kind = SHAPE_SIGNED, .size = 8};
	struct shape *shape = record_item(&r, "p", "*int", 16, SHAPE_POINTER, 8);
	struct value value, child;

	(void)state;
	shape->children = &target;
	shape->nchildren = 1;
	shape->data = 64;
	shape->data_len = 8;
	shape->data_status = 1;
	record_word(&r, 16, 0xc000010000);
	record_word(&r, 64, 42);
	record_status(&r, 1, FT_V_OK);
	value = item(0);
	assert_int_equal(value.kind, VALUE_POINTER);
	value_child(&r.src, &value, 0, &child);
	assert_int_equal(child.s, 42);
	record_status(&r, 1, FT_V_FAULT);
	value = item(0);
	assert_error(&value, "<unreadable 0x2a>");
	shape->data = SHAPE_NO_SLOT;
	value = item(0);
	assert_int_equal(value.kind, VALUE_ADDRESS);
	assert_true(value.u == 0xc000010000 && !value.symbol);
	record_word(&r, 16, 0);
	assert_int_equal(item(0).kind, VALUE_NULL);
}

static void addresses_have_symbols_and_go_pointers_nil(void **state)
{
	static const struct gotype pointer = {.kind = GOTYPE_POINTER};
	static const struct gotype unsafe = {.kind = GOTYPE_UNSAFE_POINTER};
	struct value value;

	(void)state;
	record_item(&r, "ptr", "ptr", 16, SHAPE_ADDRESS, 8);
	record_item(&r, "p", "*int", 24, SHAPE_ADDRESS, 8)->gotype = &pointer;
	record_item(&r, "u", "unsafe.Pointer", 24, SHAPE_ADDRESS, 8)->gotype = &unsafe;
	record_word(&r, 16, BIAS + 0x1010);
	value = item(0);
	assert_string_equal(value.symbol, "main.f");
	assert_int_equal(value.offset, 0x10);
	record_word(&r, 16, 0x1010);
	assert_null(item(0).symbol);
	assert_int_equal(item(1).kind, VALUE_NULL);
	assert_int_equal(item(2).kind, VALUE_ADDRESS);
}

static void maps_channels_and_funcs_are_words(void **state)
{
	static const enum shape_kind kinds[] = {SHAPE_MAP, SHAPE_CHAN, SHAPE_FUNC};
	struct value value;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct shape *shape = record_item(&r, "x", "T", 16, kinds[i], 8);

		shape->data = 64;
		shape->data_len = 16;
		shape->data_status = 1;
	}
	assert_int_equal(item(0).kind, VALUE_NULL);
	assert_int_equal(item(2).kind, VALUE_NULL);
	record_word(&r, 16, 0xc000010000);
	record_word(&r, 64, 1);
	record_word(&r, 72, 4);
	record_status(&r, 1, FT_V_OK);
	assert_int_equal(item(0).count, 1);
	value = item(1);
	assert_true(value.kind == VALUE_CHAN && value.count == 1 && value.capacity == 4);
	value = item(2);
	assert_true(value.kind == VALUE_FUNC && !value.symbol && value.u == 1);
	record_word(&r, 64, BIAS + 0x1100);
	assert_string_equal(item(2).symbol, "main.(*T).M-fm");
	record_word(&r, 64, (uint64_t)-1);
	value = item(0);
	assert_error(&value, "<bad length -1>");
	record_status(&r, 1, FT_V_FAULT);
	value = item(1);
	assert_error(&value, "<unreadable 0xffffffffffffffff>");
}

static void c_text_ends_at_its_nul(void **state)
{
	struct shape *shape = record_item(&r, "s", "string", 0, SHAPE_CSTRING, 0);
	struct value value;

	(void)state;
	shape->data = 64;
	shape->data_len = 4;
	shape->data_status = 1;
	record_text(&r, 64, "abc");
	record_status(&r, 1, FT_V_OK);
	value = item(0);
	assert_text(&value, "abc");
	assert_false(value.truncated);
	record_status(&r, 1, FT_V_CUT);
	value = item(0);
	assert_text(&value, "abc");
	assert_true(value.truncated && !value.counted);
	record_status(&r, 1, FT_V_FAULT);
	record_word(&r, 64, 0x10);
	value = item(0);
	assert_error(&value, "<unreadable 0x10>");
}

static void fixed_text_ends_at_its_nul_or_size(void **state)
{
	struct value value;

	(void)state;
	record_item(&r, "c64", "c64", 16, SHAPE_TEXT, 8);
	record_item(&r, "char", "char", 16, SHAPE_CHAR, 1);
	record_text(&r, 16, "zhangsan!");
	value = item(0);
	assert_text(&value, "zhangsan");
	value = item(1);
	assert_true(value.kind == VALUE_CHAR && value.nbytes == 1 && *value.text == 'z');
	r.bytes[18] = 0;
	value = item(0);
	assert_text(&value, "zh");
	memcpy(r.bytes + 16, "zhangs\xe4\xb8", 8);
	value = item(0);
	assert_text(&value, "zhangs");
}

static void interfaces_tell_their_dynamic_type(void **state)
{
	struct shape *shape = record_interface(&r, "x", 48, 0x5000);
	struct value value, child;

	(void)state;
	record_word(&r, 72, 3);
	value = item(0);
	assert_int_equal(value.kind, VALUE_DYNAMIC);
	assert_string_equal(value.dynamic->name, "int");
	value_child(&r.src, &value, 0, &child);
	assert_int_equal(child.s, 3);
	record_word(&r, 64, 0xbad000);
	value = item(0);
	assert_error(&value, "<unknown type 0xbad000>");
	record_status(&r, 1, FT_V_FAULT);
	value = item(0);
	assert_error(&value, "<unreadable 0xbad000>");
	record_word(&r, 48, 0);
	assert_int_equal(item(0).kind, VALUE_NULL);
	/* Not read: what the file tells of the itab, or nothing. */
	shape->iface = (struct shape_interface){0};
	record_word(&r, 48, BIAS + 0x6000);
	value = item(0);
	assert_string_equal(value.dynamic->name, "*errors.errorString");
	assert_int_equal(value.nchildren, 0);
	record_word(&r, 48, 0xc000010000);
	assert_int_equal(item(0).kind, VALUE_DEEPER);
	shape->iface.empty = true;
	record_word(&r, 48, BIAS + 0x5000);
	assert_string_equal(item(0).dynamic->name, "int");
}

static void interfaces_hold_strings_and_pointers(void **state)
{
	struct value value, child, target, text;

	(void)state;
	record_interface(&r, "x", 48, 0x5008);
	record_word(&r, 80, 4);
	record_text(&r, 136, "boom!");
	value = item(0);
	value_child(&r.src, &value, 0, &child);
	assert_text(&child, "boom");
	assert_false(value_says(&r.src, &value, &text));
	record_word(&r, 64, BIAS + 0x5010);
	value = item(0);
	value_child(&r.src, &value, 0, &child);
	assert_int_equal(child.kind, VALUE_POINTER);
	value_child(&r.src, &child, 0, &target);
	assert_int_equal(target.kind, VALUE_OBJECT);
	assert_true(value_says(&r.src, &value, &text));
	assert_text(&text, "boom");
	record_status(&r, 3, FT_V_UNREAD);
	assert_false(value_says(&r.src, &value, &text));
	record_status(&r, 2, FT_V_FAULT);
	record_word(&r, 72, 0x10);
	value_child(&r.src, &value, 0, &child);
	assert_error(&child, "<unreadable 0x10>");
	record_word(&r, 56, 0);
	value_child(&r.src, &value, 0, &child);
	assert_int_equal(child.kind, VALUE_NULL);
}

static void what_an_interface_did_not_bring_is_deeper(void **state)
{
	struct value value, object, child;

	(void)state;
	record_interface(&r, "x", 48, 0x5020);
	record_word(&r, 72, (uint64_t)-9); /* N */
	record_word(&r, 96, 2);            /* len(S) */
	record_text(&r, 168, "it");
	record_word(&r, 104, BIAS + 0x6000); /* E */
	record_word(&r, 120, 0xc000030000); /* P */
	value = item(0);
	value_child(&r.src, &value, 0, &object);
	assert_int_equal(object.kind, VALUE_OBJECT);
	value_child(&r.src, &object, 0, &child);
	assert_int_equal(child.s, -9);
	value_child(&r.src, &object, 1, &child);
	assert_text(&child, "it");
	value_child(&r.src, &object, 2, &child);
	assert_string_equal(child.dynamic->name, "*errors.errorString");
	value_child(&r.src, &object, 3, &child);
	assert_int_equal(child.kind, VALUE_ADDRESS);
	value_child(&r.src, &object, 4, &child);
	assert_int_equal(child.kind, VALUE_DEEPER);
}

static void a_direct_map_or_func_is_read(void **state)
{
	struct value value, child;

	(void)state;
	record_interface(&r, "x", 48, 0x5028);
	record_word(&r, 72, 5);
	value = item(0);
	value_child(&r.src, &value, 0, &child);
	assert_true(child.kind == VALUE_MAP && child.count == 5);
	record_word(&r, 64, BIAS + 0x5030);
	record_word(&r, 72, BIAS + 0x1000);
	value = item(0);
	value_child(&r.src, &value, 0, &child);
	assert_string_equal(child.symbol, "main.f");
}

static void short_records_and_wild_places_are_not_read(void **state)
{
	struct value value;

	(void)state;
	record_item(&r, "no slot", "int", 0, SHAPE_SIGNED, 8);
	record_item(&r, "behind", "int", 1020, SHAPE_SIGNED, 8);
	record_item(&r, "far", "int", 16, SHAPE_SIGNED, 8)->at = UINT32_MAX;
	record_string(&r, "text", SHAPE_STRING, 16, 8, 60000, 64, 0);
	for (size_t i = 0; i < 4; i++) {
		value = item(i);
		assert_error(&value, "<not read>");
	}
	r.src.len = 0;
	for (size_t i = 0; i < 4; i++) {
		value = item(i);
		assert_int_equal(value.kind, VALUE_ERROR);
	}
}

/* Looks at all that can be seen from a value; the sanitizer watches. */
static size_t walk(const struct value_source *src, const struct value *value, unsigned int depth)
{
	struct value child, text;
	size_t seen = 1;

	assert_true(depth < 8);
	if (value->kind == VALUE_TEXT || value->kind == VALUE_CHAR)
		for (size_t i = 0; i < value->nbytes; i++)
			seen += (unsigned char)value->text[i] & 1;
	if (value->kind == VALUE_DYNAMIC)
		seen += value_says(src, value, &text);
	for (uint32_t i = 0; i < value->nchildren; i++) {
		value_child(src, value, i, &child);
		seen += walk(src, &child, depth + 1);
	}
	return seen;
}

static void add_everything(void)
{
	static struct shape elem = {.kind = SHAPE_SIGNED, .size = 4};
	static struct shape target = {.kind = SHAPE_STRING, .size = 16, .data = 300,
				      .data_len = 32, .data_status = 6};
	struct shape *shape;

	record_interface(&r, "x", 48, 0x5020);
	record_interface(&r, "e", 48, 0x5010);
	record_string(&r, "s", SHAPE_STRING, 240, 5, 300, 32, 5);
	shape = record_string(&r, "l", SHAPE_SLICE, 240, 5, 300, 32, 5);
	shape->children = &elem;
	shape->nchildren = 1;
	shape->stride = 4;
	shape = record_item(&r, "p", "*string", 264, SHAPE_POINTER, 8);
	shape->children = &target;
	shape->nchildren = 1;
	shape->data = 272;
	shape->data_len = 16;
	shape->data_status = 7;
	shape = record_item(&r, "c", "string", 0, SHAPE_CSTRING, 0);
	shape->data = 300;
	shape->data_len = 32;
	shape->data_status = 5;
	shape = record_item(&r, "m", "chan int", 264, SHAPE_CHAN, 8);
	shape->data = 272;
	shape->data_len = 16;
	shape->data_status = 7;
	record_item(&r, "t", "c64", 304, SHAPE_TEXT, 8);
}

static void hostile_bytes_are_survived(void **state)
{
	uint64_t random = 88172645463325252u;
	size_t seen = 0;

	(void)state;
	add_everything();
	for (int round = 0; round < 20000; round++) {
		size_t len = round % 2 ? 336 : (size_t)round % 337;
		unsigned char *bytes = malloc(len ? len : 1);

		assert_non_null(bytes);
		memcpy(bytes, r.bytes, len);
		for (int i = 0; i < 8 && len; i++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			bytes[random % len] = (unsigned char)(random >> 32) &
					      (random & 0x100000 ? 0xff : 7);
		}
		r.src.bytes = bytes;
		r.src.len = len;
		for (size_t i = 0; i < r.fetch.nitems; i++) {
			struct value value = item(i);

			seen += walk(&r.src, &value, 0);
		}
		free(bytes);
	}
	assert_true(seen > 100000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, fresh)
	const struct CMUnitTest tests[] = {
		TEST(numbers_keep_to_their_size_and_sign),
		TEST(sizes_that_no_number_has_are_not_read),
		TEST(floats_come_in_two_sizes),
		TEST(float_texts_read_back),
		TEST(strings_are_as_long_as_their_header_says),
		TEST(a_status_does_not_make_a_long_string_whole),
		TEST(cut_text_ends_with_a_whole_character),
		TEST(bytes_that_are_no_text_stay_as_they_are),
		TEST(empty_and_nil_differ_for_byte_slices_only),
		TEST(lengths_without_sense_are_errors),
		TEST(each_status_has_its_words),
		TEST(a_part_may_have_a_status_of_its_own),
		TEST(slices_show_what_the_slot_holds),
		TEST(elements_may_have_shapes_of_their_own),
		TEST(arrays_lie_in_place),
		TEST(pointers_are_followed_nil_or_unreadable),
		TEST(addresses_have_symbols_and_go_pointers_nil),
		TEST(maps_channels_and_funcs_are_words),
		TEST(c_text_ends_at_its_nul),
		TEST(fixed_text_ends_at_its_nul_or_size),
		TEST(interfaces_tell_their_dynamic_type),
		TEST(interfaces_hold_strings_and_pointers),
		TEST(what_an_interface_did_not_bring_is_deeper),
		TEST(a_direct_map_or_func_is_read),
		TEST(short_records_and_wild_places_are_not_read),
		TEST(hostile_bytes_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
