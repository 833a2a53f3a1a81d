/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/short_names.h"
#include "sink/shown_name.h"

static void test_trim(void **state)
{
	char *trim[] = {"example.com/", "example.com/app.", "main.", ""};

	(void)state;
	assert_string_equal(shown_name_trim("example.com/app.f", trim, 4), "f");
	assert_string_equal(shown_name_trim("example.com/lib.f", trim, 4), "lib.f");
	assert_string_equal(shown_name_trim("main.(*T).String", trim, 4), "(*T).String");
	assert_string_equal(shown_name_trim("main.", trim, 4), "main.");
	assert_string_equal(shown_name_trim("fmt.Println", trim, 4), "fmt.Println");
	assert_string_equal(shown_name_trim("main.f", NULL, 0), "main.f");
}

static const char *shown(const struct catalog_exe *exe, const char *symbol, char *const *trim,
			 size_t ntrim)
{
	static struct buf text;

	buf_reset(&text);
	shown_name_put(&text, exe, symbol, trim, ntrim);
	return buf_str(&text);
}

/* What is left off is left off what is shown. */
static void test_names(void **state)
{
	struct short_names names = {0};
	struct catalog_exe whole = {0}, exe = {.names = &names};
	char *trim[] = {"b.", "example.com/"}, *path = "example.com/a/b.";

	(void)state;
	assert_int_equal(short_names_add(&names, "example.com/a/b.F"), 0);
	short_names_seal(&names);
	assert_string_equal(shown(&exe, "example.com/a/b.F", NULL, 0), "b.F");
	assert_string_equal(shown(&exe, "example.com/a/b.F", trim, 2), "F");
	assert_string_equal(shown(&exe, "example.com/a/b.F", trim + 1, 1), "b.F");
	assert_string_equal(shown(&exe, "example.com/a/b.F", &path, 1), "F");
	assert_string_equal(shown(&whole, "example.com/a/b.F", trim, 2), "a/b.F");
	assert_string_equal(shown(&exe, "a/b%0a.F", NULL, 0), "b\\n.F");
	assert_string_equal(shown(&whole, "", trim, 2), "");
	short_names_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
