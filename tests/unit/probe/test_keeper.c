/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "probe/keeper.h"

/* Nobody needs leave for this: what is asked of it the kernel refuses. */
static const unsigned long offsets[] = {16, 32};
static const uint64_t cookies[] = {1, 2};

static int attach_nothing(struct keeper *keeper)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const struct keeper_sites sites = {
		.program = null,
		.file = null,
		.multi = true,
		.offsets = offsets,
		.cookies = cookies,
		.count = 2,
	};
	uint32_t first = 77;
	int ret = keeper_attach(keeper, &sites, &first);

	assert_int_equal(first, 77);
	close(null);
	return ret;
}

static struct keeper *start(void)
{
	struct keeper *keeper = NULL;
	struct error err = {0};

	assert_int_equal(keeper_start(&keeper, &err), 0);
	assert_non_null(keeper);
	return keeper;
}

static size_t read_proc(pid_t pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? 0 : read(fd, text, size - 1);
	close(fd);
	len = len < 0 ? 0 : len;
	text[len] = '\0';
	return (size_t)len;
}

/* Whether the process ends, within a minute; whoever is to reap it may take its time. */
static bool goes(pid_t pid)
{
	char text[1024];

	for (int i = 0; i < 6000 && !kill(pid, 0); i++) {
		read_proc(pid, "stat", text, sizeof(text));
		if (!*text || strrchr(text, ')')[2] == 'Z')
			return true;
		usleep(10000);
	}
	return kill(pid, 0);
}

/* The kernel's own word comes back, and the keeper goes on. */
static void test_refused(void **state)
{
	struct keeper *keeper = start();

	(void)state;
	assert_true(attach_nothing(keeper) < 0);
	assert_true(attach_nothing(keeper) < 0);
	assert_int_equal(keeper_link_pid(keeper, 0), -ENOENT);
	assert_int_equal(keeper_detach(keeper, (const uint32_t[]){5, 0}, 2), 0);
	assert_int_equal(keeper_detach(keeper, NULL, 0), 0);
	/* With that it was told to end, which is no death. */
	assert_int_equal(keeper_fd(keeper), -1);
	assert_int_equal(keeper_detach(keeper, (const uint32_t[]){5, 0}, 2), -EINTR);
	keeper_end(keeper);
}

static void test_apart(void **state)
{
	struct keeper *keeper = start();
	char text[4096], want[64];
	int parent;
	pid_t pid;

	(void)state;
	assert_true(attach_nothing(keeper) < 0);
	pid = keeper_pid(keeper);
	assert_true(pid > 0 && pid != getpid());
	assert_int_not_equal(getsid(pid), getsid(0));
	assert_int_not_equal(getpgid(pid), getpgid(0));
	read_proc(pid, "comm", text, sizeof(text));
	assert_string_equal(text, "uprobe-keeper\n");
	snprintf(want, sizeof(want), "uprobe-keeper of %d", (int)getpid());
	read_proc(pid, "cmdline", text, sizeof(text));
	assert_int_equal(strncmp(text, want, strlen(text)), 0);
	/* Nobody's child. */
	read_proc(pid, "stat", text, sizeof(text));
	assert_int_equal(sscanf(strrchr(text, ')'), ") %*c %d", &parent), 1);
	assert_int_not_equal(parent, getpid());
	kill(pid, SIGTERM);
	kill(pid, SIGINT);
	kill(pid, SIGHUP);
	assert_true(attach_nothing(keeper) != -EPIPE);
	keeper_end(keeper);
	assert_true(goes(pid));
}

/* Readers of what we write to are not kept waiting for its end. */
static void test_holds_no_pipe(void **state)
{
	struct keeper *keeper;
	int ends[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	keeper = start();
	assert_true(attach_nothing(keeper) < 0);
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	keeper_end(keeper);
}

static bool stop(void *arg)
{
	++*(int *)arg;
	return *(int *)arg > 1;
}

/* A keeper that does not answer is waited for until the watch says so. */
static void test_stop(void **state)
{
	struct keeper *keeper = start();
	int ends[2], calls = 0;
	const struct keeper_watch watch = {.stop = stop, .arg = &calls};
	struct keeper_watch with_fd = watch;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_true(attach_nothing(keeper) < 0);
	pid = keeper_pid(keeper);
	with_fd.fd = ends[0];
	keeper_set_watch(keeper, &with_fd);
	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(attach_nothing(keeper), -EINTR);
	assert_int_equal(calls, 2);
	/* Its late answer is not taken for another's. */
	assert_int_equal(attach_nothing(keeper), -EINTR);
	assert_int_equal(kill(pid, SIGCONT), 0);
	keeper_end(keeper);
	close(ends[0]);
	close(ends[1]);
}

static void test_killed(void **state)
{
	struct keeper *keeper = start();
	struct pollfd look;

	(void)state;
	assert_true(attach_nothing(keeper) < 0);
	look = (struct pollfd){.fd = keeper_fd(keeper), .events = POLLIN};
	assert_int_equal(poll(&look, 1, 0), 0);
	kill(keeper_pid(keeper), SIGKILL);
	assert_int_equal(poll(&look, 1, 60000), 1);
	assert_int_equal(attach_nothing(keeper), -EPIPE);
	keeper_end(keeper);
}

/* Whoever started it is killed: it ends. Its end of a pipe tells. */
static void test_orphan(void **state)
{
	int ends[2], status;
	pid_t ours, keeper = 0;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	ours = fork();
	assert_int_not_equal(ours, -1);
	if (!ours) {
		struct keeper *k = NULL;
		struct error err = {0};

		if (keeper_start(&k, &err) || attach_nothing(k) >= 0)
			_exit(1);
		keeper = keeper_pid(k);
		if (write(ends[1], &keeper, sizeof(keeper)) != sizeof(keeper))
			_exit(1);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(ours, &status, 0), ours);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(read(ends[0], &keeper, sizeof(keeper)), sizeof(keeper));
	assert_true(goes(keeper));
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),       cmocka_unit_test(test_apart),
		cmocka_unit_test(test_holds_no_pipe), cmocka_unit_test(test_stop),
		cmocka_unit_test(test_killed),        cmocka_unit_test(test_orphan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
