/* SPDX-License-Identifier: GPL-2.0-only */
/* Values that have parts: what they hold, or lead to, and hostile records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

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

static void a_part_may_have_a_status_of_its_own(void **state)
{
	static struct shape fields[] = {
		{.kind = SHAPE_SIGNED, .name = "a", .size = 8},
		{.kind = SHAPE_SIGNED, .name = "b", .size = 8, .at = 8, .status = 1},
		{.kind = SHAPE_REASON,
		 .name = "c",
		 .size = 8,
		 .at = 16,
		 .reason = SHAPE_IN_REGISTER,
		 .reg = "X0"},
		{.kind = SHAPE_DEEPER, .name = "d", .size = 8, .at = 24},
	};
	struct shape *shape = record_item(&r, "s", "T", 16, SHAPE_STRUCT, 32);
	struct reading value, child;

	(void)state;
	shape->children = fields;
	shape->nchildren = 4;
	record_word(&r, 16, 7);
	record_word(&r, 24, 0x10);
	record_status(&r, 1, FT_V_FAULT);
	value = item(0);
	assert_int_equal(value.is.kind, VALUE_OBJECT);
	assert_int_equal(value.is.nchildren, 4);
	reading_child(&r.src, &value, 0, &child);
	assert_int_equal(child.is.s, 7);
	reading_child(&r.src, &value, 1, &child);
	assert_error(&child, "<unreadable 0x10>");
	reading_child(&r.src, &value, 2, &child);
	assert_error(&child, "<in X0>");
	reading_child(&r.src, &value, 3, &child);
	assert_int_equal(child.is.kind, VALUE_DEEPER);
	assert_string_equal(reading_child_name(&value, 3), "d");
}

static void slices_show_what_the_slot_holds(void **state)
{
	static struct shape elem = {.kind = SHAPE_SIGNED, .size = 4};
	struct shape *shape = record_string(&r, "l", SHAPE_SLICE, 16, 5, 64, 12, 1);
	struct reading value, child;

	(void)state;
	shape->children = &elem;
	shape->nchildren = 1;
	shape->stride = 4;
	record_status(&r, 1, FT_V_CUT);
	record_word(&r, 64, 2ull << 32 | 1);
	record_word(&r, 72, 3);
	value = item(0);
	assert_int_equal(value.is.kind, VALUE_LIST);
	assert_int_equal(value.is.nchildren, 3);
	assert_true(value.is.truncated);
	assert_int_equal(value.is.len, 5);
	for (uint32_t i = 0; i < 3; i++) {
		reading_child(&r.src, &value, i, &child);
		assert_int_equal(child.is.s, i + 1);
	}
	record_word(&r, 24, 2);
	value = item(0);
	assert_int_equal(value.is.nchildren, 2);
	assert_false(value.is.truncated);
	record_word(&r, 24, 0);
	value = item(0);
	assert_int_equal(value.is.kind, VALUE_LIST);
	assert_int_equal(value.is.nchildren, 0);
	record_word(&r, 16, 0);
	assert_int_equal(item(0).is.kind, VALUE_NULL);
}

static void nothing_is_longer_than_what_it_lies_in(void **state)
{
	static struct shape elem = {.kind = SHAPE_SIGNED, .size = 4};
	struct shape *list = record_string(&r, "l", SHAPE_SLICE, 16, 3, 96, 12, 1);
	struct reading value;

	(void)state;
	list->children = &elem;
	list->nchildren = 1;
	list->stride = 4;
	record_string(&r, "b", SHAPE_BYTES, 40, 3, 112, 3, 1);
	record_status(&r, 1, FT_V_OK);
	assert_int_equal(item(0).is.kind, VALUE_LIST);
	assert_int_equal(item(1).is.kind, VALUE_TEXT);
	record_word(&r, 32, 2);
	record_word(&r, 56, 2);
	value = item(0);
	assert_error(&value, "<bad length 3>");
	value = item(1);
	assert_error(&value, "<bad length 3>");
}

static void elements_may_have_shapes_of_their_own(void **state)
{
	static struct shape elems[] = {
		{.kind = SHAPE_STRING, .size = 16, .data = 128, .data_len = 8, .data_status = 2},
		{.kind = SHAPE_STRING,
		 .size = 16,
		 .at = 16,
		 .data = 136,
		 .data_len = 8,
		 .data_status = 3},
	};
	struct shape *shape = record_string(&r, "l", SHAPE_SLICE, 16, 5, 64, 32, 1);
	struct reading value, child;

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
	assert_int_equal(value.is.nchildren, 2);
	reading_child(&r.src, &value, 0, &child);
	assert_text(&child, "a");
	reading_child(&r.src, &value, 1, &child);
	assert_text(&child, "b");
	/* A slot with room for more elements than there are shapes. */
	shape->data_len = 512;
	assert_int_equal(item(0).is.nchildren, 2);
}

