/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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

static void test_package(void **state)
{
	struct options opt;
	struct error err;

	(void)state;
	assert_int_equal(parse(&opt,
			       WORDS("--package", "./cmd", "main.f(n)",
				     "--build-flags=-race '-tags a'", "--build-flags", "-v", "--",
				     "-x", "y"),
			       &err),
			 0);
	assert_true(opt.exec);
	assert_false(opt.build_test);
	assert_string_equal(opt.package, "./cmd");
	assert_null(opt.binary);
	assert_int_equal(opt.nrules, 1);
	assert_int_equal(opt.build_flags.count, 3);
	assert_string_equal(opt.build_flags.items[1], "-tags a");
	/* Its name is put in when it is built. */
	assert_null(opt.argv[0]);
	assert_string_equal(opt.argv[1], "-x");
	assert_string_equal(opt.argv[2], "y");
	assert_null(opt.argv[3]);
	options_release(&opt);
}

static void test_test(void **state)
{
	struct options opt;
	struct error err;

	(void)state;
	assert_int_equal(parse(&opt,
			       WORDS("--test", ".", "--build-output", "x.test", "--user", "root"),
			       &err),
			 0);
	assert_true(opt.build_test);
	assert_true(opt.selected_by_default);
	assert_string_equal(opt.build_output, "x.test");
	assert_string_equal(opt.user, "root");
	assert_int_equal(opt.account.uid, 0);
	options_release(&opt);
}

static void test_contradictions(void **state)
{
	struct {
		char **words;
		const char *text;
	} cases[] = {
		{WORDS("--package", ""), "--package: ''"},
		{WORDS("--test", ""), "--test: ''"},
		{WORDS("--package", "a", "--package", "b"), "--package: 'b': a second program; "},
		{WORDS("--exec", "a", "--test", "b"), "--test: 'b': a second program; "},
		{WORDS("--package", "a", "-p", "1"), "-p: it does not go with --package; "},
		{WORDS("--exec", "a", "-p", "1"), "-p: it does not go with --exec; "},
		{WORDS("list", "--test", "a"), "list: it starts nothing; leave out --test"},
		{WORDS("--user", "root", "a"), "--user: no program is started; "},
		{WORDS("--user", "", "--exec", "a"), "--user: ''"},
		{WORDS("--user", "no such user", "--exec", "a"),
		 "--user: 'no such user': no such user; "},
		{WORDS("--build-output", "x", "a"), "--build-output: nothing is built; "},
		{WORDS("--build-output", "", "--package", "a"), "--build-output: ''"},
		{WORDS("--build-output", "x/", "--package", "a"), "--build-output: 'x/'"},
		{WORDS("--build-flags", "", "--exec", "a"), "--build-flags: nothing is built; "},
		{WORDS("--build-flags", "x", "--package", "a"), "--build-flags: 'x': not a flag"},
		{WORDS("--build-flags", "-o x", "--package", "a"), "--build-flags: '-o'"},
		{WORDS("--build-flags", "-v --o=x", "--package", "a"), "--build-flags: '--o=x'"},
		{WORDS("--build-flags", "-C /", "--package", "a"), "--build-flags: '-C'"},
		{WORDS("--build-flags", "'-v", "--package", "a"), "--build-flags: ''-v': a quote"},
		{WORDS("--package", "a", "word"), "word: not a rule; "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct options opt;
		struct error err;

		assert_int_not_equal(parse(&opt, cases[i].words, &err), 0);
		if (strncmp(err.text, cases[i].text, strlen(cases[i].text)) != 0)
			fail_msg("expected %s, got %s", cases[i].text, err.text);
		options_release(&opt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_package),
		cmocka_unit_test(test_test),
		cmocka_unit_test(test_contradictions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
