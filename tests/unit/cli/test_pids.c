/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/run/pids.h"

static pid_t sleeper(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		for (;;)
			pause();
	return pid;
}

static void test_ends(void **state)
{
	pid_t list[] = {sleeper(), sleeper()};
	struct pids pids;
	struct pollfd polled;
	struct error err;

	(void)state;
	assert_int_equal(pids_open(&pids, list, 2, &err), 0);
	assert_int_equal(pids.count, 2);
	assert_true(pids_has(&pids, (uint32_t)list[1]));
	assert_false(pids_has(&pids, (uint32_t)getpid()));
	assert_false(pids_all_ended(&pids));
	for (size_t i = 0; i < 2; i++) {
		polled = (struct pollfd){.fd = pids.fds[i], .events = POLLIN};
		assert_int_equal(poll(&polled, 1, 0), 0);
		kill(list[i], SIGKILL);
		assert_int_equal(poll(&polled, 1, 60000), 1);
		assert_false(pids_has_ended(&pids, i));
		pids_end(&pids, i);
		assert_true(pids_has_ended(&pids, i));
		assert_int_equal(pids_all_ended(&pids), i == 1);
		assert_int_equal(waitpid(list[i], NULL, 0), list[i]);
	}
	pids_close(&pids);
}

/* Between the finding of several by name and this one may end. */
static void test_one_has_gone(void **state)
{
	pid_t list[] = {sleeper(), sleeper()};
	struct pids pids;
	struct error err;

	(void)state;
	kill(list[1], SIGKILL);
	assert_int_equal(waitpid(list[1], NULL, 0), list[1]);
	assert_int_equal(pids_open(&pids, list, 2, &err), 0);
	assert_false(pids_has_ended(&pids, 0));
	assert_true(pids_has_ended(&pids, 1));
	assert_false(pids_all_ended(&pids));
	pids_close(&pids);
	kill(list[0], SIGKILL);
	assert_int_equal(waitpid(list[0], NULL, 0), list[0]);
}

static void test_none(void **state)
{
	pid_t gone = sleeper();
	struct pids pids;
	struct error err = {0};

	(void)state;
	kill(gone, SIGKILL);
	assert_int_equal(waitpid(gone, NULL, 0), gone);
	assert_int_equal(pids_open(&pids, &gone, 1, &err), -ESRCH);
	assert_int_not_equal(err.text[0], 0);
	pids_close(&pids);
	/* Where there never were any, none has ended. */
	assert_int_equal(pids_open(&pids, NULL, 0, &err), 0);
	assert_false(pids_all_ended(&pids));
	pids_close(&pids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_one_has_gone),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
