/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/escape.h"

static void sets(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(error_set(&err, -ENOENT, "%s: no function matches '%s'", "./main", "f"),
			 -ENOENT);
	assert_int_equal(err.code, -ENOENT);
	assert_string_equal(err.text, "./main: no function matches 'f'");
	assert_int_equal(error_set(&err, -EINVAL, "later"), -EINVAL);
	assert_string_equal(err.text, "later");
	assert_int_equal(err.code, -EINVAL);
}

static void prefixes(void **state)
{
	struct error err = {0};

	(void)state;
	error_set(&err, -ERANGE, "too long");
	assert_int_equal(error_prefix(&err, "--%s", "duration"), -ERANGE);
	assert_string_equal(err.text, "--duration: too long");
}

/* The old text may be among the arguments. */
static void keeps_its_own_text(void **state)
{
	struct error err = {0};

	(void)state;
	error_set(&err, -EINVAL, "cause");
	error_set(&err, -EIO, "thing: %s; remedy", err.text);
	assert_string_equal(err.text, "thing: cause; remedy");
	error_prefix(&err, "<%s>", err.text);
	assert_string_equal(err.text, "<thing: cause; remedy>: thing: cause; remedy");
}

/* Without a struct a failure stays a failure. */
static void without_a_struct(void **state)
{
	(void)state;
	assert_int_equal(error_set(NULL, -ENOMEM, "x"), -ENOMEM);
	assert_int_equal(error_prefix(NULL, "x"), -EINVAL);
}

static void hides(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{"a\x1b[2Jb\nc\x7f", "a?[2Jb?c?"},
		{"gr\xc3\xbc\xc3\x9f \xe4\xb8\x96", "gr\xc3\xbc\xc3\x9f \xe4\xb8\x96"},
		{"a\xff"
		 "b",
		 "a?b"},
		{"a\xc2\x9b"
		 "b",
		 "a??b"},
		{"a\xe2\x80\xae"
		 "b",
		 "a???b"},
	};
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		error_set(&err, -EINVAL, "%s", rows[i].text);
		assert_string_equal(err.text, rows[i].expected);
	}
	error_set(&err, -EINVAL, "x");
	error_prefix(&err, "%s", "a\x1b");
	assert_string_equal(err.text, "a?: x");
}

/* Cut at the end of the room, back to a whole character. */
static void cuts(void **state)
{
	char name[2 * sizeof(((struct error *)0)->text) + 1];
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(name); i += 2)
		memcpy(name + i, "\xc3\xbc", 2);
	name[sizeof(name) - 1] = '\0';
	error_set(&err, -EINVAL, "%s", name);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 2);
	assert_true(utf8_valid(err.text, strlen(err.text)));
	error_prefix(&err, "%s", name);
	assert_true(strlen(err.text) < sizeof(err.text));
	assert_true(utf8_valid(err.text, strlen(err.text)));
	error_prefix(&err, "thing");
	assert_memory_equal(err.text, "thing: \xc3\xbc", 9);
	assert_true(strlen(err.text) < sizeof(err.text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets),
		cmocka_unit_test(prefixes),
		cmocka_unit_test(keeps_its_own_text),
		cmocka_unit_test(without_a_struct),
		cmocka_unit_test(hides),
		cmocka_unit_test(cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
