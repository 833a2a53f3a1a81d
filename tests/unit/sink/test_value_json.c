/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>

#include "sink/value_json.h"
#include "value_record.h"

static struct value_record r;
static struct buf buf;

static int fresh(void **state)
{
	(void)state;
	record_init(&r);
	return 0;
}

static int release(void **state)
{
	(void)state;
	buf_release(&buf);
	return 0;
}

static void assert_json(const char *text)
{
	buf_reset(&buf);
	value_json(&buf, &r.src);
	assert_string_equal(buf_str(&buf), text);
}

static void items_are_a_list_in_order(void **state)
{
	(void)state;
	assert_json("[]");
	record_word(&r, 16, (uint64_t)-5);
	record_item(&r, "a", "int", 16, SHAPE_SIGNED, 8);
	record_item(&r, "hidden", "int", 16, SHAPE_SIGNED, 8);
	record_item(&r, "b", "uint64", 16, SHAPE_UNSIGNED, 8);
	r.items[1].hidden = true;
	assert_json("[{\"name\":\"a\",\"type\":\"int\",\"value\":-5},"
		    "{\"name\":\"b\",\"type\":\"uint64\",\"value\":18446744073709551611}]");
}

static void a_hidden_item_leaves_no_comma(void **state)
{
	(void)state;
	record_item(&r, "hidden", "int", 16, SHAPE_SIGNED, 8);
	record_item(&r, "b", "bool", 16, SHAPE_BOOL, 1);
	r.items[0].hidden = true;
	assert_json("[{\"name\":\"b\",\"type\":\"bool\",\"value\":false}]");
}

static void names_and_types_are_escaped(void **state)
{
	(void)state;
	record_item(&r, "+0(\"x\")", "struct { F \"a\" }", 16, SHAPE_BOOL, 1);
	assert_json("[{\"name\":\"+0(\\\"x\\\")\",\"type\":\"struct { F \\\"a\\\" }\","
		    "\"value\":false}]");
}

static void numbers_of_rules(void **state)
{
	(void)state;
	record_word(&r, 16, 0x1f);
	record_item(&r, "x", "x64", 16, SHAPE_HEX, 8);
	record_text(&r, 24, "z");
	record_item(&r, "c", "char", 24, SHAPE_CHAR, 1);
	record_word(&r, 32, BIAS + 0x1010);
	record_item(&r, "p", "ptr", 32, SHAPE_ADDRESS, 8);
	assert_json("[{\"name\":\"x\",\"type\":\"x64\",\"value\":\"0x1f\"},"
		    "{\"name\":\"c\",\"type\":\"char\",\"value\":\"z\"},"
		    "{\"name\":\"p\",\"type\":\"ptr\",\"value\":"
		    "{\"ptr\":\"0x101010\",\"symbol\":\"main.f+16\"}}]");
}

static void a_byte_that_is_no_text_is_hexadecimal(void **state)
{
	(void)state;
	r.bytes[16] = 0xff;
	record_item(&r, "c", "char", 16, SHAPE_CHAR, 1);
	assert_json("[{\"name\":\"c\",\"type\":\"char\",\"hex\":\"ff\"}]");
}

static void floats_that_json_lacks_are_strings(void **state)
{
	double numbers[] = {0.1, NAN, HUGE_VAL, -HUGE_VAL};

	(void)state;
	memcpy(r.bytes + 16, numbers, sizeof(numbers));
	record_item(&r, "a", "f64", 16, SHAPE_FLOAT, 8);
	record_item(&r, "b", "complex128", 24, SHAPE_COMPLEX, 16);
	record_item(&r, "c", "f64", 40, SHAPE_FLOAT, 8);
	assert_json("[{\"name\":\"a\",\"type\":\"f64\",\"value\":0.1},"
		    "{\"name\":\"b\",\"type\":\"complex128\",\"value\":[\"NaN\",\"+Inf\"]},"
		    "{\"name\":\"c\",\"type\":\"f64\",\"value\":\"-Inf\"}]");
}

static void cut_text_says_so(void **state)
{
	(void)state;
	record_text(&r, 64, "aaa\n\xff");
	record_status(&r, 1, FT_V_CUT);
	record_string(&r, "s", SHAPE_STRING, 16, 99, 64, 4, 1);
	assert_json("[{\"name\":\"s\",\"type\":\"T\",\"value\":\"aaa\\n\","
		    "\"truncated\":true,\"len\":99}]");
	r.items[0].shape.data_len = 5;
	assert_json("[{\"name\":\"s\",\"type\":\"T\",\"hex\":\"6161610aff\","
		    "\"truncated\":true,\"len\":99}]");
	record_word(&r, 24, 3);
	assert_json("[{\"name\":\"s\",\"type\":\"T\",\"value\":\"aaa\"}]");
}

