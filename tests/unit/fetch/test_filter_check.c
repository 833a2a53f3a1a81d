/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Filters checked against functions of a real Go program, and decided on registers and memory made up
 * here.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fetch/filter_eval.h"
#include "fetch_memory.h"
#include "fetch_target.h"
#include "fetch_vm.h"
#include "filter_made.h"

static struct fetch_target target;
static struct fetch_vm vm, after;

/* How the calls ended. */
static enum filter_failed failed;

static bool passes(const struct filter_made *made, uint64_t duration)
{
	fetch_vm_run(&vm, made->entry);
	fetch_vm_run(&after, made->results);
	return filter_eval(made->check, vm.bytes, vm.sent, after.bytes, after.sent, duration,
			   failed);
}

/* 'y' or 'n', a capital when the kernel can decide it at entry. */
static char decide(const char *text, const char *rule, uint64_t duration)
{
	const char *const filters[] = {text, NULL};
	struct error err = {0};
	struct filter_made made;
	char letter;

	print_message("%s\n", text);
	if (filter_make(&made, &target, filters, rule, &err))
		fail_msg("%s: %s", text, err.text);
	for (size_t i = 0; i < made.entry->nitems; i++)
		assert_true(made.entry->items[i].hidden);
	assert_false(made.check->in_kernel && made.check->needs_return);
	letter = passes(&made, duration) ? 'y' : 'n';
	if (made.check->in_kernel)
		letter = letter == 'y' ? 'Y' : 'N';
	filter_made_release(&made);
	return letter;
}

struct row {
	const char *filter;
	char expected;
};

static void check_rows(const struct row *rows, size_t n, const char *rule, uint64_t duration)
{
	for (size_t i = 0; i < n; i++) {
		char got = decide(rows[i].filter, rule, duration);

		if (got != rows[i].expected)
			fail_msg("%s: %c, not %c", rows[i].filter, got, rows[i].expected);
	}
}

#define CHECK(rows, rule, duration) check_rows(rows, sizeof(rows) / sizeof(*(rows)), rule, duration)

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

static void choose(const char *func)
{
	fetch_target_choose(&target, func, false);
	fetch_memory_set(&vm, 0x401000, 0);
	fetch_memory_set(&after, 0x401000, 0);
}

/* a int8 -3, b uint16 65533, c int32 -3, d uint64 2^64-3, e true */
static const struct row numbers[] = {
	{"f: a == -3", 'Y'},
	{"f: a != -3", 'N'},
	{"f: a < -2", 'Y'},
	{"f: a < -3", 'N'},
	{"f: a <= -3", 'Y'},
	{"f: a > -4", 'Y'},
	{"f: a >= -3", 'Y'},
	{"f: a > 0", 'N'},
	{"f: -3 == a", 'Y'},
	{"f: -4 < a", 'Y'},
	{"f: -3 < a", 'N'},
	{"f: 0 >= a", 'Y'},
	{"f: b == 65533", 'Y'},
	{"f: b > 65532", 'Y'},
	{"f: b < 0", 'N'},
	{"f: b == -3", 'N'},
	/* of different sign and width as numbers, not as bits */
	{"f: d > 9223372036854775807", 'Y'},
	{"f: d == 18446744073709551613", 'Y'},
	{"f: d == -3", 'N'},
	{"f: d > a", 'Y'},
	{"f: a < d", 'Y'},
	{"f: a == c", 'Y'},
	{"f: c < b", 'Y'},
	{"f: a == d", 'N'},
	{"f: a < 18446744073709551615", 'Y'},
	{"f: d > -9223372036854775808", 'Y'},
	/* against a fraction */
	{"f: a < -2.5", 'Y'},
	{"f: a > -3.5", 'Y'},
	{"f: a >= -2.5", 'N'},
	{"f: a == -3.0", 'Y'},
	{"f: a == -3.5", 'N'},
	{"f: a != -3.5", 'Y'},
	{"f: d > 1e30", 'N'},
	{"f: d < 1e30", 'Y'},
	{"f: a > -1e30", 'Y'},
	{"f: a == 1e30", 'N'},
	{"f: 2.5 > a", 'Y'},
	{"f: a <= -2.5", 'Y'},
	/* bits, and none in the rubbish above */
	{"f: b & 2", 'N'},
	{"f: b & 1", 'Y'},
	{"f: b & 0x10000", 'N'},
	{"f: 4 & b", 'Y'},
	{"f: a & b", 'Y'},
	{"f: a & -8", 'Y'},
	{"f: e", 'Y'},
	{"f: !e", 'N'},
	{"f: e == true", 'Y'},
	{"f: e != true", 'N'},
	{"f: false == e", 'N'},
	{"f: e == e", 'Y'},
	{"f: a == 1 || b == 65533", 'Y'},
	{"f: a == 1 && b == 65533", 'N'},
	{"f: a == -3 && (b == 1 || !(c > 0))", 'Y'},
	{"f: !(a == -3 || b == 1)", 'N'},
	{"f: true", 'Y'},
	{"f: false || a == -3", 'Y'},
	{"f: !true || a == 1", 'N'},
	{"f: $arg1 == -3 && $arg5", 'Y'},
	{"f: $pid == 412 && $tid == 413 && $goid == 18", 'Y'},
	{"f: $comm == \"main\"", 'Y'},
	{"f: $comm != \"mai\"", 'Y'},
	{"f: $comm ~ \"m*n\"", 'Y'},
};

