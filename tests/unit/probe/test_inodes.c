/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file is one under all its names, and the file that a process runs is found in its mappings; as the kernel
 * tells it (as root), and by stat().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/inodes.h"

static char dir[] = "/tmp/ftrace-inodes-XXXXXX";
static struct inodes *inodes;

static const char *at(const char *name)
{
	static char path[2][PATH_MAX];
	static int turn;

	turn ^= 1;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", dir, name);
	return path[turn];
}

static int make(const char *name, const char *text)
{
	int fd = open(at(name), O_RDWR | O_CREAT | O_TRUNC, 0700);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static struct file_id id_of(int fd)
{
	struct file_id id = {0};

	assert_int_equal(inodes_of_file(inodes, fd, &id), 0);
	return id;
}

/* The tests run twice: the second time the kernel is not asked. */
static int begin_exact(void **state)
{
	(void)state;
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	assert_non_null(mkdtemp(dir));
	inodes = inodes_new();
	assert_non_null(inodes);
	return 0;
}

static int begin_plain(void **state)
{
	int ret;

	setenv("FTRACE_WITHOUT", "sleepable,inodes", 1);
	ret = begin_exact(state);
	unsetenv("FTRACE_WITHOUT");
	assert_false(inodes_are_exact(inodes));
	return ret;
}

static int end(void **state)
{
	(void)state;
	inodes_free(inodes);
	unlink(at("one"));
	unlink(at("link"));
	unlink(at("other"));
	return rmdir(dir);
}

static void one_file_has_many_names(void **state)
{
	int one = make("one", "text"), other = make("other", "text"), empty = make("link", "");
	int link_fd, again;
	struct file_id before = id_of(one), of_other = id_of(other), of_empty = id_of(empty), now;

	(void)state;
	assert_false(file_id_same(&before, &of_other));
	assert_false(file_id_same(&before, &of_empty));
	unlink(at("link"));
	assert_int_equal(link(at("one"), at("link")), 0);
	link_fd = open(at("link"), O_RDONLY);
	now = id_of(link_fd);
	assert_true(file_id_same(&before, &now));
	/* Renamed over, it is still the file that it was, and the name another's. */
	assert_int_equal(rename(at("other"), at("one")), 0);
	now = id_of(one);
	assert_true(file_id_same(&before, &now));
	again = open(at("one"), O_RDONLY);
	now = id_of(again);
	assert_true(file_id_same(&of_other, &now));
	/* What is written to it changes nothing. */
	assert_int_equal(write(one, "more", 4), 4);
	now = id_of(one);
	assert_true(file_id_same(&before, &now));
	close(one);
	close(other);
	close(empty);
	close(link_fd);
	close(again);
}

static void a_closed_descriptor_is_an_error(void **state)
{
	struct file_id id;

	(void)state;
	assert_int_equal(inodes_of_file(inodes, -1, &id), -EBADF);
}

struct seen {
	pid_t pid;
	int count;
	struct file_id file;
};

static int see(void *arg, const struct runner *runner)
{
	struct seen *seen = arg;

	if (runner->pid == seen->pid) {
		seen->count++;
		seen->file = runner->file;
	}
	return 0;
}

static void a_process_runs_its_executable(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	struct file_id mine = id_of(fd);
	struct seen seen = {.pid = getpid()};
	struct runner runner;

	(void)state;
	assert_int_equal(inodes_of_process(inodes, getpid(), &runner), 0);
	assert_int_equal(runner.pid, getpid());
	assert_true(file_id_same(&runner.file, &mine));
	assert_int_equal(inodes_are_exact(inodes), runner.code != 0);
	assert_int_equal(inodes_each_runner(inodes, see, &seen), 0);
	assert_int_equal(seen.count, 1);
	assert_true(file_id_same(&seen.file, &mine));
	close(fd);
}

static void one_that_has_ended_runs_nothing(void **state)
{
	struct runner runner;
	pid_t pid = fork();

	(void)state;
	if (!pid)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(inodes_of_process(inodes, pid, &runner), -ESRCH);
}

static int stop_at_first(void *arg, const struct runner *runner)
{
	(void)runner;
	++*(int *)arg;
	return 7;
}

static void each_ends_when_told(void **state)
{
	int count = 0;

	(void)state;
	assert_int_equal(inodes_each_runner(inodes, stop_at_first, &count), 7);
	assert_int_equal(count, 1);
}

static void a_mapping_is_of_its_file(void **state)
{
	int fd = make("one", "text");
	struct file_id mine = id_of(fd), mapped;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *text = mmap(NULL, page, PROT_READ, MAP_PRIVATE, fd, 0);
	uint64_t start = (uint64_t)text;

	(void)state;
	assert_true(text != MAP_FAILED);
	close(fd);
	/* By stat() it takes a capability. */
	if (inodes_are_exact(inodes) || !geteuid()) {
		assert_int_equal(inodes_of_mapping(inodes, getpid(), start, start + page, &mapped),
				 0);
		assert_true(file_id_same(&mine, &mapped));
	}
	munmap(text, page);
	assert_int_not_equal(inodes_of_mapping(inodes, getpid(), start, start + page, &mapped), 0);
}

#define TEST(name, begin)                                  \
	{                                                  \
#name ", " #begin, name, begin, end, NULL, \
	}
#define BOTH(name) TEST(name, begin_exact), TEST(name, begin_plain)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(one_file_has_many_names),       BOTH(a_closed_descriptor_is_an_error),
		BOTH(a_process_runs_its_executable), BOTH(one_that_has_ended_runs_nothing),
		BOTH(each_ends_when_told),           BOTH(a_mapping_is_of_its_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