static void errors_take_the_place_of_values(void **state)
{
	struct shape *shape;

	(void)state;
	shape = record_item(&r, "x", "float64", 0, SHAPE_REASON, 8);
	shape->reason = "<in X0>";
	record_word(&r, 64, 0x10);
	record_status(&r, 1, FT_V_FAULT);
	record_string(&r, "s", SHAPE_STRING, 16, 3, 64, 8, 1);
	record_string(&r, "t", SHAPE_STRING, 32, (uint64_t)-5, 64, 8, 1);
	record_item(&r, "d", "T", 16, SHAPE_DEEPER, 8);
	assert_json("[{\"name\":\"x\",\"type\":\"float64\",\"error\":\"<in X0>\"},"
		    "{\"name\":\"s\",\"type\":\"T\",\"error\":\"<unreadable 0x10>\"},"
		    "{\"name\":\"t\",\"type\":\"T\",\"error\":\"<bad length -5>\"},"
		    "{\"name\":\"d\",\"type\":\"T\","
		    "\"error\":\"<left out: more than --max-bytes>\"}]");
}

static void parts_have_keys_of_their_own(void **state)
{
	static struct shape fields[] = {
		{.kind = SHAPE_SIGNED, .name = "n", .size = 8},
		{.kind = SHAPE_STRING,
		 .name = "s",
		 .at = 8,
		 .data = 64,
		 .data_len = 3,
		 .data_status = 1},
		{.kind = SHAPE_REASON, .name = "x", .reason = "<in X0>"},
		{.kind = SHAPE_DEEPER, .name = "d"},
		{.kind = SHAPE_TEXT, .name = "h", .at = 24, .size = 1},
	};
	struct shape *shape = record_item(&r, "v", "main.T", 16, SHAPE_STRUCT, 40);

	(void)state;
	shape->children = fields;
	shape->nchildren = 5;
	record_word(&r, 16, 7);
	record_word(&r, 24, 0xc000010000);
	record_word(&r, 32, 99);
	record_text(&r, 64, "aaa");
	record_status(&r, 1, FT_V_CUT);
	r.bytes[40] = 0xff;
	assert_json("[{\"name\":\"v\",\"type\":\"main.T\",\"value\":{\"n\":7,"
		    "\"s\":{\"value\":\"aaa\",\"truncated\":true,\"len\":99},"
		    "\"x\":{\"error\":\"<in X0>\"},\"d\":{\"truncated\":true},"
		    "\"h\":{\"hex\":\"ff\"}}}]");
}

static void lists_and_pointers(void **state)
{
	static struct shape elem = {.kind = SHAPE_SIGNED, .size = 4};
	struct shape *list = record_string(&r, "l", SHAPE_SLICE, 16, 5, 64, 8, 1);
	struct shape *pointer = record_item(&r, "p", "*int32", 40, SHAPE_POINTER, 8);

	(void)state;
	list->children = pointer->children = &elem;
	list->nchildren = pointer->nchildren = 1;
	list->stride = 4;
	pointer->data = 64;
	pointer->data_len = 4;
	pointer->data_status = 1;
	record_word(&r, 64, 2ull << 32 | 1);
	record_word(&r, 40, 0xc000010000);
	record_status(&r, 1, FT_V_CUT);
	assert_json("[{\"name\":\"l\",\"type\":\"T\",\"value\":[1,2],\"truncated\":true,\"len\":5},"
		    "{\"name\":\"p\",\"type\":\"*int32\",\"value\":1}]");
	record_word(&r, 40, 0);
	record_word(&r, 24, 0);
	assert_json("[{\"name\":\"l\",\"type\":\"T\",\"value\":[]},"
		    "{\"name\":\"p\",\"type\":\"*int32\",\"value\":null}]");
	pointer->kind = SHAPE_ADDRESS;
	record_word(&r, 40, 0xc000010000);
	record_word(&r, 16, 0);
	assert_json("[{\"name\":\"l\",\"type\":\"T\",\"value\":null},"
		    "{\"name\":\"p\",\"type\":\"*int32\",\"value\":{\"ptr\":\"0xc000010000\"}}]");
}