static void test_numbers(void **state)
{
	uint64_t rubbish = 0x1234567800000000;

	(void)state;
	choose("main.numbers");
	fetch_memory_ints(&vm,
			  (const uint64_t[]){rubbish | 0xfd, rubbish | 0xfffd, rubbish | 0xfffffffd,
					     (uint64_t)-3, rubbish | 1},
			  5);
	CHECK(numbers, NULL, FILTER_NO_DURATION);
}

static const struct row texts[] = {
	{"f: word == \"hello\"", 'Y'},
	{"f: word != \"hello\"", 'N'},
	{"f: word == \"hell\"", 'N'},
	{"f: word == \"hello!\"", 'N'},
	{"f: word < \"help\"", 'Y'},
	{"f: word > \"hell\"", 'Y'},
	{"f: word >= \"hello\"", 'Y'},
	{"f: word < \"hello\"", 'N'},
	{"f: \"hello\" == word", 'Y'},
	{"f: \"a\" < word", 'Y'},
	{"f: word == \"\"", 'N'},
	{"f: word > \"\\xc3\"", 'N'},
	{"f: word ~ \"he*\"", 'Y'},
	{"f: word ~ \"*\"", 'Y'},
	{"f: word ~ \"hello*\"", 'Y'},
	{"f: word ~ \"hello!*\"", 'N'},
	{"f: word ~ \"h?l*o\"", 'Y'},
	{"f: word ~ \"*x\"", 'N'},
	{"f: word ~ \"[gh]ello\"", 'Y'},
	{"f: word ~ \"hello\"", 'Y'},
	{"f: !(word ~ \"x*\")", 'Y'},
	{"f: word == s.name", 'N'},
	{"f: word < s.name", 'Y'},
	{"f: s.name == \"zhang\"", 'Y'},
	{"f: s.tag == \"tag\" && len(word) == 5", 'Y'},
	{"f: word[0] == 104", 'Y'},
	{"f: s.f == 1.5", 'Y'},
	{"f: s.f > 1", 'Y'},
	{"f: s.f >= 1.50001", 'N'},
	{"f: s.f < -1", 'N'},
	{"f: s.f != 1.5", 'N'},
	{"f: 1 < s.f", 'Y'},
	{"f: %bx == 42 && %bl < 43 && %ax == s", 'Y'},
	{"f: s != nil", 'Y'},
	{"f: nil == s", 'N'},
	{"f: s.next == nil", 'Y'},
	{"f: s.props != nil", 'Y'},
	{"f: s.kids != nil", 'Y'},
	{"f: s.err == nil", 'Y'},
	{"f: s == 0x1000", 'Y'},
	{"f: s > 0", 'Y'},
	{"f: s.next != s", 'Y'},
	{"f: s.kids[1].age == -10", 'Y'},
	{"f: len(s.props) == 3", 'Y'},
	/* an operand that cannot be read makes the whole filter false, wherever it stands */
	{"f: s.next.age == 0", 'N'},
	{"f: s.next.age != 0", 'N'},
	{"f: !(s.next.age == 0)", 'N'},
	{"f: n == 42 || s.next.age == 0", 'N'},
	{"f: s.kids[2].age == 0 || n == 42", 'N'},
};

