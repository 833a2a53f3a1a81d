/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/options/words.h"

/* What the text is split into, '|' between the words. */
static const char *split(const char *text)
{
	static char all[256];
	struct words words = {0};
	struct error err = {0};
	int ret = words_split(&words, text, &err);

	all[0] = '\0';
	for (size_t i = 0; i < words.count && !ret; i++) {
		strcat(all, i ? "|" : "");
		strcat(all, words.items[i]);
	}
	if (ret) {
		assert_int_equal(ret, -EINVAL);
		assert_int_equal(err.code, -EINVAL);
		strcpy(all, err.text);
	}
	words_release(&words);
	return all;
}

static void test_white_space(void **state)
{
	(void)state;
	assert_string_equal(split(""), "");
	assert_string_equal(split(" \t\n "), "");
	assert_string_equal(split("-race"), "-race");
	assert_string_equal(split("  -tags  a,b\t-race\n"), "-tags|a,b|-race");
}

static void test_quotes(void **state)
{
	(void)state;
	assert_string_equal(split("-ldflags='-s -w' -race"), "-ldflags=-s -w|-race");
	assert_string_equal(split("-ldflags=\"-X 'main.a=b c'\""), "-ldflags=-X 'main.a=b c'");
	assert_string_equal(split("'' \"\""), "|");
	assert_string_equal(split("a''b\"\"c"), "abc");
	assert_string_equal(split("'a\\b'"), "a\\b");
	assert_string_equal(split("\"a\\\"b\\\\c\\d\""), "a\"b\\c\\d");
	assert_string_equal(split("a\\ b \\'c"), "a b|'c");
	assert_string_equal(split("$HOME *"), "$HOME|*");
}

static void test_open_quotes(void **state)
{
	static const char *const open[] = {"'", "\"", "a 'b", "a \"b\\\"", "a\\", "\"a\\"};

	(void)state;
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		const char *got = split(open[i]);

		assert_non_null(strstr(got, "a quote that does not end; "));
		assert_int_equal(strncmp(got + 1, open[i], strlen(open[i])), 0);
	}
}

static void test_appends(void **state)
{
	struct words words = {0};

	(void)state;
	assert_int_equal(words_split(&words, "a b", NULL), 0);
	assert_int_equal(words_split(&words, "c", NULL), 0);
	assert_int_equal(words.count, 3);
	assert_string_equal(words.items[2], "c");
	words_release(&words);
	assert_int_equal(words.count, 0);
	words_release(&words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_white_space),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_open_quotes),
		cmocka_unit_test(test_appends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
