/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/symbol.h"

static void test_package(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} rows[] = {
		{"main.main", 4},
		{"net/http.(*Server).Serve", 8},
		{"gopkg.in/yaml%2ev3.Parse", 18},
		{"github.com/x/y.F[github.com/a/b.T]", 14},
		{"main.F[go.shape.int]", 4},
		{"noDots", 6},
		{"go.uber.org/zap.New", 15},
		{"go:struct { net/http.Flusher }.Flush", 9},
		/* Promoted methods. */
		{"example.com/a/http.T.github.com/b/refresh.refresh", 18},
		{"example.com/a.(*T).github.com/b/refresh.refresh", 13},
		{"main.t.github.com/b.m", 4},
		{"reflect.rtype.internal/abi.m", 7},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(symbol_package(rows[i].name), rows[i].len);
}

static void test_generated(void **state)
{
	(void)state;
	assert_int_equal(symbol_generated("type:.eq.net/http.T"), 9);
	assert_int_equal(symbol_generated("type..hash.net/http.T"), 11);
	assert_int_equal(symbol_generated("main.F"), 0);
}

static void test_version(void **state)
{
	static const char *const yes[] = {"v2", "v9", "v10", "v11"};
	static const char *const no[] = {"", "v", "v0", "v1", "v02", "v2x", "x2", "v2.0"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(symbol_is_version(yes[i], strlen(yes[i])));
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(symbol_is_version(no[i], strlen(no[i])));
}

/* How much of it is up to the bracket that closes. */
static void test_brackets(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} rows[] = {
		{"[int].F", 5},
		{"[a[b],c[d]]x", 11},
		{"[struct { A int \"]\" }]", 22},
		{"[struct { A int \"\\\"]\" }]", 24},
	};
	static const char *const open[] = {"[", "[[]", "[\"]", "[\"\\", "[\"\\\""};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *end = symbol_bracket_end(rows[i].text);

		assert_non_null(end);
		assert_int_equal(end + 1 - rows[i].text, rows[i].len);
	}
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		assert_null(symbol_bracket_end(open[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_package),
		cmocka_unit_test(test_generated),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_brackets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
