/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sink/formats.h"

static void test_each_is_found_by_its_suffixes(void **state)
{
	(void)state;
	for (size_t i = 0; i < nformats; i++) {
		char suffixes[64], name[96], *save = NULL;

		assert_string_equal(formats[i].name, format_names[i]);
		assert_non_null(formats[i].ops);
		snprintf(suffixes, sizeof(suffixes), "%s", formats[i].suffixes);
		for (char *suffix = strtok_r(suffixes, " ", &save); suffix;
		     suffix = strtok_r(NULL, " ", &save)) {
			snprintf(name, sizeof(name), "dir.d/trace%s", suffix);
			assert_ptr_equal(format_of_file(name), &formats[i]);
			snprintf(name, sizeof(name), "trace%s.zst", suffix);
			assert_ptr_equal(format_of_file(name), &formats[i]);
			/* Not where nothing stands before it. */
			snprintf(name, sizeof(name), "dir/%s", suffix);
			assert_null(format_of_file(name));
		}
	}
	assert_null(format_names[nformats]);
}

static void test_other_names_say_nothing(void **state)
{
	static const char *const names[] = {"",      "-",     "trace",     ".zst",
					    "a.zst", "jsonl", "a.jsonl.gz"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_null(format_of_file(names[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_is_found_by_its_suffixes),
		cmocka_unit_test(test_other_names_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
