/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>

#include "sink/made_values.h"
#include "sink/value_json.h"

static struct made m;
static struct buf buf;

static int fresh(void **state)
{
	(void)state;
	made_reset(&m);
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
	value_json(&buf, made_done(&m));
	assert_string_equal(buf_str(&buf), text);
	made_reset(&m);
}

static void items_are_a_list_in_order(void **state)
{
	(void)state;
	assert_json("[]");
	made_number(&m, "a", "int", -5);
	made_add(&m, VALUE_UNSIGNED, "b", "uint64")->u = UINT64_MAX;
	made_number(&m, "d", "time.Duration", 5);
	assert_json("[{\"name\":\"a\",\"type\":\"int\",\"value\":-5},"
		    "{\"name\":\"b\",\"type\":\"uint64\",\"value\":18446744073709551615},"
		    "{\"name\":\"d\",\"type\":\"time.Duration\",\"value\":5}]");
}

static void names_and_types_are_escaped(void **state)
{
	(void)state;
	made_add(&m, VALUE_BOOL, "+0(\"x\")", "struct { F \"a\" }");
	assert_json("[{\"name\":\"+0(\\\"x\\\")\",\"type\":\"struct { F \\\"a\\\" }\","
		    "\"value\":false}]");
}

/* As long as what is put in place at most, and longer; of a number, too. */
static void names_and_types_of_any_length(void **state)
{
	(void)state;
	made_number(&m, "abcdefghijklmnopqrstuvwx", "int", 1);
	made_number(&m, "abcdefghijklmnopqrstuvwxy", "int", 2);
	made_number(&m, "n", "example.org/a/module.(*T)", 3);
	made_number(&m, "", "a\xff\"", 4);
	assert_json("[{\"name\":\"abcdefghijklmnopqrstuvwx\",\"type\":\"int\",\"value\":1},"
		    "{\"name\":\"abcdefghijklmnopqrstuvwxy\",\"type\":\"int\",\"value\":2},"
		    "{\"name\":\"n\",\"type\":\"example.org/a/module.(*T)\",\"value\":3},"
		    "{\"name\":\"\",\"type\":\"a\xef\xbf\xbd\\\"\",\"value\":4}]");
}

/* A number that is a constant, or says what it is, says so behind it. */
static void numbers_may_say_more(void **state)
{
	(void)state;
	made_number(&m, "s", "State", 2)->symbol = "StateIdle";
	assert_json("[{\"name\":\"s\",\"type\":\"State\",\"value\":2,\"text\":\"StateIdle\"}]");
}

static void numbers_of_rules(void **state)
{
	struct value *value;

	(void)state;
	made_add(&m, VALUE_HEX, "x", "x64")->u = 0x1f;
	made_text(&m, "c", "z")->kind = VALUE_CHAR;
	value = made_add(&m, VALUE_ADDRESS, "p", "ptr");
	value->u = 0x101010;
	value->symbol = "main.f";
	value->offset = 16;
	assert_json("[{\"name\":\"x\",\"type\":\"x64\",\"value\":\"0x1f\"},"
		    "{\"name\":\"c\",\"type\":\"string\",\"value\":\"z\"},"
		    "{\"name\":\"p\",\"type\":\"ptr\",\"value\":"
		    "{\"ptr\":\"0x101010\",\"symbol\":\"main.f+16\"}}]");
}

static void floats_that_json_lacks_are_strings(void **state)
{
	struct value *complex;

	(void)state;
	made_add(&m, VALUE_FLOAT, "a", "f64")->f = 0.1;
	complex = made_add(&m, VALUE_COMPLEX, "b", "complex128");
	complex->f = NAN;
	complex->imag = HUGE_VAL;
	made_add(&m, VALUE_FLOAT, "c", "f64")->f = -HUGE_VAL;
	assert_json("[{\"name\":\"a\",\"type\":\"f64\",\"value\":0.1},"
		    "{\"name\":\"b\",\"type\":\"complex128\",\"value\":[\"NaN\",\"+Inf\"]},"
		    "{\"name\":\"c\",\"type\":\"f64\",\"value\":\"-Inf\"}]");
}