static void arrays_lie_in_place(void **state)
{
	static struct shape elem = {.kind = SHAPE_UNSIGNED, .size = 2};
	struct shape *shape = record_item(&r, "a", "[10]uint16", 16, SHAPE_ARRAY, 20);
	struct reading value, child;

	(void)state;
	shape->children = &elem;
	shape->nchildren = 1;
	shape->stride = 2;
	shape->count = 10;
	shape->shown = 3;
	record_word(&r, 16, 3ull << 32 | 2 << 16 | 1);
	value = item(0);
	assert_int_equal(value.is.nchildren, 3);
	assert_true(value.is.truncated);
	assert_int_equal(value.is.len, 10);
	reading_child(&r.src, &value, 2, &child);
	assert_int_equal(child.is.u, 3);
	shape->count = shape->shown = 0;
	assert_int_equal(item(0).is.nchildren, 0);
	assert_false(item(0).is.truncated);
}

static void pointers_are_followed_nil_or_unreadable(void **state)
{
	static struct shape target = {.kind = SHAPE_SIGNED, .size = 8};
	struct shape *shape = record_item(&r, "p", "*int", 16, SHAPE_POINTER, 8);
	struct reading value, child;

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
	assert_int_equal(value.is.kind, VALUE_POINTER);
	reading_child(&r.src, &value, 0, &child);
	assert_int_equal(child.is.s, 42);
	record_status(&r, 1, FT_V_FAULT);
	value = item(0);
	assert_error(&value, "<unreadable 0x2a>");
	shape->data = SHAPE_NO_SLOT;
	value = item(0);
	assert_int_equal(value.is.kind, VALUE_ADDRESS);
	assert_true(value.is.u == 0xc000010000 && !value.is.symbol);
	record_word(&r, 16, 0);
	assert_int_equal(item(0).is.kind, VALUE_NULL);
}

static void maps_channels_and_funcs_are_words(void **state)
{
	static const enum shape_kind kinds[] = {SHAPE_MAP, SHAPE_CHAN, SHAPE_FUNC};
	struct reading value;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct shape *shape = record_item(&r, "x", "T", 16, kinds[i], 8);

		shape->data = 64;
		shape->data_len = 16;
		shape->data_status = 1;
	}
	assert_int_equal(item(0).is.kind, VALUE_NULL);
	assert_int_equal(item(2).is.kind, VALUE_NULL);
	record_word(&r, 16, 0xc000010000);
	record_word(&r, 64, 1);
	record_word(&r, 72, 4);
	record_status(&r, 1, FT_V_OK);
	assert_int_equal(item(0).is.len, 1);
	value = item(1);
	assert_true(value.is.kind == VALUE_CHAN && value.is.len == 1 && value.is.capacity == 4);
	value = item(2);
	assert_true(value.is.kind == VALUE_FUNC && !value.is.symbol && value.is.u == 1);
	record_word(&r, 64, BIAS + 0x1100);
	assert_string_equal(item(2).is.symbol, "main.(*T).M-fm");
	record_word(&r, 64, (uint64_t)-1);
	value = item(0);
	assert_error(&value, "<bad length -1>");
	record_status(&r, 1, FT_V_FAULT);
	value = item(1);
	assert_error(&value, "<unreadable 0xffffffffffffffff>");
}

