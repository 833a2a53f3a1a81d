/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memfd_create */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/peek.h"

#define PAGES 8

static size_t size;

/* Pages of nobody yet. */
static char *map(int fd)
{
	char *at = mmap(NULL, PAGES * size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

	assert_ptr_not_equal(at, MAP_FAILED);
	madvise(at, PAGES * size, MADV_NOHUGEPAGE);
	return at;
}

static int make_file(void)
{
	int fd = memfd_create("peek", MFD_CLOEXEC);
	char bytes[256];

	assert_int_not_equal(fd, -1);
	for (size_t i = 0; i < PAGES * size; i += sizeof(bytes)) {
		memset(bytes, (int)('a' + i / size), sizeof(bytes));
		assert_int_equal(write(fd, bytes, sizeof(bytes)), sizeof(bytes));
	}
	return fd;
}

static uint64_t addr(const char *at)
{
	return (uint64_t)(uintptr_t)at;
}

static char touch(const char *at)
{
	return *(const volatile char *)at;
}

static void test_read(void **state)
{
	char *at = map(-1), got[32];

	(void)state;
	memset(at, 'x', 2 * size);
	assert_int_equal(peek_read(getpid(), addr(at) + size - 16, got, 32), 0);
	for (int i = 0; i < 32; i++)
		assert_int_equal(got[i], 'x');
	memset(got, '-', sizeof(got));
	assert_int_equal(peek_read(getpid(), addr(at) + 2 * size - 16, got, 32), -EAGAIN);
	assert_int_equal(peek_read(getpid(), addr(at) + 3 * size, got, 1), -EAGAIN);
	assert_int_equal(got[0], '-');
	/* Nothing was brought in by it. */
	assert_true(peek_untouched(getpid(), addr(at) + 2 * size, (PAGES - 2) * size));
	assert_int_equal(peek_read(getpid(), addr(at), got, 0), 0);
	assert_int_equal(mprotect(at, size, PROT_NONE), 0);
	assert_int_equal(peek_read(getpid(), addr(at), got, 1), -EFAULT);
	munmap(at, PAGES * size);
	assert_int_equal(peek_read(getpid(), addr(at), got, 1), -EAGAIN);
}

static void test_gone(void **state)
{
	pid_t pid = fork();
	char got;

	(void)state;
	assert_int_not_equal(pid, -1);
	if (!pid)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WEXITED | WNOWAIT), 0);
	assert_int_equal(peek_read(pid, 0x400000, &got, 1), -ESRCH);
	assert_false(peek_untouched(pid, 0x400000, 1));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(peek_read(pid, 0x400000, &got, 1), -ESRCH);
}

struct ranges {
	size_t count;
	uint64_t first[PAGES], end[PAGES];
};

static int add_range(void *arg, uint64_t first, uint64_t end)
{
	struct ranges *ranges = arg;

	assert_true(ranges->count < PAGES);
	ranges->first[ranges->count] = first;
	ranges->end[ranges->count++] = end;
	return 0;
}

static int stop(void *arg, uint64_t first, uint64_t end)
{
	(void)first;
	(void)end;
	++*(int *)arg;
	return 7;
}

static void test_own(void **state)
{
	struct ranges ranges = {0};
	int fd = make_file(), calls = 0;
	char *at = map(fd);

	(void)state;
	at[size] = at[2 * size] = at[7 * size] = 'X';
	assert_true(peek_untouched(getpid(), addr(at) + 5 * size, 2 * size));
	assert_false(peek_untouched(getpid(), addr(at) + 7 * size - 1, 2));
	/* What is read only stays the file's, and comes with its neighbours. */
	assert_int_equal(touch(at + 4 * size), 'e');
	assert_false(peek_untouched(getpid(), addr(at) + 4 * size + 9, 1));
	assert_int_equal(peek_own(getpid(), addr(at), addr(at) + PAGES * size, add_range, &ranges),
			 0);
	assert_int_equal(ranges.count, 2);
	assert_int_equal(ranges.first[0], addr(at) + size);
	assert_int_equal(ranges.end[0], addr(at) + 3 * size);
	assert_int_equal(ranges.first[1], addr(at) + 7 * size);
	assert_int_equal(ranges.end[1], addr(at) + 8 * size);
	assert_int_equal(peek_own(getpid(), addr(at), addr(at) + PAGES * size, stop, &calls), 7);
	assert_int_equal(calls, 1);
	assert_int_equal(peek_own(getpid(), addr(at) + 3 * size, addr(at) + 7 * size, stop, &calls),
			 0);
	munmap(at, PAGES * size);
	close(fd);
}

/* A page that nobody will ever bring. */
static int forbid(char *at)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register reg = {.range = {.start = addr(at), .len = PAGES * size},
				      .mode = UFFDIO_REGISTER_MODE_MISSING};
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	if (fd < 0)
		return fd;
	assert_int_equal(ioctl(fd, UFFDIO_API, &api), 0);
	assert_int_equal(ioctl(fd, UFFDIO_REGISTER, &reg), 0);
	return fd;
}

static void test_never(void **state)
{
	char *at = map(-1), got;
	int fd = forbid(at);

	(void)state;
	if (fd < 0) {
		print_message("userfaultfd: %s: needs root\n", strerror(errno));
		skip();
	}
	alarm(20);
	assert_int_equal(peek_read(getpid(), addr(at), &got, 1), -EAGAIN);
	assert_true(peek_untouched(getpid(), addr(at), PAGES * size));
	alarm(0);
	close(fd);
	munmap(at, PAGES * size);
}

/* Pages that are there for a moment again and again, and then not for longer than anybody waits. */
static void come_and_go(char *at, int told)
{
	struct uffdio_zeropage zero = {.range = {.start = addr(at), .len = PAGES * size}};
	int fd = forbid(at);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd < 0 || write(told, "x", 1) != 1)
		_exit(0);
	for (;;) {
		ioctl(fd, UFFDIO_ZEROPAGE, &zero);
		usleep(100);
		madvise(at, PAGES * size, MADV_DONTNEED);
		usleep(2000 * PEEK_WAIT_MS);
	}
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One that goes between the question and the copy: nobody waits for it, and nobody is left behind. */
static void test_goes(void **state)
{
	char *at = map(-1), *got = malloc(PAGES * size);
	bool given_up = false;
	int told[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(told), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (!pid)
		come_and_go(at, told[1]);
	close(told[1]);
	alarm(60);
	if (read(told[0], got, 1) != 1) {
		print_message("userfaultfd: needs root\n");
		skip();
	}
	while (!given_up) {
		long before = milliseconds();
		int ret = peek_read(pid, addr(at), got, PAGES * size);

		assert_true(ret == 0 || ret == -EAGAIN);
		given_up = ret && milliseconds() - before >= PEEK_WAIT_MS;
		assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), 0);
	}
	alarm(0);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(waitpid(-1, NULL, WNOHANG | __WALL), -1);
	close(told[0]);
	free(got);
	munmap(at, PAGES * size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read), cmocka_unit_test(test_gone),
		cmocka_unit_test(test_own),  cmocka_unit_test(test_never),
		cmocka_unit_test(test_goes),
	};

	size = (size_t)sysconf(_SC_PAGESIZE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
