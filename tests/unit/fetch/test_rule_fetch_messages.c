/* SPDX-License-Identifier: GPL-2.0-only */
/* What a rule says that a real Go program contradicts, and where it points. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fetch_target.h"

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
	const char *func, *rule;
	bool at_return;
	int code;
	const char *expected; /* behind "rule 1, column " */
};

static const struct mistake mistakes[] = {
	{"main.(*student).greet", "f(xyzzy)", false, -ENOENT,
	 "3: 'xyzzy' is no parameter of main.(*student).greet; its parameters are s, n, word"},
	{"main.(*student).greet", "f()(xyzzy)", true, -ENOENT,
	 "5: 'xyzzy' is no result of main.(*student).greet; its results are ~r0"},
	{"main.(*student).greet", "f(wrod)", false, -ENOENT,
	 "3: 'wrod' is no parameter of main.(*student).greet; did you mean word?"},
	{"main.(*student).greet", "f(n, s.nmae)", false, -ENOENT,
	 "7: main.student has no field 'nmae'; did you mean name?"},
	{"main.(*student).greet", "f(s.iid)", false, -ENOENT,
	 "4: main.student has no field 'iid'; did you mean id?"},
	{"main.(*student).greet", "f(s.both)", false, -EINVAL,
	 "4: 's.both' is ambiguous: several embedded structs of main.student have it; name the one, "
	 "like s.named.both"},
	{"main.(*student).greet", "f(n.x)", false, -EINVAL,
	 "4: 'n' is an int, which has no fields; leave them out"},
	{"main.(*student).greet", "f(s.err.x)", false, -EINVAL,
	 "8: 's.err' is an error, which has no fields; what an interface holds is not known beforehand"},
	{"main.(*student).greet", "f(s._)", false, -EINVAL,
	 "4: a blank field has no name to read it by; read memory"},
	{"main.(*student).greet", "f(*n)", false, -EINVAL,
	 "3: 'n' is an int, no pointer; leave the '*' out"},
	{"main.(*student).greet", "f(n[0])", false, -EINVAL,
	 "4: 'n' is an int; [0] is of slices, arrays and strings"},
	{"main.(*student).greet", "f(s.marks[3])", false, -EINVAL,
	 "10: the index 3 is out of range; 's.marks' is a [3]int16"},
	{"main.(*student).greet", "f(word[9223372036854775808])", false, -EINVAL,
	 "7: the index 9223372036854775808 is beyond any memory; write a smaller one"},
	{"main.(*student).greet", "f(len(n))", false, -EINVAL,
	 "3: 'n' is an int, which has no len(); read the value itself"},
	{"main.(*student).greet", "f(cap(word))", false, -EINVAL,
	 "3: 'word' is a string, which has no cap(); read the value itself"},
	{"main.(*student).greet", "f($arg4)", false, -ENOENT,
	 "3: main.(*student).greet has 3 parameters; write $arg1 to $arg3"},
	{"main.(*student).greet", "f()($ret2)", true, -ENOENT,
	 "5: main.(*student).greet has 1 result; write $ret1"},
	{"main.(*student).greet", "f(~r0)", false, -ENOENT,
	 "3: '~r0' is a result, not there at entry; write it in a second list, FUNC()(~r0)"},
	{"main.(*student).greet", "f()(n)", true, -ENOENT,
	 "5: 'n' is gone at return, registers hold results then; write it in the first list"},
	{"main.(*student).greet", "f(word:u64)", false, -EINVAL,
	 "3: 'word' is a string, which 'u64' does not read; leave the type out, or name a part of it"},
	{"main.(*student).greet", "f(s.small:ptr)", false, -EINVAL,
	 "4: 's.small' is a uint8, too narrow for 'ptr'; take a narrower type"},
	{"main.(*student).greet", "f(s.small:b4@6/16)", false, -EINVAL,
	 "4: 's.small' is a uint8 of 8 bits, too few for 'b4@6/16'; take a narrower type"},
	{"main.(*student).greet", "f(+8(s.err))", false, -EINVAL,
	 "7: 's.err' is an error, which is no address and no number; name a part of it"},
	{"main.structs", "f(p:gostring)", false, -EINVAL,
	 "3: 'p' is a main.point, which is no address and no number; name a part of it"},
	{"main.main", "f(@counter)", false, -ENOENT,
	 "3: no symbol 'counter' in the file; did you mean main.counter?"},
	{"main.main", "f(@+0xfffffffffff)", false, -ENOENT,
	 "3: byte 0xfffffffffff of the file is not loaded into memory; write the offset of one that is"},
};