static void funcs_that_are_constants_need_no_reading(void **state)
{
	struct reading value;

	(void)state;
	record_item(&r, "f", "func()", 16, SHAPE_FUNC, 8);
	assert_int_equal(item(0).is.kind, VALUE_NULL);
	record_word(&r, 16, BIAS + 0x3000);
	value = item(0);
	assert_int_equal(value.is.kind, VALUE_FUNC);
	assert_string_equal(value.is.symbol, "main.f");
	for (uint64_t at = 0x3008; at <= 0x3020; at += 8) {
		record_word(&r, 16, BIAS + at);
		assert_int_equal(item(0).is.kind, VALUE_DEEPER);
	}
}

static void interfaces_tell_their_dynamic_type(void **state)
{
	struct shape *shape = record_interface(&r, "x", 48, 0x5000);
	struct reading value, child;

	(void)state;
	record_word(&r, 72, 3);
	value = item(0);
	assert_int_equal(value.is.kind, VALUE_DYNAMIC);
	assert_string_equal(value.dynamic->name, "int");
	reading_child(&r.src, &value, 0, &child);
	assert_int_equal(child.is.s, 3);
	record_word(&r, 64, 0xbad000);
	value = item(0);
	assert_error(&value, "<unknown type 0xbad000>");
	record_status(&r, 1, FT_V_FAULT);
	value = item(0);
	assert_error(&value, "<unreadable 0xbad000>");
	record_word(&r, 48, 0);
	assert_int_equal(item(0).is.kind, VALUE_NULL);
	/* Not read: what the file tells of the itab, or nothing. */
	shape->iface = (struct shape_interface){0};
	record_word(&r, 48, BIAS + 0x6000);
	value = item(0);
	assert_string_equal(value.dynamic->name, "*errors.errorString");
	assert_int_equal(value.is.nchildren, 0);
	record_word(&r, 48, 0xc000010000);
	assert_int_equal(item(0).is.kind, VALUE_DEEPER);
	shape->iface.empty = true;
	record_word(&r, 48, BIAS + 0x5000);
	assert_string_equal(item(0).dynamic->name, "int");
}

static void interfaces_hold_strings_and_pointers(void **state)
{
	struct reading value, child, target, text;
	char room[VALUE_SAYS_MAX];

	(void)state;
	record_interface(&r, "x", 48, 0x5008);
	record_word(&r, 80, 4);
	record_text(&r, 136, "boom!");
	value = item(0);
	reading_child(&r.src, &value, 0, &child);
	assert_text(&child, "boom");
	assert_false(value_says(&r.src, &value, &text.is, room));
	record_word(&r, 64, BIAS + 0x5010);
	value = item(0);
	reading_child(&r.src, &value, 0, &child);
	assert_int_equal(child.is.kind, VALUE_POINTER);
	reading_child(&r.src, &child, 0, &target);
	assert_int_equal(target.is.kind, VALUE_OBJECT);
	assert_true(value_says(&r.src, &value, &text.is, room));
	assert_text(&text, "boom");
	record_status(&r, 3, FT_V_UNREAD);
	assert_false(value_says(&r.src, &value, &text.is, room));
	record_status(&r, 2, FT_V_FAULT);
	record_word(&r, 72, 0x10);
	reading_child(&r.src, &value, 0, &child);
	assert_error(&child, "<unreadable 0x10>");
	record_word(&r, 56, 0);
	reading_child(&r.src, &value, 0, &child);
	assert_int_equal(child.is.kind, VALUE_NULL);
}

