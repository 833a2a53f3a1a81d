/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes by name: by that of the executable's file, by their own, whole; and what is said where there is none.
 */
#define _GNU_SOURCE /* asprintf */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/named.h"

/* A process of this program that calls itself so, by the time this returns. */
static pid_t called(const char *name)
{
	int ready[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_NAME, name);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_by_its_own_name(void **state)
{
	pid_t pids[] = {called("ft-name-one"), called("ft-name-one"), called("ft-name-ones")};
	struct pid_list found = {0};
	struct error err;

	(void)state;
	assert_int_equal(named_find(&found, "ft-name-one", &err), 0);
	pid_list_sort(&found);
	assert_int_equal(found.count, 2);
	assert_true(pid_list_has(&found, pids[0]));
	assert_true(pid_list_has(&found, pids[1]));
	for (size_t i = 0; i < 3; i++)
		end(pids[i]);
	pid_list_release(&found);
}

static void test_by_its_file(void **state)
{
	struct pid_list found = {0};
	pid_t pid = called("another");
	struct error err;

	(void)state;
	assert_int_equal(named_find(&found, "test_named", &err), 0);
	pid_list_sort(&found);
	assert_true(pid_list_has(&found, pid));
	/* Whoever asks is none of them. */
	assert_false(pid_list_has(&found, getpid()));
	end(pid);
	pid_list_release(&found);
}

static void test_none(void **state)
{
	struct pid_list found = {0};
	pid_t pid = called("ft-name-near");
	struct error err;

	(void)state;
	assert_int_equal(named_find(&found, "ft-name-neat", &err), -ESRCH);
	assert_string_equal(err.text, "no process has this name; did you mean ft-name-near?");
	assert_int_equal(named_find(&found, "ft-nothing-of-that-kind-runs", &err), -ESRCH);
	assert_non_null(strstr(err.text, "; start it"));
	assert_int_equal(named_find(&found, "./test_named", &err), -EINVAL);
	assert_int_equal(found.count, 0);
	end(pid);
}

static void test_pids(void **state)
{
	(void)state;
	assert_true(named_is_pid("412"));
	assert_false(named_is_pid(""));
	assert_false(named_is_pid("412a"));
	assert_false(named_is_pid("-412"));
}

static void test_list(void **state)
{
	static const pid_t given[] = {7, 3, 7, 1, 3};
	struct pid_list list = {0};

	(void)state;
	pid_list_sort(&list);
	assert_false(pid_list_has(&list, 1));
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(pid_list_add(&list, given[i]), 0);
	pid_list_sort(&list);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.pids[0], 1);
	assert_int_equal(list.pids[1], 3);
	assert_int_equal(list.pids[2], 7);
	assert_true(pid_list_has(&list, 7));
	assert_false(pid_list_has(&list, 2));
	pid_list_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_its_own_name),
		cmocka_unit_test(test_by_its_file),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_pids),
		cmocka_unit_test(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
