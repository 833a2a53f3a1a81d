/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that has ended before it was asked is called as another one of the same inode, if there was one; and not
 * all is kept for ever.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/exe_names.h"

static struct exe_names names;

static int begin(void **state)
{
	(void)state;
	memset(&names, 0, sizeof(names));
	return 0;
}

static int end(void **state)
{
	(void)state;
	exe_names_release(&names);
	return 0;
}

static void found(pid_t pid, const char *path)
{
	const char *got = exe_names_path(&names, exe_names_inode(&names, pid));

	if (path)
		assert_string_equal(got, path);
	else
		assert_null(got);
}

static void by_the_inode_of_the_last_exec(void **state)
{
	(void)state;
	found(1, NULL);
	exe_names_exec(&names, 1, 100);
	found(1, NULL);
	exe_names_note(&names, 100, "/a");
	exe_names_note(&names, 200, "/b");
	found(1, "/a");
	found(2, NULL);
	exe_names_exec(&names, 1, 200);
	found(1, "/b");
	/* Renamed meanwhile. */
	exe_names_note(&names, 200, "/c");
	found(1, "/c");
	exe_names_exec(&names, 1, 300);
	found(1, NULL);
}

static void what_is_not_known_has_no_name(void **state)
{
	(void)state;
	exe_names_exec(&names, 1, 0);
	exe_names_note(&names, 0, "/a");
	found(1, NULL);
}

static void what_has_ended_is_forgotten(void **state)
{
	(void)state;
	exe_names_note(&names, 100, "/a");
	exe_names_exec(&names, 1, 100);
	exe_names_exec(&names, 2, 100);
	exe_names_exit(&names, 1);
	found(1, NULL);
	found(2, "/a");
	exe_names_exit(&names, 3);
}

static void what_need_not_be_asked(void **state)
{
	(void)state;
	assert_false(exe_names_settled(&names, 100));
	exe_names_note(&names, 100, "/a");
	assert_true(exe_names_settled(&names, 100));
	exe_names_pass(&names, 200);
	assert_true(exe_names_settled(&names, 200));
	for (uint64_t exe = 1000; exe < 1064; exe++)
		exe_names_pass(&names, exe);
	assert_false(exe_names_settled(&names, 200));
	assert_true(exe_names_settled(&names, 1063));
	exe_names_ask_again(&names);
	assert_false(exe_names_settled(&names, 1063));
	assert_true(exe_names_settled(&names, 100));
}

static void the_oldest_are_forgotten(void **state)
{
	char path[32];

	(void)state;
	for (int i = 1; i <= 70000; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		exe_names_exec(&names, i, (uint64_t)i);
		exe_names_note(&names, (uint64_t)i, path);
	}
	assert_true(names.execs.count <= 65536);
	found(1, NULL);
	/* Its exec is known, its name is not. */
	assert_int_equal(exe_names_inode(&names, 70000 - 1000), 70000 - 1000);
	found(70000 - 1000, NULL);
	found(70000 - 255, "/69745");
	found(70000, "/70000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_the_inode_of_the_last_exec, begin, end),
		cmocka_unit_test_setup_teardown(what_is_not_known_has_no_name, begin, end),
		cmocka_unit_test_setup_teardown(what_has_ended_is_forgotten, begin, end),
		cmocka_unit_test_setup_teardown(what_need_not_be_asked, begin, end),
		cmocka_unit_test_setup_teardown(the_oldest_are_forgotten, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
