/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sink/source_file.h"

static const struct {
	const char *file, *root, *expected;
} rows[] = {
	{"/src/app/main.go", "/src/app", "main.go"},
	{"/src/app/main.go", "/src/app/", "main.go"},
	{"/src/app/a/b/c.go", "/src/app", "a/b/c.go"},
	{"/src/application/main.go", "/src/app", "main.go"},
	{"/usr/lib/go/src/fmt/print.go", "/src/app", "print.go"},
	{"example.com/app/sub/x.go", "example.com/app", "sub/x.go"},
	{"/src/app/sub/main.go", "", "main.go"},
	{"/src/app/sub/main.go", NULL, "main.go"},
	{"main.go", "/src/app", "main.go"},
	{"?", "/src/app", "?"},
	{"/src/app/", "/src/app", "/src/app/"},
	{"/src/app", "/src/app", "app"},
	{"", "/", ""},
	{"/main.go", "/", "main.go"},
};

static void test_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(source_file_short(rows[i].file, rows[i].root),
				    rows[i].expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
