/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/child.h"

static char shell[] = "sh", option[] = "-c";
static sigset_t mask;

/* Starts `sh -c text`, lets it run, and returns its status. */
static int run(const char *text, struct child_how how)
{
	char *argv[] = {shell, option, (char *)(uintptr_t)text, NULL};
	struct child child;
	struct error err;

	how.path = "/bin/sh";
	how.argv = argv;
	how.mask = &mask;
	assert_int_equal(child_start(&child, &how, &err), 0);
	child_reap(&child, false);
	assert_false(child.reaped);
	assert_int_equal(child_release(&child, &err), 0);
	child_reap(&child, true);
	assert_true(child.reaped);
	return child_exit_status(&child);
}

static void prepare(void *arg)
{
	setenv("WORD", arg, 1);
}

static void test_runs(void **state)
{
	char word[] = "said";

	(void)state;
	assert_int_equal(run("exit 5", (struct child_how){0}), 5);
	assert_int_equal(run("kill -TERM $$", (struct child_how){0}), 128 + SIGTERM);
	assert_int_equal(run("test \"$PWD\" = /", (struct child_how){.directory = "/"}), 0);
	assert_int_equal(run("test \"$WORD\" = said",
			     (struct child_how){.prepare = prepare, .arg = word}),
			 0);
}

static void test_not_there(void **state)
{
	static const struct {
		const char *path;
		int code;
	} paths[] = {{"/none/such", -ENOENT}, {"/", -EACCES}, {"/dev/null", -EACCES}};
	char *argv[] = {shell, NULL};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct child_how how = {.path = paths[i].path, .argv = argv, .mask = &mask};
		struct child child;
		struct error err;

		assert_int_equal(child_start(&child, &how, &err), 0);
		assert_int_equal(child_release(&child, &err), paths[i].code);
		assert_non_null(strstr(err.text, "cannot be executed: "));
		child_reap(&child, true);
		child_abandon(&child);
	}
}

/* What is wrong before the program can run is known before anything relies on it. */
static void test_never_starts(void **state)
{
	struct account nobody = {.uid = 4000000000u, .gid = 4000000000u};
	char *argv[] = {shell, NULL};
	struct child_how how = {
		.path = "/bin/sh", .argv = argv, .mask = &mask, .directory = "/none"};
	struct child child;
	struct error err;

	(void)state;
	assert_int_equal(child_start(&child, &how, &err), -ENOENT);
	assert_int_equal(strncmp(err.text, "/none: ", 7), 0);
	assert_int_equal(child.pid, 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	if (!geteuid())
		return;
	how.directory = NULL;
	how.account = &nobody;
	assert_int_equal(child_start(&child, &how, &err), -EPERM);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void test_abandoned(void **state)
{
	char *argv[] = {shell, NULL};
	struct child_how how = {.path = "/bin/sh", .argv = argv, .mask = &mask};
	struct child child;
	struct error err;

	(void)state;
	assert_int_equal(child_start(&child, &how, &err), 0);
	child_abandon(&child);
	assert_true(child.reaped);
	assert_int_equal(child_exit_status(&child), 125);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_never_starts),
		cmocka_unit_test(test_abandoned),
	};

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&mask);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
