/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>

#include "sink/made_values.h"
#include "sink/value_text.h"

static struct made m;
static struct buf buf;
static const struct value_style full;

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

static void assert_args(const char *text)
{
	buf_reset(&buf);
	value_text_args(&buf, made_done(&m), &full, NULL);
	assert_string_equal(buf_str(&buf), text);
	made_reset(&m);
}

static void assert_results(const char *text)
{
	buf_reset(&buf);
	value_text_results(&buf, made_done(&m), &full, NULL);
	assert_string_equal(buf_str(&buf), text);
	made_reset(&m);
}

static void arguments_have_names(void **state)
{
	(void)state;
	assert_args("");
	made_number(&m, "a", "int", -5);
	made_add(&m, VALUE_BOOL, "~p1", "bool")->u = 1;
	assert_args("a=-5, ~p1=true");
}

static void results_have_names_when_the_source_gives_them(void **state)
{
	(void)state;
	made_number(&m, "~r0", "int", 3);
	assert_results("3");
	made_number(&m, "~r0", "int", 3);
	made_add(&m, VALUE_NULL, "err", "error");
	assert_results("(3, err=nil)");
	made_add(&m, VALUE_NULL, "err", "error");
	assert_results("err=nil");
}

static void text_is_quoted_and_harmless(void **state)
{
	struct value *text = made_text(&m, "s", "a\"\x1b[m\xff");

	(void)state;
	text->truncated = text->counted = true;
	text = made_text(&m, "c", "'");
	text->kind = VALUE_CHAR;
	made_add(&m, VALUE_HEX, "\x1b", "char")->u = 0x27;
	assert_args("s=\"a\\\"\\x1b[m\\xff\"..., c='\\'', \\x1b=0x27");
}

static void a_text_that_was_not_read_is_not_an_empty_one(void **state)
{
	(void)state;
	made_text(&m, "s", "")->truncated = true;
	made_text(&m, "b", "");
	assert_args("s=..., b=\"\"");
}

/* Words that tell all of a value stand for it; others do not. */
static void exact_words_stand_for_a_value(void **state)
{
	(void)state;
	for (int exact = 0; exact < 2; exact++) {
		struct value *value = made_number(&m, "d", "time.Duration", 1500000000);

		value->says = true;
		value->exact = exact;
		made_in(&m);
		made_text(&m, NULL, "1.5s")->kind = VALUE_SAID;
		made_out(&m);
		value = made_add(&m, VALUE_OBJECT, "t", "time.Time");
		value->says = true;
		value->exact = exact;
		made_in(&m);
		made_number(&m, "ext", "int64", 5);
		made_text(&m, NULL, "0001-01-01T00:00:05Z")->kind = VALUE_SAID;
		made_out(&m);
		assert_args(exact ? "d=1.5s, t=0001-01-01T00:00:05Z" : "d=1500000000, t={ext:5}");
	}
}

static void floats_and_complex_numbers(void **state)
{
	struct value *complex;

	(void)state;
	made_add(&m, VALUE_FLOAT, "a", "float64")->f = 2.5;
	complex = made_add(&m, VALUE_COMPLEX, "b", "complex128");
	complex->f = -1;
	complex->imag = NAN;
	complex = made_add(&m, VALUE_COMPLEX, "c", "complex64");
	complex->f = 1;
	complex->imag = 0.1f;
	complex->single = true;
	complex = made_add(&m, VALUE_COMPLEX, "d", "complex128");
	complex->imag = HUGE_VAL;
	assert_args("a=2.5, b=(-1+NaNi), c=(1+0.1i), d=(0+Infi)");
}

static void structs_pointers_and_lists(void **state)
{
	struct value *list;

	(void)state;
	made_add(&m, VALUE_POINTER, "s", "*main.Student");
	made_in(&m);
	made_add(&m, VALUE_OBJECT, NULL, "main.Student");
	made_in(&m);
	made_text(&m, "name", "zhang");
	made_number(&m, "age", "int", 100);
	made_add(&m, VALUE_DEEPER, "more", "T");
	made_out(&m);
	made_out(&m);
	list = made_add(&m, VALUE_LIST, "l", "[9]uint8");
	list->truncated = list->counted = true;
	made_in(&m);
	made_number(&m, NULL, "uint8", 1);
	made_number(&m, NULL, "uint8", 2);
	made_out(&m);
	made_add(&m, VALUE_LIST, "m", "[9]uint8")->truncated = true;
	made_add(&m, VALUE_LIST, "e", "[]int");
	made_add(&m, VALUE_NULL, "n", "[]int");
	assert_args("s=&{name:\"zhang\", age:100, more:...}, l=[1, 2, ...], m=[...], e=[], n=nil");
}

static void addresses_maps_channels_and_funcs(void **state)
{
	struct value *value = made_add(&m, VALUE_ADDRESS, "p", "ptr");

	(void)state;
	value->u = 0x101010;
	value->symbol = "main.f";
	value->offset = 16;
	made_add(&m, VALUE_ADDRESS, "q", "uintptr")->u = 0x10;
	made_add(&m, VALUE_MAP, "m", "map[string]int")->len = 1;
	value = made_add(&m, VALUE_CHAN, "c", "chan int");
	value->len = 1;
	value->capacity = 4;
	made_add(&m, VALUE_FUNC, "f", "func()")->u = 1;
	made_add(&m, VALUE_FUNC, "g", "func()")->symbol = "main.f";
	assert_args("p=0x101010 <main.f+16>, q=0x10, m=map{len:1}, c=chan{len:1, cap:4}, f=0x1, "
		    "g=main.f");
}

static struct value *add_dynamic(const char *type, bool says)
{
	struct value *value = made_add(&m, VALUE_DYNAMIC, "e", "interface {}");

	value->dynamic = type;
	value->text = type;
	value->nbytes = (uint32_t)strlen(type);
	value->says = says;
	return value;
}

static void interfaces_are_conversions(void **state)
{
	(void)state;
	add_dynamic("int", false);
	made_in(&m);
	made_number(&m, NULL, "int", 3);
	made_out(&m);
	assert_args("e=int(3)");
	/* What an error says is more than what it is made of. */
	add_dynamic("*errors.errorString", true);
	made_in(&m);
	made_add(&m, VALUE_POINTER, NULL, NULL);
	made_in(&m);
	made_number(&m, NULL, "int", 3);
	made_out(&m);
	made_text(&m, NULL, "boom");
	made_out(&m);
	assert_args("e=*errors.errorString(\"boom\")");
	add_dynamic("main.errorConst", true);
	made_in(&m);
	made_text(&m, NULL, "boom");
	made_out(&m);
	assert_args("e=main.errorConst(\"boom\")");
	add_dynamic("main.T", false);
	assert_args("e=main.T(...)");
}

static void reasons_stand_in_the_place_of_values(void **state)
{
	(void)state;
	made_error(&m, "x", VALUE_IN_REGISTER, 0)->symbol = "X0";
	made_error(&m, "s", VALUE_UNREADABLE, 0x10);
	assert_args("x=<in X0>, s=<unreadable 0x10>");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, release)
	const struct CMUnitTest tests[] = {
		TEST(arguments_have_names),
		TEST(results_have_names_when_the_source_gives_them),
		TEST(text_is_quoted_and_harmless),
		TEST(a_text_that_was_not_read_is_not_an_empty_one),
		TEST(exact_words_stand_for_a_value),
		TEST(floats_and_complex_numbers),
		TEST(structs_pointers_and_lists),
		TEST(addresses_maps_channels_and_funcs),
		TEST(interfaces_are_conversions),
		TEST(reasons_stand_in_the_place_of_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
