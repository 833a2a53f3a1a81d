/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "value_record.h"

/* Where record_interface() puts what the interface refers to, and what its strings point to. */
enum {
	OWN = 48,
	VALUE = OWN + 24,
	FIRST = OWN + 88,
	SECOND = OWN + 120,
	INNER = 240,
	INNER_TEXT = 256
};

static struct value_record r;
static struct shape *shape;

static int fresh(void **state)
{
	(void)state;
	record_init(&r);
	return 0;
}

/* A pointer to {first, second, error}: the error's itab is at BIAS + `itab`. */
static void put_error(uint64_t type, const char *first, const char *second, uint64_t itab)
{
	shape = record_interface(&r, "err", OWN, type);
	record_word(&r, VALUE, 0xc000030000);
	record_word(&r, VALUE + 8, strlen(first));
	record_word(&r, VALUE + 16, 0xc000030100);
	record_word(&r, VALUE + 24, strlen(second));
	record_word(&r, VALUE + 32, BIAS + itab);
	record_word(&r, VALUE + 40, 0xc000030200);
	record_text(&r, FIRST, first);
	record_text(&r, SECOND, second);
	shape->iface.inner = INNER;
	shape->iface.inner_status = 5;
	shape->iface.inner_text = INNER_TEXT;
	shape->iface.inner_text_status = 6;
	record_status(&r, 5, FT_V_OK);
	record_status(&r, 6, FT_V_OK);
}

static bool says(struct value *text)
{
	static char room[VALUE_SAYS_MAX];
	struct value value;

	value_item(&r.src, 0, &value);
	assert_int_equal(value.kind, VALUE_DYNAMIC);
	return value_says(&r.src, &value, text, room);
}

static void assert_says(const char *want)
{
	struct value text;

	assert_true(says(&text));
	assert_int_equal(text.kind, VALUE_TEXT);
	assert_false(text.truncated);
	assert_int_equal(text.nbytes, strlen(want));
	assert_memory_equal(text.text, want, text.nbytes);
}

static void assert_silent(void)
{
	struct value text;

	assert_false(says(&text));
}

static void numbers_of_the_system_have_words(void **state)
{
	(void)state;
	record_interface(&r, "err", OWN, 0x5040);
	record_word(&r, VALUE, 2);
	assert_says("no");
	record_word(&r, VALUE, 200);
	assert_says("errno 200");
	record_status(&r, 2, FT_V_FAULT);
	assert_silent();
}

static void a_deadline_says_the_same_always(void **state)
{
	(void)state;
	record_interface(&r, "err", OWN, 0x5060);
	assert_says("context deadline exceeded");
}

static void three_parts_are_put_together(void **state)
{
	(void)state;
	put_error(0x5048, "open", "/none", 0x6008);
	record_word(&r, INNER, 2);
	assert_says("open /none: no");
	r.fetch.nitems = 0;
	put_error(0x5050, "Atoi", "x1", 0x6000);
	record_word(&r, INNER, 0xc000030300);
	record_word(&r, INNER + 8, 4);
	record_text(&r, INNER_TEXT, "bad.");
	assert_says("strconv.Atoi: parsing \"x1\": bad.");
	r.fetch.nitems = 0;
	put_error(0x5058, "Get", "http://h/", 0x6000);
	assert_says("Get \"http://h/\": bad.");
}

/* Where a part is missing, cut, or would be quoted in a way of its own. */
static void what_is_not_certain_is_not_said(void **state)
{
	(void)state;
	put_error(0x5058, "Get", "a\"b", 0x6008);
	assert_silent();
	record_text(&r, SECOND, "a b");
	assert_says("Get \"a b\": errno 0");
	record_status(&r, 4, FT_V_CUT);
	record_word(&r, VALUE + 24, 99);
	assert_silent();
	record_status(&r, 4, FT_V_FAULT);
	assert_silent();
	record_status(&r, 4, FT_V_OK);
	record_word(&r, VALUE + 24, 3);
	assert_says("Get \"a b\": errno 0");
	record_status(&r, 5, FT_V_FAULT);
	assert_silent();
	record_status(&r, 5, FT_V_OK);
	/* An error whose words are its own, one whose type is not known, and none. */
	record_word(&r, VALUE + 32, BIAS + 0x6010);
	assert_silent();
	record_word(&r, VALUE + 32, BIAS + 0x7000);
	assert_silent();
	record_word(&r, VALUE + 32, 0);
	assert_silent();
	r.fetch.nitems = 0;
	record_interface(&r, "err", OWN, 0x5018);
	assert_silent();
}

/* As a string of that length would be cut: here to 32 bytes, back to a whole character. */
static void what_is_long_is_cut(void **state)
{
	struct value text;

	(void)state;
	put_error(0x5048, "open", "/012345678901234567890123\303\274", 0x6008);
	record_word(&r, INNER, 2);
	assert_true(says(&text));
	assert_true(text.truncated);
	assert_true(text.utf8);
	assert_int_equal(text.len, 36);
	assert_int_equal(text.nbytes, 32);
	r.fetch.nitems = 0;
	put_error(0x5048, "opens", "/012345678901234567890123\303\274", 0x6008);
	assert_true(says(&text));
	assert_true(text.utf8);
	assert_int_equal(text.len, 37);
	assert_int_equal(text.nbytes, 31);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_of_the_system_have_words),
		TEST(a_deadline_says_the_same_always),
		TEST(three_parts_are_put_together),
		TEST(what_is_not_certain_is_not_said),
		TEST(what_is_long_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