static void test_texts(void **state)
{
	(void)state;
	choose("main.(*student).greet");
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x5000, 5}, 4);
	CHECK(texts, NULL, FILTER_NO_DURATION);
}

/* Up to 256 bytes compare; what is longer differs by its length. */
static void test_long_text(void **state)
{
	char filter[400], exes[FILTER_TEXT_MAX + 1] = {0};

	(void)state;
	choose("main.(*student).greet");
	memset(exes, 'x', FILTER_TEXT_MAX);
	snprintf(filter, sizeof(filter), "f: word == \"%s\"", exes);
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x9000, 256}, 4);
	assert_int_equal(decide(filter, NULL, 0), 'Y');
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x9000, 257}, 4);
	assert_int_equal(decide(filter, NULL, 0), 'N');
	assert_int_equal(decide("f: word ~ \"xx*\"", NULL, 0), 'Y');
	assert_int_equal(decide("f: word ~ \"x*x*\"", NULL, 0), 'Y');
	/* what it ends in is not known */
	assert_int_equal(decide("f: word ~ \"*x\"", NULL, 0), 'N');
	/* empty: the pointer is not looked at */
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x10, 0}, 4);
	assert_int_equal(decide("f: word == \"\"", NULL, 0), 'Y');
	assert_int_equal(decide("f: word ~ \"*\"", NULL, 0), 'Y');
	/* unreadable, and a length that is none */
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x10, 1}, 4);
	assert_int_equal(decide("f: word != \"a\"", NULL, 0), 'N');
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x5000, (uint64_t)-1}, 4);
	assert_int_equal(decide("f: word != \"a\"", NULL, 0), 'N');
}

/* $error is decided at the end; where how the call ended is not known, nothing is true of it. */
static void error_is_decided_at_the_end(void **state)
{
	static const struct {
		const char *filter;
		char expected[4]; /* by enum filter_failed */
	} rows[] = {
		{"f: $error", "nyn"},
		{"f: !$error", "ynn"},
		{"f: $error == true", "nyn"},
		{"f: false != $error", "nyn"},
		{"f: $error || word == \"hello\"", "yyn"},
		{"f: word == \"hello\" && $error", "nyn"},
		{"f: $error && $duration > 10ms", "nyn"},
	};

	(void)state;
	choose("main.(*student).greet");
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x5000, 5}, 4);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (int how = FILTER_SUCCEEDED; how <= FILTER_UNDECIDED; how++) {
			failed = (enum filter_failed)how;
			if (decide(rows[i].filter, NULL, 11000000) != rows[i].expected[how])
				fail_msg("%s: not %c", rows[i].filter, rows[i].expected[how]);
		}
	failed = FILTER_SUCCEEDED;
}

/* Results and $duration are decided at the end. */
static void test_results(void **state)
{
	static const struct row rows[] = {
		{"f: ~r0 == \"zhang\"", 'y'},
		{"f: $retval == \"zhang\" && n == 42", 'y'},
		{"f: n == 41 || ~r0 == \"tag\"", 'n'},
		{"f: $duration > 10ms", 'y'},
		{"f: $duration >= 10.000001ms", 'y'},
		{"f: $duration < 1s && word == \"hello\"", 'y'},
		{"f: 1s < $duration", 'n'},
		{"f: ~r0 < word", 'n'},
	};
	const char *const filters[] = {"f: $duration > 1ms || n == 42", NULL};
	struct error err = {0};
	struct filter_made made;

	(void)state;
	choose("main.(*student).greet");
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x5000, 5}, 4);
	fetch_memory_ints(&after, (const uint64_t[]){0x5100, 5}, 2);
	CHECK(rows, NULL, 10000001);
	assert_int_equal(filter_make(&made, &target, filters, NULL, &err), 0);
	assert_true(made.check->needs_return);
	assert_true(passes(&made, 5000000));
	assert_false(passes(&made, FILTER_NO_DURATION));
	/* no values, or fewer than were asked for */
	assert_false(filter_eval(made.check, NULL, 0, NULL, 0, 5000000, FILTER_SUCCEEDED));
	assert_false(filter_eval(made.check, vm.bytes, fetch_size(made.entry) - 8, NULL, 0, 5000000,
				 FILTER_SUCCEEDED));
	filter_made_release(&made);
}

