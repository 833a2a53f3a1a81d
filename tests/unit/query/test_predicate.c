/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Filters over values as a recording has them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "query/predicate.h"

#define TEXT(called, what, all)                                                              \
	{                                                                                    \
		.kind = VALUE_TEXT, .name = called, .type = "string", .text = what,          \
		.nbytes = sizeof(what) - 1, .len = all, .truncated = all > sizeof(what) - 1, \
		.counted = true, .utf8 = true, .span = 1                                     \
	}

/* s *main.T{Name, Age, tags, Base{ID}, rest not read}, n, cut, p nil, f, c, x in a register */
static const struct value args[] = {
	{.kind = VALUE_POINTER,
	 .name = "s",
	 .type = "*main.T",
	 .u = 0xc000,
	 .nchildren = 1,
	 .span = 10},
	{.kind = VALUE_OBJECT, .type = "main.T", .nchildren = 5, .span = 9},
	TEXT("Name", "zhang", 5),
	{.kind = VALUE_SIGNED, .name = "Age", .type = "int", .s = 17, .span = 1},
	{.kind = VALUE_LIST,
	 .name = "tags",
	 .type = "[]string",
	 .nchildren = 1,
	 .len = 3,
	 .truncated = true,
	 .counted = true,
	 .span = 2},
	TEXT(NULL, "a", 1),
	{.kind = VALUE_OBJECT, .name = "Base", .type = "main.Base", .nchildren = 1, .span = 2},
	{.kind = VALUE_UNSIGNED, .name = "ID", .type = "uint64", .u = UINT64_MAX, .span = 1},
	{.kind = VALUE_DEEPER, .name = "rest", .type = "main.R", .span = 1},
	TEXT("padding", "", 0),
	{.kind = VALUE_SIGNED, .name = "n", .type = "int", .s = -3, .span = 1},
	TEXT("cut", "abcdefgh", 20),
	{.kind = VALUE_NULL, .name = "p", .type = "*main.T", .span = 1},
	{.kind = VALUE_FLOAT, .name = "f", .type = "float64", .f = 2.5, .span = 1},
	{.kind = VALUE_CHAN, .name = "c", .type = "chan int", .len = 1, .capacity = 4, .span = 1},
	{.kind = VALUE_ERROR, .name = "x", .type = "float64", .why = VALUE_IN_REGISTER, .span = 1},
	{.kind = VALUE_ERROR, .name = "u", .type = "string", .why = VALUE_UNREADABLE, .span = 1},
	{.kind = VALUE_BOOL, .name = "ok", .type = "bool", .u = 1, .span = 1},
};
static const struct value results[] = {
	{.kind = VALUE_SIGNED, .name = "~r0", .type = "int", .s = 7, .span = 1},
	{.kind = VALUE_DYNAMIC,
	 .name = "~r1",
	 .type = "error",
	 .text = "*main.E",
	 .dynamic = "*main.E",
	 .span = 1},
};
static const struct values all_args = {.first = args, .nitems = 9, .len = 9};
static const struct values all_results = {.first = results, .nitems = 2, .len = 2};

static const struct values *get_args(struct tree_source *source, const struct tree *tree,
				     const struct call *call)
{
	(void)source, (void)tree, (void)call;
	return &all_args;
}

static const struct values *get_results(struct tree_source *source, const struct tree *tree,
					const struct call *call)
{
	(void)source, (void)tree;
	return call->how == CALL_RETURN ? &all_results : NULL;
}

static struct tree_source source = {.args = get_args, .results = get_results};
static const struct process process = {.pid = 412};
static struct call call = {.start = 1000, .end = 1000 + 1500000, .tid = 415, .how = CALL_RETURN};
static const struct tree tree = {
	.process = &process, .source = &source, .goid = 18, .calls = &call, .ncalls = 1};

/* Of the last filter. */
static struct buf notes;
static struct error told;

/* "true", "false"; "missing" or "mistake" where that was said. */
static const char *outcome(const char *text)
{
	struct error err = {0};
	char whole[256];
	struct predicate predicate = {.number = 1};
	struct filter *filter;
	bool holds;
	int ret;

	snprintf(whole, sizeof(whole), "main.f: %s", text);
	filter = filter_parse(whole, 1, &err);
	if (!filter)
		fail_msg("%s", err.text);
	predicate.filter = filter;
	holds = predicate_holds(&predicate, &tree, &call);
	told = (struct error){0};
	buf_reset(&notes);
	ret = predicate_tell(&predicate, &notes, &told);
	filter_free(filter);
	if (ret == -22)
		return "mistake";
	return predicate.missing ? "missing" : holds ? "true" : "false";
}

