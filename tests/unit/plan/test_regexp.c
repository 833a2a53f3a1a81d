/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "plan/regexp.h"

static int match(const char *text, const char *name)
{
	struct error err = {0};
	struct regexp *re = regexp_compile(text, &err);
	int got;

	if (!re)
		fail_msg("%s: %s", text, err.text);
	got = regexp_match(re, name);
	regexp_free(re);
	return got;
}

static void test_match(void **state)
{
	(void)state;
	assert_int_equal(match("add", "main.add1"), 1);
	assert_int_equal(match("^add", "main.add1"), 0);
	assert_int_equal(match("^main\\.(add|sub)$", "main.sub"), 1);
	assert_int_equal(match("^main\\.(?!add)", "main.add"), 0);
	assert_int_equal(match("", "x"), 1);
	/* A name is bytes: what is no UTF-8 is no error. */
	assert_int_equal(match("^main.\\xff", "main.\xff"), 1);
	assert_int_equal(match("\xff$", "main.\xff"), 1);
	/* Of one that is UTF-8 a point takes a character. */
	assert_int_equal(match("^main\\.Gr..e$", "main.Gr\xc3\xb6\xc3\x9f"
						 "e"),
			 1);
	assert_int_equal(match("^main\\.Gr[\xc3\xb6][^a]e$", "main.Gr\xc3\xb6\xc3\x9f"
							     "e"),
			 1);
	assert_int_equal(match("^main\\.\\w+$", "main.\xc3\xb6"), 1);
}

static void test_wrong(void **state)
{
	struct error err = {0};

	(void)state;
	assert_null(regexp_compile("main.(", &err));
	assert_int_equal(err.code, -EINVAL);
	assert_non_null(strstr(err.text, "-r 'main.('"));
	assert_non_null(strstr(err.text, "column 7"));
	assert_null(regexp_compile("\xc3\xb6(", &err));
	assert_non_null(strstr(err.text, "column 3"));
	regexp_free(NULL);
}

static void test_runaway(void **state)
{
	(void)state;
	assert_int_equal(match("^(a|aa|a[a-z])+$",
			       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
			 -ELOOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_runaway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
