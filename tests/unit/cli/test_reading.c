/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How executables are read under a limit, in a thread that is watched and beside a session. What outlasts its
 * limit is done in a process that ends then.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/reading/watched.h"
#include "cli/run/beside.h"

static int says(struct watched *watched, void *arg, struct error *err)
{
	(void)watched;
	return error_set(err, -ENOEXEC, "%s: said", (const char *)arg);
}

static void test_result(void **state)
{
	char name[] = "it";
	struct watched watched = {.work = says, .arg = name};
	struct error err = {0};
	bool running;

	(void)state;
	assert_int_equal(watched_run(&watched, &running, &err), -ENOEXEC);
	assert_false(running);
	assert_string_equal(err.text, "it: said");
}

static int sleeps(struct watched *watched, void *arg, struct error *err)
{
	(void)arg;
	(void)err;
	watched_file(watched, "hostile");
	kill(getpid(), SIGTERM);
	pause();
	return 0;
}

/* A fifth more than is allowed. */
static int eats(struct watched *watched, void *arg, struct error *err)
{
	size_t size = READING_MEMORY + READING_MEMORY / 5;
	char *bytes;

	(void)arg;
	(void)err;
	watched_file(watched, "hostile");
	bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bytes != MAP_FAILED)
		memset(bytes, 1, size);
	pause();
	return 0;
}

/* In a process of its own: 0 when the run ended as it should. */
static int outlasts(int (*work)(struct watched *, void *, struct error *), int want, int sig,
		    const char *text)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		struct watched watched = {.work = work};
		struct error err = {0};
		bool running = false;
		int ret = watched_run(&watched, &running, &err);

		if (ret != want || !running || watched.signal != sig)
			_exit(1);
		_exit(strstr(err.text, text) == err.text ? 0 : 2);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

static void test_outlasts(void **state)
{
	(void)state;
	assert_int_equal(outlasts(sleeps, -EINTR, SIGTERM, "hostile: interrupted"), 0);
	assert_int_equal(outlasts(eats, -EFBIG, 0, "hostile: reading it takes more than"), 0);
}

static void test_time(void **state)
{
	struct reading_limit limit;
	struct error err;

	(void)state;
	reading_limit_begin(&limit, getpid(), getpid());
	assert_int_equal(reading_limit_check(&limit), 0);
	limit.since -= 2 * READING_NS;
	assert_int_equal(reading_limit_check(&limit), -ETIME);
	/* Others had the processor all the time. */
	limit.waited -= 2 * READING_NS;
	assert_int_equal(reading_limit_check(&limit), 0);
	assert_int_equal(reading_limit_say("it", -ETIME, &err), -ETIME);
	assert_memory_equal(err.text, "it: reading it takes more than 9 s", 34);
}

static int text_file(void)
{
	int fd = memfd_create("text", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "no program, but as long as one's header", 39), 39);
	return fd;
}

static void finish(struct beside *beside)
{
	int ret;

	while (!(ret = beside_look(beside)))
		poll(NULL, 0, 1);
	assert_int_equal(ret, 1);
	assert_false(beside_busy(beside));
}

static void test_beside(void **state)
{
	static const struct options opt;
	struct beside beside;
	struct error err;

	(void)state;
	assert_int_equal(beside_begin(&beside, &opt, text_file(), "it", 1, &err), 0);
	assert_true(beside_busy(&beside));
	finish(&beside);
	assert_int_equal(beside.ret, -ENOEXEC);
	assert_false(beside.opened);
	assert_string_equal(beside.err.text, "it: not an ELF file; give a Go executable");
}

static void test_trial_ends(void **state)
{
	static const struct options opt;
	struct beside beside;
	struct error err;
	pid_t pid;

	(void)state;
	/* It is stopped before it can tell anything. */
	assert_int_equal(beside_begin(&beside, &opt, text_file(), "it", 1, &err), 0);
	pid = beside.pid;
	kill(pid, SIGKILL);
	finish(&beside);
	/* It may have been done before. */
	if (beside.ret != -ENOEXEC) {
		assert_int_equal(beside.ret, -EIO);
		assert_memory_equal(beside.err.text, "it: its reader was killed or crashed", 36);
	}
	assert_int_equal(kill(pid, 0), -1);
	/* Given up, it leaves nothing. */
	assert_int_equal(beside_begin(&beside, &opt, text_file(), "it", 1, &err), 0);
	pid = beside.pid;
	assert_false(beside_end(&beside));
	assert_int_equal(kill(pid, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_result),     cmocka_unit_test(test_outlasts),
		cmocka_unit_test(test_time),       cmocka_unit_test(test_beside),
		cmocka_unit_test(test_trial_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