static void are(const char *expected, const char *const *texts)
{
	for (; *texts; texts++)
		if (strcmp(outcome(*texts), expected) != 0)
			fail_msg("%s: %s, not %s: %s", *texts, outcome(*texts), expected,
				 told.text);
}

static void test_what_holds(void **state)
{
	static const char *const texts[] = {
		"s.Age == 17",
		"s.Age < 17.5 && s.Age > 16.5",
		"n < 0",
		"n == -3",
		"n < s.Age",
		"s.ID > 9223372036854775807",
		"s.Base.ID != 0",
		"s.Name == \"zhang\"",
		"s.Name ~ \"zh*\"",
		"s.Name ~ \"?hang\"",
		"s.Name >= \"z\" && s.Name < \"zz\"",
		"s.tags[0] == \"a\"",
		"len(s.tags) == 3",
		"len(s.Name) == 5",
		"len(cut) == 20",
		"p == nil",
		"s != nil",
		"f > 2",
		"f == 2.5",
		"f < 3",
		"len(c) == 1 && cap(c) == 4",
		"c != nil",
		"ok",
		"!(n > 0)",
		"ok == true",
		"n & 1",
		"~r0 == 7",
		"~r1 != nil",
		"$ret1 == 7",
		"$arg2 == -3",
		"$error",
		"$duration > 1ms && $duration < 2ms",
		"$pid == 412",
		"$tid == 415 && $goid == 18",
		"cut ~ \"abc*\"",
		"cut < \"b\"",
		"cut != \"abcdefgh\"",
		"cut != \"abcdefghijkl\"",
		"n > 0 || s.Age == 17",
		"s.Name[0] == 122",
		NULL,
	};

	(void)state;
	are("true", texts);
}

static void test_what_does_not_hold(void **state)
{
	static const char *const texts[] = {
		"s.Age != 17",
		"n > 0",
		"s.Name == \"zhan\"",
		"s.Name ~ \"ang*\"",
		"p != nil",
		"s.tags[3] == \"a\"",
		"u == \"x\"",
		"u != \"x\"",
		"p.Age == 1 || true",
		"~r1 == nil",
		"$duration > 1s",
		"cut == \"abcdefgh\"",
		"cut ~ \"b*\"",
		"f < 2",
		"n & 2 && n & 2 && n == 0",
		NULL,
	};

	(void)state;
	are("false", texts);
}

static void test_what_was_not_recorded_is_said(void **state)
{
	static const char *const texts[] = {
		"s.rest.X == 1",
		"s.rest != nil || true",
		"x > 1",
		"s.tags[1] == \"b\"",
		"nosuch == 1",
		"$comm == \"main\"",
		"cap(s.tags) == 3",
		"cut ~ \"*z\"",
		"cut == \"abcdefghijklmnopqrst\"",
		"s.Nosuch == 1",
		NULL,
	};

	(void)state;
	are("missing", texts);
	outcome("x > 1");
	assert_string_equal(told.text, "filter 1, column 9: 'x' was recorded of no call of main.f; "
				       "record it, or compare what is there");
}

static void test_what_does_not_compare_is_said(void **state)
{
	static const char *const texts[] = {
		"n == \"x\"", "s.Name > 3", "n",         "s.Name", "ok > 3",
		"s.tags > 3", "f ~ \"x\"",  "*s == nil", "f & 1",  NULL,
	};

	(void)state;
	are("mistake", texts);
	outcome("n == \"x\"");
	assert_string_equal(told.text, "filter 1, column 11: 'n' (int) and a string: they do not "
				       "compare; write two of one type");
}

/* Nothing is known of what a call that has not returned comes to: no filter that asks for it holds. */
static void test_ends(void **state)
{
	static const char *const asks[] = {"$duration > 0s || true", "~r0 == 7 || true",
					   "$error || true", "!$error", NULL};
	static const char *const failed[] = {"$error", NULL};

	(void)state;
	call.how = CALL_OPEN;
	are("false", asks);
	call.how = CALL_UNWOUND;
	call.flags = CALL_GOEXIT;
	are("false", failed);
	call.flags = CALL_PANIC;
	are("true", failed);
	call.how = CALL_RETURN;
	call.flags = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_holds),
		cmocka_unit_test(test_what_does_not_hold),
		cmocka_unit_test(test_what_was_not_recorded_is_said),
		cmocka_unit_test(test_what_does_not_compare_is_said),
		cmocka_unit_test(test_ends),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_release(&notes);
	return failed;
}
