/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/run/child.h"

static char shell[] = "sh", option[] = "-c";
static struct inherited given;

/* Starts `sh -c text`, lets it run, and returns its status. */
static int run(const char *text, struct child_how how)
{
	char *argv[] = {shell, option, (char *)(uintptr_t)text, NULL};
	struct child child;
	struct error err;

	if (!how.path) {
		how.path = "/bin/sh";
		how.argv = argv;
	}
	how.given = &given;
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

/* What ftrace changes for itself the program has as it was; what else was open it does not have. */
static void test_given(void **state)
{
	struct rlimit files = {200, 300}, more = {300, 300};
	struct inherited before = given;
	char grep[] = "grep", quiet[] = "-q", file[] = "/proc/self/status";
	char set[] = "^SigBlk:.*0000800$";
	char *blocked[] = {grep, quiet, set, file, NULL};
	int fd = open("/dev/null", O_RDONLY);
	sigset_t mask;

	(void)state;
	assert_true(fd > 2);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	setrlimit(RLIMIT_NOFILE, &files);
	umask(027);
	inherited_take(&given);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	setrlimit(RLIMIT_NOFILE, &more);
	umask(0);
	/* SIGHUP is 1, SIGPIPE 13, SIGUSR2 12. */
	assert_int_equal(run("grep -q '^SigIgn:.*0001001$' /proc/$$/status", (struct child_how){0}),
			 0);
	/* Not by a shell, which may unblock them. */
	assert_int_equal(run("", (struct child_how){.path = "/bin/grep", .argv = blocked}), 0);
	assert_int_equal(run("test $(ulimit -n)-$(umask) = 200-0027", (struct child_how){0}), 0);
	assert_int_equal(run("for i in 3 4 5 6 7 8 9; do test ! -e /proc/$$/fd/$i || exit 1; done",
			     (struct child_how){0}),
			 0);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_DFL);
	given = before;
	sigprocmask(SIG_SETMASK, &given.blocked, NULL);
	umask(given.mask);
	close(fd);
}

static void test_session(void **state)
{
	char uid[32];
	struct account self = {.uid = getuid(), .gid = getgid()};

	(void)state;
	snprintf(uid, sizeof(uid), "%d", (int)getsid(0));
	setenv("SESSION", uid, 1);
	/* The sixth field of stat, of a name without blanks. */
	assert_int_equal(
		run("set -- $(cat /proc/$$/stat); test $6 = $SESSION", (struct child_how){0}), 0);
	assert_int_equal(run("set -- $(cat /proc/$$/stat); test $6 = $$",
			     (struct child_how){.account = &self}),
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
		struct child_how how = {.path = paths[i].path, .argv = argv, .given = &given};
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
		.path = "/bin/sh", .argv = argv, .given = &given, .directory = "/none"};
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
	struct child_how how = {.path = "/bin/sh", .argv = argv, .given = &given};
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
		cmocka_unit_test(test_runs),         cmocka_unit_test(test_given),
		cmocka_unit_test(test_session),      cmocka_unit_test(test_not_there),
		cmocka_unit_test(test_never_starts), cmocka_unit_test(test_abandoned),
	};

	inherited_take(&given);
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
