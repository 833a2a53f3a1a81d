/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Directories of control groups, made of ordinary ones; and which are a container's, by the names that its makers give.
 */
#define _GNU_SOURCE /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/cgroup_tree.h"

#define ID "6f1c2a9de0b1"

static void test_containers(void **state)
{
	static const char *const its[] = {
		ID,
		"docker-" ID ".scope",
		"cri-containerd-" ID ".scope",
		"crio-" ID ".scope",
		"libpod-" ID ".scope",
		"libpod-" ID,
		"kubepods-besteffort-pod1.slice:cri-containerd:" ID,
	};
	static const char *const others[] = {
		"crio-conmon-" ID ".scope", "libpod-conmon-" ID ".scope",
		"docker-" ID ".service",    ID ".scope",
		"docker-x" ID ".scope",     "a6f1c2a9de0b1",
		"docker.service",           "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(its) / sizeof(its[0]); i++) {
		assert_true(cgroup_is_container(its[i], "6f1c"));
		assert_true(cgroup_is_container(its[i], ID));
		assert_false(cgroup_is_container(its[i], ID "0"));
		assert_false(cgroup_is_container(its[i], "f1c2"));
		assert_false(cgroup_is_container(its[i], ""));
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(cgroup_is_container(others[i], "6f1c"));
	/* What is no id is no beginning of one. */
	assert_false(cgroup_is_container("docker-6f1c.scope", "docker"));
	assert_false(cgroup_is_container("feedback.service", "feed"));
}

static char top[] = "build/cgroup_tree.XXXXXX";
static const char *const dirs[] = {"a", "a/b", "a/b/c", "d"};

static void put(const char *dir, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/cgroup.procs", top, dir);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int begin(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(top));
	for (size_t i = 0; i < 4; i++) {
		char path[128];

		snprintf(path, sizeof(path), "%s/%s", top, dirs[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	/* 0 is a process that our PID namespace has not got. */
	put(".", "");
	put("a", "12\n0\n11\n");
	put("a/b/c", "13\n");
	put("d", "14\nx\n99999999999\n");
	return 0;
}

static int end(void **state)
{
	static const char *const files[] = {".", "a", "a/b/c", "d"};
	char path[128];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s/cgroup.procs", top, files[i]);
		unlink(path);
	}
	for (size_t i = 4; i-- > 0;) {
		snprintf(path, sizeof(path), "%s/%s", top, dirs[i]);
		rmdir(path);
	}
	return rmdir(top);
}

struct seen {
	struct cgroup_paths paths, names;
	int ends; /* with this one's number */
};

static int see(void *arg, const char *path, const char *name)
{
	struct seen *seen = arg;

	assert_int_equal(cgroup_paths_add(&seen->paths, path), 0);
	assert_int_equal(cgroup_paths_add(&seen->names, name), 0);
	return (int)seen->paths.count == seen->ends ? 7 : 0;
}

static bool has(const struct cgroup_paths *paths, const char *text)
{
	for (size_t i = 0; i < paths->count; i++)
		if (strstr(paths->items[i], text))
			return true;
	return false;
}

static void test_walk(void **state)
{
	struct seen seen = {0};

	(void)state;
	assert_int_equal(cgroup_tree_walk(top, see, &seen), 0);
	assert_int_equal(seen.paths.count, 4);
	assert_true(has(&seen.paths, "/a/b/c"));
	assert_true(has(&seen.names, "d"));
	assert_false(has(&seen.names, "/"));
	seen.ends = 6;
	assert_int_equal(cgroup_tree_walk(top, see, &seen), 7);
	assert_int_equal(seen.paths.count, 6);
	assert_int_equal(cgroup_tree_walk("build/no such", see, &seen), -ENOENT);
	cgroup_paths_release(&seen.paths);
	cgroup_paths_release(&seen.names);
}

static void test_pids(void **state)
{
	struct pid_list list = {0};
	int fd = open(top, O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_int_equal(cgroup_tree_pids(fd, &list), 0);
	pid_list_sort(&list);
	assert_int_equal(list.count, 4);
	for (pid_t pid = 11; pid <= 14; pid++)
		assert_true(pid_list_has(&list, pid));
	pid_list_release(&list);
	close(fd);
	/* One that has gone has no processes. */
	assert_int_equal(cgroup_tree_pids(-1, &list), 0);
	assert_int_equal(list.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_containers),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_pids),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
