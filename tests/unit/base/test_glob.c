/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/glob.h"

static void matches(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool match;
	} rows[] = {
		{"", "", true},
		{"", "a", false},
		{"a", "", false},
		{"main.add", "main.add", true},
		{"main.add", "main.add1", false},
		{"main.add1", "main.add", false},
		/* stars */
		{"*", "", true},
		{"*", "github.com/x/y.(*T).M", true},
		{"**", "a", true},
		{"main.*", "main.", true},
		{"main.*", "main.f", true},
		{"main.*", "xmain.f", false},
		{"*.f", "a/b.c.f", true},
		{"*.f", "a.f.g", false},
		{"*a*b*", "xxaxxbxx", true},
		{"*a*b*", "xxbxxaxx", false},
		{"a*a", "a", false},
		{"a*a", "aa", true},
		{"*aab", "aaaaab", true},
		{"main.(*T).*", "main.(*T).M", true},
		{"main.(*T).*", "main.(xT).M", true},
		{"main.(*T).*", "main.T.M", false},
		/* question marks */
		{"?", "", false},
		{"?", "a", true},
		{"?", "/", true},
		{"main.?", "main.ab", false},
		{"?*", "abc", true},
		{"*?", "", false},
		/* sets */
		{"main.[fg]", "main.f", true},
		{"main.[fg]", "main.h", false},
		{"[a-c]x", "bx", true},
		{"[a-c]x", "dx", false},
		{"[!a-c]", "d", true},
		{"[!a-c]", "b", false},
		{"[^a]", "b", true},
		{"[^a]", "a", false},
		{"[]a]", "]", true},
		{"[]a]", "a", true},
		{"[!]]", "a", true},
		{"[!]]", "]", false},
		{"[a-]", "-", true},
		{"[a-]", "b", false},
		{"[\\]]", "]", true},
		{"[\\\\]", "\\", true},
		{"[.]", ".", true},
		{"[\x80-\xff]", "\xc3", true},
		/* characters, and bytes that are none */
		{"main.?", "main.\xc3\xb6", true},
		{"main.??", "main.\xc3\xb6", false},
		{"main.??", "main.\xff\xfe", true},
		{"main.?", "main.\xc3", true},
		{"[\xc3\xa4-\xc3\xbc]x", "\xc3\xb6x", true},
		{"[\xc3\xa4-\xc3\xbc]x", "\xc3\xbfx", false},
		{"[a\xc3\xb6]", "\xc3", false},
		{"[!a]x", "\xc3\xb6x", true},
		{"?\xc3\xb6", "\xc3\xb6\xc3\xb6", true},
		{"*\\\xc3\xb6", "a\xc3\xb6", true},
		{"*\xb6", "\xc3\xb6", false},
		{"[a-z]*", "f.g", true},
		{"[c-a]", "b", false},
		/* brackets as written */
		{"main.F[go.shape.int]", "main.F[go.shape.int]", true},
		{"main.F[go.shape.int]", "main.Fg", true},
		{"main.F[go.shape.int]", "main.F", false},
		{"main.F[*]", "main.F[go.shape.int,go.shape.string]", true},
		{"main.F[*]", "main.F", false},
		{"main.F[*].func1", "main.F[go.shape.int].func1", true},
		{"main.F[...]", "main.F[...]", true},
		{"main.(*L[*]).Push", "main.(*L[go.shape.int]).Push", true},
		{"[", "[", true},
		{"[a", "[a", true},
		{"[a", "a", false},
		{"[!", "[!", true},
		{"]", "]", true},
		/* quoting */
		{"main.\\*", "main.*", true},
		{"main.\\*", "main.f", false},
		{"main.(\\*T).M", "main.(*T).M", true},
		{"main.(\\*T).M", "main.(xT).M", false},
		{"\\[a]", "[a]", true},
		{"\\[a]", "a", false},
		{"\\a", "a", true},
		{"a\\", "a\\", true},
		{"a\\", "a", false},
		{"\\?", "?", true},
		{"\\?", "a", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		print_message("%s %s\n", rows[i].pattern, rows[i].name);
		assert_int_equal(glob_match(rows[i].pattern, rows[i].name), rows[i].match);
	}
}

static void plain(void **state)
{
	(void)state;
	assert_true(glob_is_plain(""));
	assert_true(glob_is_plain("main.f"));
	assert_true(glob_is_plain("main.f]"));
	assert_false(glob_is_plain("main.(*T).M"));
	assert_false(glob_is_plain("a?"));
	assert_false(glob_is_plain("a[b"));
	assert_false(glob_is_plain("a\\b"));
}

/* A backtracking matcher would not come back from this one. */
static void many_stars(void **state)
{
	struct buf pattern = {0}, name = {0};

	(void)state;
	for (int i = 0; i < 60; i++)
		buf_adds(&pattern, "*a");
	buf_addc(&pattern, 'b');
	buf_fill(&name, 'a', 4000);
	assert_false(glob_match(buf_str(&pattern), buf_str(&name)));
	buf_addc(&name, 'b');
	assert_true(glob_match(buf_str(&pattern), buf_str(&name)));
	buf_release(&pattern);
	buf_release(&name);
}

static void long_patterns(void **state)
{
	struct buf pattern = {0}, name = {0};

	(void)state;
	buf_fill(&pattern, 'a', 1022);
	buf_fill(&name, 'a', 1022);
	buf_adds(&pattern, "*");
	buf_adds(&name, "x");
	assert_true(glob_match(buf_str(&pattern), buf_str(&name)));
	buf_adds(&pattern, "*");
	assert_false(glob_match(buf_str(&pattern), buf_str(&name)));
	assert_true(glob_match(buf_str(&pattern), buf_str(&pattern)));
	buf_release(&pattern);
	buf_release(&name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches),
		cmocka_unit_test(plain),
		cmocka_unit_test(many_stars),
		cmocka_unit_test(long_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
