/* SPDX-License-Identifier: GPL-2.0-only */
/* The words that a program has for numbers of the system, with and without its symbols. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "go_program.h"
#include "trace/rtype.h"

static const char main_go[] = "package main\n"
			      "import (\"fmt\"; \"syscall\")\n"
			      "func main() { fmt.Println(syscall.Errno(1), syscall.Signal(1)) }\n";

static struct go_program program;

static int build(void **state)
{
	(void)state;
	return go_program_init(&program, main_go) && go_program_build(&program, "plain", "") &&
			       go_program_build(&program, "pie", "-buildmode=pie") &&
			       go_program_build(&program, "stripped", "-ldflags=-s") &&
			       go_program_build(&program, "stripped-pie",
						"-ldflags=-s -buildmode=pie")
		       ? 0
		       : -1;
}

static int clean(void **state)
{
	(void)state;
	go_program_remove(&program);
	return 0;
}

typedef const char *(*words_fn)(struct rtypes *types, uint64_t number, size_t *len);

static void assert_words(struct rtypes *types, words_fn words, uint64_t number, const char *want)
{
	size_t len = 99;
	const char *got = words(types, number, &len);

	assert_non_null(got);
	assert_int_equal(len, strlen(want));
	assert_memory_equal(got, want, len);
}

static void check(const char *name)
{
	struct image *img = go_program_image(&program, name);
	struct rtypes *types = rtypes_new(img);

	assert_non_null(types);
	assert_words(types, rtypes_errno, 1, "operation not permitted");
	assert_words(types, rtypes_errno, 111, "connection refused");
	assert_words(types, rtypes_errno, 132, "operation not possible due to RF-kill");
	assert_words(types, rtypes_errno, 0, "");
	assert_words(types, rtypes_errno, 41, "");
	for (uint64_t number = 133; number < 2000; number++)
		assert_words(types, rtypes_errno, number, "");
	assert_words(types, rtypes_errno, UINT64_MAX, "");
	assert_words(types, rtypes_errno, 1ull << 60, "");
	assert_words(types, rtypes_signal, 9, "killed");
	assert_words(types, rtypes_signal, 31, "bad system call");
	assert_words(types, rtypes_signal, 32, "");
	rtypes_free(types);
	image_free(img);
}

static void symbols_say_where_they_are(void **state)
{
	(void)state;
	check("plain");
	check("pie");
}

static void without_symbols_they_are_found(void **state)
{
	(void)state;
	check("stripped");
	check("stripped-pie");
}

static void no_executable_has_no_words(void **state)
{
	struct rtypes *types = rtypes_new(NULL);
	size_t len;

	(void)state;
	assert_non_null(types);
	assert_null(rtypes_errno(types, 1, &len));
	rtypes_free(types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbols_say_where_they_are),
		cmocka_unit_test(without_symbols_they_are_found),
		cmocka_unit_test(no_executable_has_no_words),
	};

	return cmocka_run_group_tests(tests, build, clean);
}
