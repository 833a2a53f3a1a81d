/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>

#include "sink/value_text.h"
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

static void assert_args(const char *text)
{
	buf_reset(&buf);
	value_text_args(&buf, &r.src);
	assert_string_equal(buf_str(&buf), text);
}

static void assert_results(const char *text)
{
	buf_reset(&buf);
	value_text_results(&buf, &r.src);
	assert_string_equal(buf_str(&buf), text);
}

static void arguments_have_names(void **state)
{
	(void)state;
	record_word(&r, 16, (uint64_t)-5);
	record_item(&r, "a", "int", 16, SHAPE_SIGNED, 8);
	record_item(&r, "hidden", "int", 16, SHAPE_SIGNED, 8);
	record_item(&r, "~p1", "bool", 16, SHAPE_BOOL, 1);
	r.items[1].hidden = true;
	assert_args("a=-5, ~p1=true");
}

static void results_have_names_when_the_source_gives_them(void **state)
{
	(void)state;
	record_word(&r, 16, 3);
	record_item(&r, "~r0", "int", 16, SHAPE_SIGNED, 8);
	assert_results("3");
	record_item(&r, "err", "error", 24, SHAPE_INTERFACE, 16);
	assert_results("(3, err=nil)");
	r.items[0].hidden = true;
	assert_results("err=nil");
}

static void text_is_quoted_and_harmless(void **state)
{
	(void)state;
	record_text(&r, 64, "a\"\x1b[m\xff");
	record_status(&r, 1, FT_V_CUT);
	record_string(&r, "s", SHAPE_STRING, 16, 99, 64, 6, 1);
	record_text(&r, 40, "'");
	record_item(&r, "c", "char", 40, SHAPE_CHAR, 1);
	record_item(&r, "\x1b", "char", 40, SHAPE_HEX, 1);
	assert_args("s=\"a\\\"\\x1b[m\\xff\"..., c='\\'', \\x1b=0x27");
}

static void a_text_that_was_not_read_is_not_an_empty_one(void **state)
{
	struct shape *shape = record_string(&r, "s", SHAPE_STRING, 16, 6, 64, 8, 1);

	(void)state;
	shape->data = SHAPE_NO_SLOT;
	record_string(&r, "b", SHAPE_BYTES, 32, 6, 64, 8, 1)->data = SHAPE_NO_SLOT;
	assert_args("s=..., b=...");
	record_word(&r, 24, 0);
	record_word(&r, 40, 0);
	assert_args("s=\"\", b=\"\"");
}

static void assert_instant(uint64_t wall, uint64_t ext, const char *text)
{
	record_word(&r, 16, wall);
	record_word(&r, 24, ext);
	assert_args(text);
}

static void instants_are_dates(void **state)
{
	static struct shape fields[] = {
		{.kind = SHAPE_UNSIGNED, .name = "wall", .size = 8},
		{.kind = SHAPE_SIGNED, .name = "ext", .at = 8, .size = 8},
		{.kind = SHAPE_ADDRESS, .name = "loc", .at = 16, .size = 8},
	};
	struct shape *shape = record_item(&r, "t", "time.Time", 16, SHAPE_STRUCT, 24);

	(void)state;
	shape->type = "time.Time";
	shape->children = fields;
	shape->nchildren = 3;
	assert_instant(0, 0, "t=0001-01-01T00:00:00Z");
	assert_instant(0, 62135596800, "t=1970-01-01T00:00:00Z");
	assert_instant(120000000, 63108777599, "t=2000-11-02T15:59:59.12Z");
	/* What time.Now() gives: 33 bits of seconds since 1885, and the monotonic clock in ext. */
	assert_instant(1ull << 63 | 4475700000ull << 30 | 5, 1234,
		       "t=2026-10-31T02:00:00.000000005Z");
	assert_instant(999999999, 315537897599, "t=9999-12-31T23:59:59.999999999Z");
	/* Years that have no four digits, and what is no time. */
	assert_instant(0, 315537897600, "t={wall:0, ext:315537897600, loc:0x0}");
	assert_instant(0, (uint64_t)-1, "t={wall:0, ext:-1, loc:0x0}");
	assert_instant(1 << 30 | 5, 0, "t={wall:1073741829, ext:0, loc:0x0}");
	assert_instant(1000000000, 0, "t={wall:1000000000, ext:0, loc:0x0}");
	shape->type = "mytime.Time";
	assert_instant(0, 0, "t={wall:0, ext:0, loc:0x0}");
}

