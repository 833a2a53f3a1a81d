/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is said of filters that do not fit a function of a real Go program.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "filter_made.h"

static struct fetch_target target;

static int open_target(void **state)
{
	(void)state;
	fetch_target_open(&target, "", "");
	return 0;
}

static int close_target(void **state)
{
	(void)state;
	fetch_target_close(&target);
	return 0;
}

struct mistake {
	const char *func, *filter;
	int code;
	const char *expected; /* behind "filter 1, column " */
};

static const struct mistake mistakes[] = {
	{"main.numbers", "f: f > 1", -ENXIO,
	 "4: this is in X0, a vector register, which no uprobe sees; leave it out, it can never be compared"},
	{"main.numbers", "f: a == 1 && $ret3 > 1", -ENXIO,
	 "14: this is in X0, a vector register, which no uprobe sees; leave it out, it can never be compared"},
	{"main.numbers", "f: aa == 1", -ENOENT,
	 "4: 'aa' is no parameter of main.numbers; did you mean a?"},
	{"main.numbers", "f: a == \"x\"", -EINVAL,
	 "6: 'a' is an int8 and the other is a string: they do not compare; compare the first with a number"},
	{"main.numbers", "f: a", -EINVAL,
	 "4: 'a' is an int8, no condition; compare it with something"},
	{"main.numbers", "f: !a", -EINVAL,
	 "5: 'a' is an int8, no condition; compare it with something"},
	{"main.numbers", "f: e == 1", -EINVAL,
	 "6: 'e' is a bool and the other is a number: they do not compare; compare the first with true or false"},
	{"main.numbers", "f: e < e", -EINVAL,
	 "6: 'e' is a bool and 'e' is a bool: they do not compare by order; compare the first with == or !="},
	{"main.numbers", "f: a == nil", -EINVAL,
	 "6: 'a' is an int8 and the other is nil: they do not compare; compare the first with a number"},
	{"main.numbers", "f: a ~ \"x*\"", -EINVAL,
	 "6: 'a' is an int8, and '~' matches strings; use =="},
	{"main.numbers", "f: e & 1", -EINVAL,
	 "6: 'e' is a bool, and '&' is for whole numbers; use =="},
	{"main.numbers", "f: 1 == 1", -EINVAL,
	 "6: both sides are constants; name a value to compare"},
	{"main.(*student).greet", "f: word == nil", -EINVAL,
	 "9: 'word' is a string and the other is nil: they do not compare; write \"\" for an empty "
	 "string"},
	{"main.(*student).greet", "f: word == 5", -EINVAL,
	 "9: 'word' is a string and the other is a number: they do not compare; compare the first with a string"},
	{"main.(*student).greet", "f: n > 1 && s.nmae == \"x\"", -ENOENT,
	 "14: main.student has no field 'nmae'; did you mean name?"},
	{"main.(*student).greet", "f: s.marks == 1", -EINVAL,
	 "4: 's.marks' is a [3]int16, which does not compare; name a part of it"},
	{"main.(*student).greet", "f: s.f == n", -EINVAL,
	 "8: 's.f' is a float64 and 'n' is an int: they do not compare; compare the first with a number written here"},
	{"main.(*student).greet", "f: n == s.f", -EINVAL,
	 "6: 'n' is an int and 's.f' is a float64: they do not compare; compare the first with a number"},
	{"main.structs", "f: p == 1", -EINVAL,
	 "4: 'p' is a main.point, which does not compare; name a part of it"},
};

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		const struct mistake *row = &mistakes[i];
		const char *const filters[] = {row->filter, NULL};
		struct error err = {0};
		struct filter_made made;
		char expected[400];

		print_message("%s\n", row->filter);
		fetch_target_choose(&target, row->func, false);
		assert_int_equal(filter_make(&made, &target, filters, NULL, &err), row->code);
		snprintf(expected, sizeof(expected), "filter 1, column %s", row->expected);
		assert_string_equal(err.text, expected);
		assert_int_equal(err.code, row->code);
		filter_made_release(&made);
	}
}

/* A rule's item is told at the filter's column. */
static void test_rule_column(void **state)
{
	const char *const filters[] = {"f: 1 == x", NULL};
	struct error err = {0};
	struct filter_made made;

	(void)state;
	fetch_target_choose(&target, "main.numbers", false);
	assert_int_equal(filter_make(&made, &target, filters, "f(%ax, %bx, x=g)", &err), -ENXIO);
	assert_string_equal(err.text,
			    "filter 1, column 9: this is in X1, a vector register, which no "
			    "uprobe sees; leave it out, it can never be compared");
	filter_made_release(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_rule_column),
	};

	return cmocka_run_group_tests(tests, open_target, close_target);
}
