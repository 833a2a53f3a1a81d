/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/options/options.h"

#define WORDS(...) ((char *[]){"ftrace", __VA_ARGS__, NULL})

static int parse(struct options *opt, char **words, struct error *err)
{
	int count = 0;

	while (words[count])
		count++;
	return options_parse(opt, count, words, err);
}

/* The last -o counts; a file of that name has a path. */
static void test_dash_is_stdout(void **state)
{
	struct options opt;
	struct error err;

	(void)state;
	assert_int_equal(parse(&opt, WORDS("-o", "t.jsonl", "-o", "-", "./main"), &err), 0);
	assert_null(opt.output);
	options_release(&opt);
	assert_int_equal(parse(&opt, WORDS("-o", "./-", "./main"), &err), 0);
	assert_string_equal(opt.output, "./-");
	options_release(&opt);
	assert_int_equal(parse(&opt, WORDS("--output=", "./main"), &err), -EINVAL);
	options_release(&opt);
}

static void test_interval_needs_the_table(void **state)
{
	struct options opt;
	struct error err;

	(void)state;
	assert_int_equal(parse(&opt, WORDS("--summary=only", "--interval", "2s", "./main"), &err),
			 0);
	assert_int_equal(opt.interval, 2000000000);
	options_release(&opt);
	assert_int_equal(parse(&opt, WORDS("--summary", "--interval", "2s", "./main"), &err),
			 -EINVAL);
	assert_string_equal(err.text,
			    "--interval: there is no table to write; use it with --summary=only");
	options_release(&opt);
	assert_int_equal(parse(&opt, WORDS("--summary=only", "--interval", "99ms", "./main"), &err),
			 -EINVAL);
	options_release(&opt);
	assert_int_equal(parse(&opt, WORDS("--interval", "0s", "./main"), &err), -EINVAL);
	options_release(&opt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dash_is_stdout),
		cmocka_unit_test(test_interval_needs_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