static void a_pointer_is_what_it_points_to(void **state)
{
	static struct shape target = {
		.kind = SHAPE_STRING, .data = 96, .data_len = 3, .data_status = 2};
	struct shape *pointer = record_item(&r, "p", "*string", 16, SHAPE_POINTER, 8);

	(void)state;
	pointer->children = &target;
	pointer->nchildren = 1;
	pointer->data = 64;
	pointer->data_len = 16;
	pointer->data_status = 1;
	record_word(&r, 16, 0xc000010000);
	record_word(&r, 72, 99);
	record_text(&r, 96, "aaa");
	record_status(&r, 1, FT_V_OK);
	record_status(&r, 2, FT_V_CUT);
	assert_json("[{\"name\":\"p\",\"type\":\"*string\",\"value\":\"aaa\","
		    "\"truncated\":true,\"len\":99}]");
}

static void maps_channels_and_funcs(void **state)
{
	static const enum shape_kind kinds[] = {SHAPE_MAP, SHAPE_CHAN, SHAPE_FUNC};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct shape *shape = record_item(&r, "x", "T", 16, kinds[i], 8);

		shape->data = 64;
		shape->data_len = 16;
		shape->data_status = 1;
	}
	record_status(&r, 1, FT_V_OK);
	record_word(&r, 16, 0xc000010000);
	record_word(&r, 64, 1);
	record_word(&r, 72, 4);
	assert_json("[{\"name\":\"x\",\"type\":\"T\",\"value\":{\"len\":1}},"
		    "{\"name\":\"x\",\"type\":\"T\",\"value\":{\"len\":1,\"cap\":4}},"
		    "{\"name\":\"x\",\"type\":\"T\",\"value\":{\"ptr\":\"0x1\"}}]");
	r.items[0].hidden = r.items[1].hidden = true;
	record_word(&r, 64, BIAS + 0x1100);
	assert_json("[{\"name\":\"x\",\"type\":\"T\",\"value\":\"main.(*T).M-fm\"}]");
}

static void interfaces_name_their_type(void **state)
{
	struct shape *shape = record_interface(&r, "e", 48, 0x5010);

	(void)state;
	record_word(&r, 80, 4);
	record_text(&r, 136, "boom");
	assert_json("[{\"name\":\"e\",\"type\":\"interface {}\",\"value\":"
		    "{\"type\":\"*errors.errorString\",\"value\":{\"s\":\"boom\"},"
		    "\"text\":\"boom\"}}]");
	record_word(&r, 80, 99);
	r.items[0].shape.iface.text_len = 4;
	assert_json("[{\"name\":\"e\",\"type\":\"interface {}\",\"value\":"
		    "{\"type\":\"*errors.errorString\","
		    "\"value\":{\"s\":{\"value\":\"boom\",\"truncated\":true,\"len\":99}},"
		    "\"text\":{\"value\":\"boom\",\"truncated\":true,\"len\":99}}}]");
	record_word(&r, 64, BIAS + 0x5000);
	record_status(&r, 2, FT_V_FAULT);
	record_word(&r, 72, 0x10);
	assert_json("[{\"name\":\"e\",\"type\":\"interface {}\",\"value\":"
		    "{\"type\":\"int\",\"value\":{\"error\":\"<unreadable 0x10>\"}}}]");
	shape->iface = (struct shape_interface){0};
	record_word(&r, 48, BIAS + 0x6000);
	assert_json("[{\"name\":\"e\",\"type\":\"interface {}\",\"value\":"
		    "{\"type\":\"*errors.errorString\"}}]");
	record_word(&r, 48, 0);
	assert_json("[{\"name\":\"e\",\"type\":\"interface {}\",\"value\":null}]");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, release)
	const struct CMUnitTest tests[] = {
		TEST(items_are_a_list_in_order),
		TEST(a_hidden_item_leaves_no_comma),
		TEST(names_and_types_are_escaped),
		TEST(numbers_of_rules),
		TEST(a_byte_that_is_no_text_is_hexadecimal),
		TEST(floats_that_json_lacks_are_strings),
		TEST(cut_text_says_so),
		TEST(errors_take_the_place_of_values),
		TEST(parts_have_keys_of_their_own),
		TEST(lists_and_pointers),
		TEST(a_pointer_is_what_it_points_to),
		TEST(maps_channels_and_funcs),
		TEST(interfaces_name_their_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