static void cut_text_says_so(void **state)
{
	struct value *text = made_text(&m, "s", "aaa\n");

	(void)state;
	text->truncated = text->counted = true;
	text->len = 99;
	text = made_text(&m, "t", "aaa");
	text->truncated = true;
	text = made_text(&m, "u", "aaa\n\xff");
	assert_json("[{\"name\":\"s\",\"type\":\"string\",\"value\":\"aaa\\n\","
		    "\"truncated\":true,\"len\":99},"
		    "{\"name\":\"t\",\"type\":\"string\",\"value\":\"aaa\",\"truncated\":true},"
		    "{\"name\":\"u\",\"type\":\"string\",\"hex\":\"6161610aff\"}]");
}

static void errors_take_the_place_of_values(void **state)
{
	(void)state;
	made_error(&m, "x", VALUE_IN_REGISTER, 0)->symbol = "X0";
	made_error(&m, "t", VALUE_BAD_LENGTH, (uint64_t)-5);
	made_add(&m, VALUE_DEEPER, "d", "T");
	assert_json("[{\"name\":\"x\",\"type\":\"T\",\"error\":\"<in X0>\"},"
		    "{\"name\":\"t\",\"type\":\"T\",\"error\":\"<bad length -5>\"},"
		    "{\"name\":\"d\",\"type\":\"T\","
		    "\"error\":\"<left out: more than --max-bytes>\"}]");
}

static void parts_have_keys_of_their_own(void **state)
{
	struct value *text;

	(void)state;
	made_add(&m, VALUE_OBJECT, "v", "main.T");
	made_in(&m);
	made_number(&m, "n", "int", 7);
	text = made_text(&m, "s", "aaa");
	text->truncated = text->counted = true;
	text->len = 99;
	made_error(&m, "x", VALUE_IN_REGISTER, 0)->symbol = "X0";
	made_add(&m, VALUE_DEEPER, "d", "T");
	made_text(&m, "h", "\xff");
	made_out(&m);
	assert_json("[{\"name\":\"v\",\"type\":\"main.T\",\"value\":{\"n\":7,"
		    "\"s\":{\"value\":\"aaa\",\"truncated\":true,\"len\":99},"
		    "\"x\":{\"error\":\"<in X0>\"},\"d\":{\"truncated\":true},"
		    "\"h\":{\"hex\":\"ff\"}}}]");
}

static void lists_and_pointers(void **state)
{
	struct value *list = made_add(&m, VALUE_LIST, "l", "[]int32");

	(void)state;
	list->truncated = list->counted = true;
	list->len = 5;
	made_in(&m);
	made_number(&m, NULL, "int32", 1);
	made_add(&m, VALUE_NULL, NULL, "*int32");
	made_out(&m);
	/* A pointer is what it points to, however deep. */
	made_add(&m, VALUE_POINTER, "p", "**string");
	made_in(&m);
	made_add(&m, VALUE_POINTER, NULL, "*string");
	made_in(&m);
	made_text(&m, NULL, "aaa");
	made_out(&m);
	made_out(&m);
	made_add(&m, VALUE_LIST, "e", "[]int");
	made_add(&m, VALUE_ADDRESS, "a", "*int32")->u = 0xc000010000;
	assert_json(
		"[{\"name\":\"l\",\"type\":\"[]int32\",\"value\":[1,null],\"truncated\":true,\"len\":5},"
		"{\"name\":\"p\",\"type\":\"**string\",\"value\":\"aaa\"},"
		"{\"name\":\"e\",\"type\":\"[]int\",\"value\":[]},"
		"{\"name\":\"a\",\"type\":\"*int32\",\"value\":{\"ptr\":\"0xc000010000\"}}]");
}