static void check_mistake(const struct mistake *row)
{
	struct error err = {0};
	char expected[512];

	print_message("%s\n", row->rule);
	fetch_target_choose(&target, row->func, row->at_return);
	assert_null(fetch_target_compile(&target, row->rule, row->at_return, &err));
	snprintf(expected, sizeof(expected), "rule 1, column %s", row->expected);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.code, row->code);
}

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++)
		check_mistake(&mistakes[i]);
}

static void assert_compiles(const char *func, const char *rule)
{
	struct error err = {0};
	struct fetch *fetch;

	fetch_target_choose(&target, func, false);
	fetch = fetch_target_compile(&target, rule, false, &err);
	if (!fetch)
		fail_msg("%s: %s", rule, err.text);
	fetch_free(fetch);
}

static void open_other(const char *release, const char *flags)
{
	fetch_target_close(&target);
	fetch_target_open(&target, release, flags);
}

static void test_stripped(void **state)
{
	static const struct mistake rows[] = {
		{"main.f", "f(%ax, n)", false, -ENODATA,
		 "8: 'n' needs debug information, and the file has none; build it without -ldflags=-w, "
		 "or read a register, like %ax"},
		{"main.f", "f($arg1)", false, -ENODATA,
		 "3: '$arg1' needs debug information, and the file has none; build it without "
		 "-ldflags=-w, or write the TYPE of a word in a rule, as in x=$arg1:s64"},
		{"main.f", "f($arg2:gostring)", false, -EINVAL,
		 "3: without debug information '$arg2' is one word, and gostring has more; write them "
		 "all, as in ($arg2, $arg3):gostring"},
		{"main.f", "f($arg1:f64)", false, -EINVAL,
		 "3: a float is passed in a vector register, which no uprobe sees, and not in '$arg1'; "
		 "leave it out"},
		{"main.f", "f()($ret10:x64)", true, -ENODATA,
		 "5: '$ret10' is in memory, and where needs debug information, which the file does not "
		 "have; read it at $stackN, behind the parameters"},
		{"main.f", "f(@main.counter)", false, -ENODATA,
		 "3: 'main.counter' cannot be found: the file is stripped of its symbols; build it "
		 "without -ldflags=-s, or write the address, @0x..."},
	};

	(void)state;
	open_other("", "'-ldflags=-s -w'");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_mistake(&rows[i]);
	assert_compiles("main.f", "f(%ax:u8, +0(%bx):gostring, $stack0)");
}

/* Go 1.21 and older leave unnamed parameters out: names hold, numbers are refused behind a gap. */
static void test_gaps(void **state)
{
	static const struct mistake row = {
		"main.blanks", "f($arg1)", false, -EINVAL,
		"3: main.blanks has unnamed parameters, which Go 1.21 and older leave out of debug "
		"information, so they cannot be counted; name the parameter"};

	(void)state;
	open_other("21.13", "");
	check_mistake(&row);
	assert_compiles("main.blanks", "f(a)");
	assert_compiles("main.(*student).greet", "f($arg1, $arg2, $arg3)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_stripped),
		cmocka_unit_test(test_gaps),
	};

	return cmocka_run_group_tests(tests, open_target, close_target);
}
