/* SPDX-License-Identifier: GPL-2.0-only */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe/aside.h"

struct work {
	pid_t caller, doer;
	int fd;
	int orders;
};

static void open_null(void *arg)
{
	struct work *work = arg;

	work->doer = getpid();
	work->fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Another process, whose memory and files are the caller's; it is not seen by who waits for children. */
static void test_shares(void **state)
{
	struct work work = {.caller = getpid(), .fd = -1};

	(void)state;
	aside(open_null, &work);
	assert_int_not_equal(work.doer, work.caller);
	assert_int_not_equal(work.doer, 0);
	assert_int_not_equal(fcntl(work.fd, F_GETFD), -1);
	assert_int_equal(close(work.fd), 0);
	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
}

static void outlive(void *arg)
{
	const struct work *work = arg;
	char gone;

	kill(work->caller, SIGKILL);
	/* Nobody is there to write, once the test has seen that the caller is gone. */
	if (read(work->orders, &gone, 1) == 1 && write(work->fd, "done", 4) != 4)
		_exit(1);
}

static void test_goes_on(void **state)
{
	int orders[2], answers[2], status;
	char answer[8];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(orders), 0);
	assert_int_equal(pipe(answers), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (!pid) {
		struct work work = {.caller = getpid(), .fd = answers[1], .orders = orders[0]};

		close(orders[1]);
		close(answers[0]);
		aside(outlive, &work);
		_exit(2);
	}
	close(answers[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_int_equal(write(orders[1], "x", 1), 1);
	assert_int_equal(read(answers[0], answer, sizeof(answer)), 4);
	/* The files that it had are closed by its end. */
	assert_int_equal(read(answers[0], answer, sizeof(answer)), 0);
	close(answers[0]);
	close(orders[0]);
	close(orders[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
