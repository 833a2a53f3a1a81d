/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/width.h"

#define O_UMLAUT "\xc3\xb6"
#define ACUTE    "\xcc\x81" /* combines with what is in front of it */
#define ZHONG    "\xe4\xb8\xad"
#define SMILE    "\xf0\x9f\x98\x80"

static void columns_are_those_of_a_terminal(void **state)
{
	static const struct {
		const char *text;
		uint32_t width;
	} texts[] = {
		{"", 0},
		{"main.add(a=1, b=2) = 3;", 23},
		{O_UMLAUT, 1},
		{"e" ACUTE, 1},
		{ZHONG, 2},
		{"12345678" ZHONG "90", 12},
		{SMILE "1234567" SMILE, 11},
		{"a\xff", 2},
		{"\xe4\xb8", 2},
		{"\xcd\xb8", 1}, /* no character as yet */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(text_width(texts[i].text, strlen(texts[i].text)), texts[i].width);
}

/* Eight bytes are looked at at a time: characters of all lengths at every place. */
static void width_is_the_sum_of_the_parts(void **state)
{
	static const char *const parts[] = {"a",   O_UMLAUT, "bcdefgh", ZHONG,         "i" ACUTE,
					    SMILE, "jk",     ZHONG,     "lmnopqrstuvw"};
	static const uint32_t widths[] = {1, 1, 7, 2, 1, 2, 2, 2, 12};
	const size_t count = sizeof(parts) / sizeof(parts[0]);

	(void)state;
	for (size_t from = 0; from < count; from++) {
		char text[64] = "";
		uint32_t width = 0;

		for (size_t to = from; to < count; to++) {
			strcat(text, parts[to]);
			width += widths[to];
			assert_int_equal(text_width(text, strlen(text)), width);
		}
	}
}

static void what_fits_is_whole_characters(void **state)
{
	static const char text[] = "a" ZHONG "e" ACUTE;
	const size_t len = strlen(text);

	(void)state;
	assert_int_equal(text_head_within(text, len, 0), 0);
	assert_int_equal(text_head_within(text, len, 1), 1);
	assert_int_equal(text_head_within(text, len, 2), 1);
	assert_int_equal(text_head_within(text, len, 3), 4);
	assert_int_equal(text_head_within(text, len, 4), len);
	assert_int_equal(text_head_within(text, len, 100), len);
	assert_int_equal(text_tail_within(text, len, 0), 0);
	assert_int_equal(text_tail_within(text, len, 1), 3);
	assert_int_equal(text_tail_within(text, len, 2), 3);
	assert_int_equal(text_tail_within(text, len, 3), 6);
	assert_int_equal(text_tail_within(text, len, 4), len);
	assert_int_equal(text_tail_within(text, len, 100), len);
	assert_int_equal(text_tail_within("a\xff\xff", 3, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_those_of_a_terminal),
		cmocka_unit_test(width_is_the_sum_of_the_parts),
		cmocka_unit_test(what_fits_is_whole_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