static const struct row ruled[] = {
	{"f: age == -7", 'Y'},         {"f: raw == 0xf9", 'Y'},
	{"f: raw & 0x80", 'Y'},        {"f: low == 9", 'Y'},
	{"f: name == \"zhang\"", 'Y'}, {"f: text == \"zhang\"", 'Y'},
	{"f: text ~ \"zh*\"", 'Y'},    {"f: cut == \"zhan\"", 'Y'},
	{"f: letter == \"z\"", 'Y'},   {"f: letter == 122", 'Y'},
	{"f: place == 0x1000", 'Y'},   {"f: place != nil", 'Y'},
	{"f: f == 1.5", 'Y'},          {"f: yes", 'Y'},
	{"f: err == nil", 'Y'},        {"f: bytes == \"zhang\"", 'Y'},
	{"f: bytes != nil", 'Y'},      {"f: n == 42", 'Y'},
	{"f: bad == 0", 'N'},          {"f: bad != 0", 'N'},
	{"f: out == 8", 'y'},          {"f: who == \"main\"", 'Y'},
	{"f: %cx > 0", 'N'},           {"f: %bx == 42", 'Y'},
};

static void test_rules(void **state)
{
	(void)state;
	choose("main.(*student).greet");
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x5100, 5}, 4);
	fetch_memory_ints(&after, (const uint64_t[]){8}, 1);
	CHECK(ruled,
	      "f(age=+42(%ax):s8, raw=+42(%ax):u8, low=+42(%ax):b4@0/8, name=+8(%ax):gostring,"
	      "text=%cx:string, cut=+0(%cx):c32, letter=+0(%cx):char, place=%ax:ptr, f=s.f,"
	      "yes=+1(%ax):bool, err=s.err:goerror, bytes=+8(%ax):gobytes, n, bad=+0(%bx),"
	      "who=$comm, %cx:b1@4/8)(out=%ax)",
	      FILTER_NO_DURATION);
}

/* A call that did not return has no results, wherever they would have been. */
static void test_no_results(void **state)
{
	const char *const filters[] = {"f: $retval == 0 || a == 0", NULL};
	struct error err = {0};
	struct filter_made made;

	(void)state;
	choose("main.numbers");
	assert_int_equal(filter_make(&made, &target, filters, NULL, &err), 0);
	assert_true(passes(&made, 1));
	assert_false(filter_eval(made.check, vm.bytes, fetch_size(made.entry), NULL, 0, 1,
				 FILTER_SUCCEEDED));
	filter_made_release(&made);
}

/* All filters of a function must hold; the way through the graph meets each test at most once. */
static void test_several(void **state)
{
	const char *const both[] = {"f: n == 42", "f: word == \"hello\" || n == 1", NULL};
	struct error err = {0};
	struct filter_made made;

	(void)state;
	choose("main.(*student).greet");
	assert_int_equal(filter_make(&made, &target, both, NULL, &err), 0);
	for (size_t i = 0; i < made.check->ntests; i++) {
		assert_true(made.check->tests[i].yes < i || made.check->tests[i].yes >= FT_REJECT);
		assert_true(made.check->tests[i].no < i || made.check->tests[i].no >= FT_REJECT);
	}
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x5000, 5}, 4);
	assert_true(passes(&made, 0));
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 42, 0x5100, 5}, 4);
	assert_false(passes(&made, 0));
	fetch_memory_ints(&vm, (const uint64_t[]){0x1000, 1, 0x5100, 5}, 4);
	assert_false(passes(&made, 0));
	filter_made_release(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),   cmocka_unit_test(test_texts),
		cmocka_unit_test(test_long_text), cmocka_unit_test(test_results),
		cmocka_unit_test(test_rules),     cmocka_unit_test(test_no_results),
		cmocka_unit_test(test_several),   cmocka_unit_test(error_is_decided_at_the_end),
	};

	return cmocka_run_group_tests(tests, open_target, close_target);
}