static void maps_channels_and_funcs(void **state)
{
	struct value *value;

	(void)state;
	made_add(&m, VALUE_MAP, "x", "T")->len = 1;
	value = made_add(&m, VALUE_CHAN, "x", "T");
	value->len = 1;
	value->capacity = 4;
	made_add(&m, VALUE_FUNC, "x", "T")->u = 1;
	made_add(&m, VALUE_FUNC, "x", "T")->symbol = "main.(*T).M-fm";
	assert_json("[{\"name\":\"x\",\"type\":\"T\",\"value\":{\"len\":1}},"
		    "{\"name\":\"x\",\"type\":\"T\",\"value\":{\"len\":1,\"cap\":4}},"
		    "{\"name\":\"x\",\"type\":\"T\",\"value\":{\"ptr\":\"0x1\"}},"
		    "{\"name\":\"x\",\"type\":\"T\",\"value\":\"main.(*T).M-fm\"}]");
}

static struct value *add_dynamic(const char *type, bool says)
{
	struct value *value = made_add(&m, VALUE_DYNAMIC, "e", "interface {}");

	value->dynamic = type;
	value->text = "not this";
	value->nbytes = 8;
	value->says = says;
	return value;
}

static void interfaces_name_their_type(void **state)
{
	(void)state;
	add_dynamic("*errors.errorString", true);
	made_in(&m);
	made_add(&m, VALUE_OBJECT, NULL, NULL);
	made_in(&m);
	made_text(&m, "s", "boom");
	made_out(&m);
	made_text(&m, NULL, "boom");
	made_out(&m);
	add_dynamic("int", false);
	made_in(&m);
	made_error(&m, NULL, VALUE_UNREADABLE, 0x10);
	made_out(&m);
	add_dynamic("context.deadlineExceededError", true);
	made_in(&m);
	made_text(&m, NULL, "boom");
	made_out(&m);
	add_dynamic("main.T", false);
	assert_json("[{\"name\":\"e\",\"type\":\"interface {}\",\"value\":"
		    "{\"type\":\"*errors.errorString\",\"value\":{\"s\":\"boom\"},"
		    "\"text\":\"boom\"}},"
		    "{\"name\":\"e\",\"type\":\"interface {}\",\"value\":"
		    "{\"type\":\"int\",\"value\":{\"error\":\"<unreadable 0x10>\"}}},"
		    "{\"name\":\"e\",\"type\":\"interface {}\",\"value\":"
		    "{\"type\":\"context.deadlineExceededError\",\"text\":\"boom\"}},"
		    "{\"name\":\"e\",\"type\":\"interface {}\",\"value\":{\"type\":\"main.T\"}}]");
}

static void any_value_may_say_what_it_is(void **state)
{
	(void)state;
	made_add(&m, VALUE_POINTER, "u", "*url.URL")->says = true;
	made_in(&m);
	made_add(&m, VALUE_OBJECT, NULL, NULL);
	made_in(&m);
	made_number(&m, "Port", "int", 80);
	made_add(&m, VALUE_OBJECT, "d", NULL)->says = true;
	made_in(&m);
	made_text(&m, "s", "a");
	made_text(&m, NULL, "said");
	made_out(&m);
	made_out(&m);
	made_text(&m, NULL, "http://h/");
	made_out(&m);
	*made_text(&m, "r", "GET h/") = (struct value){.kind = VALUE_SAID,
						       .name = "r",
						       .type = "*http.Request",
						       .text = "GET h/",
						       .nbytes = 6,
						       .span = 1,
						       .utf8 = true};
	assert_json("[{\"name\":\"u\",\"type\":\"*url.URL\",\"value\":{\"Port\":80,"
		    "\"d\":{\"value\":{\"s\":\"a\"},\"text\":\"said\"}},\"text\":\"http://h/\"},"
		    "{\"name\":\"r\",\"type\":\"*http.Request\",\"text\":\"GET h/\"}]");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, release)
	const struct CMUnitTest tests[] = {
		TEST(items_are_a_list_in_order),
		TEST(any_value_may_say_what_it_is),
		TEST(names_and_types_are_escaped),
		TEST(names_and_types_of_any_length),
		TEST(numbers_may_say_more),
		TEST(numbers_of_rules),
		TEST(floats_that_json_lacks_are_strings),
		TEST(cut_text_says_so),
		TEST(errors_take_the_place_of_values),
		TEST(parts_have_keys_of_their_own),
		TEST(lists_and_pointers),
		TEST(maps_channels_and_funcs),
		TEST(interfaces_name_their_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