static void floats_and_complex_numbers(void **state)
{
	double numbers[] = {2.5, -1, NAN, HUGE_VAL};

	(void)state;
	memcpy(r.bytes + 16, numbers, sizeof(numbers));
	record_item(&r, "f", "float64", 16, SHAPE_FLOAT, 8);
	record_item(&r, "c", "complex128", 16, SHAPE_COMPLEX, 16);
	record_item(&r, "d", "complex128", 24, SHAPE_COMPLEX, 16);
	record_item(&r, "e", "complex128", 32, SHAPE_COMPLEX, 16);
	assert_args("f=2.5, c=(2.5-1i), d=(-1+NaNi), e=(NaN+Infi)");
}

static void structs_pointers_and_lists(void **state)
{
	static struct shape fields[] = {
		{.kind = SHAPE_STRING,
		 .name = "name",
		 .data = 128,
		 .data_len = 8,
		 .data_status = 2},
		{.kind = SHAPE_SIGNED, .name = "age", .at = 16, .size = 8},
		{.kind = SHAPE_DEEPER, .name = "more", .at = 24},
	};
	static struct shape target = {
		.kind = SHAPE_STRUCT, .size = 32, .children = fields, .nchildren = 3};
	static struct shape elem = {.kind = SHAPE_UNSIGNED, .size = 1};
	struct shape *pointer = record_item(&r, "s", "*main.Student", 16, SHAPE_POINTER, 8);
	struct shape *list = record_item(&r, "l", "[9]uint8", 32, SHAPE_ARRAY, 9);

	(void)state;
	pointer->children = &target;
	pointer->nchildren = 1;
	pointer->data = 64;
	pointer->data_len = 32;
	pointer->data_status = 1;
	list->children = &elem;
	list->nchildren = list->stride = 1;
	list->count = 9;
	list->shown = 2;
	record_word(&r, 16, 0xc000010000);
	record_word(&r, 72, 5);
	record_word(&r, 80, 100);
	record_text(&r, 128, "zhang");
	record_word(&r, 32, 0x0201);
	record_status(&r, 1, FT_V_OK);
	record_status(&r, 2, FT_V_OK);
	assert_args("s=&{name:\"zhang\", age:100, more:...}, l=[1, 2, ...]");
	list->shown = 0;
	record_word(&r, 16, 0);
	assert_args("s=nil, l=[...]");
	list->count = 0;
	pointer->kind = SHAPE_ADDRESS;
	record_word(&r, 16, BIAS + 0x1010);
	assert_args("s=0x101010 <main.f+16>, l=[]");
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
	assert_args("x=map{len:1}, x=chan{len:1, cap:4}, x=0x1");
	record_word(&r, 64, BIAS + 0x1000);
	r.items[0].hidden = r.items[1].hidden = true;
	assert_args("x=main.f");
}

static void interfaces_are_conversions(void **state)
{
	struct shape *shape = record_interface(&r, "e", 48, 0x5010);

	(void)state;
	record_word(&r, 80, 4);
	record_text(&r, 136, "boom");
	assert_args("e=*errors.errorString(\"boom\")");
	record_word(&r, 64, BIAS + 0x5018);
	record_status(&r, 4, FT_V_UNREAD);
	record_word(&r, 72, 7);
	assert_args("e=*main.T(&{N:7, S:\"\", E:nil, P:nil, Far:...})");
	shape->iface = (struct shape_interface){0};
	record_word(&r, 48, BIAS + 0x6000);
	assert_args("e=*errors.errorString(...)");
}

static void reasons_stand_in_the_place_of_values(void **state)
{
	struct shape *shape = record_item(&r, "x", "float64", 0, SHAPE_REASON, 8);

	(void)state;
	shape->reason = "<in X0>";
	record_word(&r, 64, 0x10);
	record_status(&r, 1, FT_V_FAULT);
	record_string(&r, "s", SHAPE_STRING, 16, 3, 64, 8, 1);
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
		TEST(instants_are_dates),
		TEST(floats_and_complex_numbers),
		TEST(structs_pointers_and_lists),
		TEST(maps_channels_and_funcs),
		TEST(interfaces_are_conversions),
		TEST(reasons_stand_in_the_place_of_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