static void what_an_interface_did_not_bring_is_deeper(void **state)
{
	struct reading value, object, child;

	(void)state;
	record_interface(&r, "x", 48, 0x5020);
	record_word(&r, 72, (uint64_t)-9); /* N */
	record_word(&r, 96, 2);            /* len(S) */
	record_text(&r, 168, "it");
	record_word(&r, 104, BIAS + 0x6000); /* E */
	record_word(&r, 120, 0xc000030000);  /* P */
	value = item(0);
	reading_child(&r.src, &value, 0, &object);
	assert_int_equal(object.is.kind, VALUE_OBJECT);
	reading_child(&r.src, &object, 0, &child);
	assert_int_equal(child.is.s, -9);
	reading_child(&r.src, &object, 1, &child);
	assert_text(&child, "it");
	reading_child(&r.src, &object, 2, &child);
	assert_string_equal(child.dynamic->name, "*errors.errorString");
	reading_child(&r.src, &object, 3, &child);
	assert_int_equal(child.is.kind, VALUE_ADDRESS);
	reading_child(&r.src, &object, 4, &child);
	assert_int_equal(child.is.kind, VALUE_DEEPER);
}

static void a_direct_map_or_func_is_read(void **state)
{
	struct reading value, child;

	(void)state;
	record_interface(&r, "x", 48, 0x5028);
	record_word(&r, 72, 5);
	value = item(0);
	reading_child(&r.src, &value, 0, &child);
	assert_true(child.is.kind == VALUE_MAP && child.is.len == 5);
	record_word(&r, 64, BIAS + 0x5030);
	record_word(&r, 72, BIAS + 0x1000);
	value = item(0);
	reading_child(&r.src, &value, 0, &child);
	assert_string_equal(child.is.symbol, "main.f");
}

/* Looks at all that can be seen from a value; the sanitizer watches. */
static size_t walk(const struct value_source *src, const struct reading *value, unsigned int depth)
{
	struct reading child, text;
	char room[VALUE_SAYS_MAX];
	size_t seen = 1;

	assert_true(depth < 8);
	if (value->is.kind == VALUE_TEXT || value->is.kind == VALUE_CHAR)
		for (size_t i = 0; i < value->is.nbytes; i++)
			seen += (unsigned char)value->is.text[i] & 1;
	if (value->is.kind == VALUE_DYNAMIC)
		seen += value_says(src, value, &text.is, room);
	for (uint32_t i = 0; i < value->is.nchildren; i++) {
		reading_child(src, value, i, &child);
		seen += walk(src, &child, depth + 1);
	}
	return seen;
}

static void add_everything(void)
{
	static struct shape elem = {.kind = SHAPE_SIGNED, .size = 4};
	static struct shape target = {
		.kind = SHAPE_STRING, .size = 16, .data = 300, .data_len = 32, .data_status = 6};
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
			bytes[random % len] =
				(unsigned char)(random >> 32) & (random & 0x100000 ? 0xff : 7);
		}
		r.src.bytes = bytes;
		r.src.len = len;
		for (size_t i = 0; i < r.fetch.nitems; i++) {
			struct reading value = item(i);

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
		TEST(a_part_may_have_a_status_of_its_own),
		TEST(slices_show_what_the_slot_holds),
		TEST(nothing_is_longer_than_what_it_lies_in),
		TEST(elements_may_have_shapes_of_their_own),
		TEST(arrays_lie_in_place),
		TEST(pointers_are_followed_nil_or_unreadable),
		TEST(maps_channels_and_funcs_are_words),
		TEST(funcs_that_are_constants_need_no_reading),
		TEST(interfaces_tell_their_dynamic_type),
		TEST(interfaces_hold_strings_and_pointers),
		TEST(what_an_interface_did_not_bring_is_deeper),
		TEST(a_direct_map_or_func_is_read),
		TEST(hostile_bytes_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
