/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* mkdtemp */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/place.h"

/* Root may enter all but what a FUSE or NFS mount keeps from it: somebody else stands for it. */
static int from_closed_directory(const char *closed, const char *path)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		int fd;

		if (chdir(closed) || chmod(".", 0) || (!geteuid() && setuid(65534)))
			_exit(99);
		fd = place_open(path, true, NULL);
		_exit(fd < 0 ? -fd : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_where_we_are_is_closed(void **state)
{
	char closed[] = "/tmp/place-XXXXXX", open[] = "/tmp/place-XXXXXX", path[64];

	(void)state;
	assert_non_null(mkdtemp(closed));
	assert_non_null(mkdtemp(open));
	assert_int_equal(chmod(open, 0777), 0);
	snprintf(path, sizeof(path), "%s/trace", open);
	assert_int_equal(from_closed_directory(closed, path), 0);
	assert_int_equal(chmod(closed, 0700), 0);
	assert_int_equal(from_closed_directory(closed, "trace"), EACCES);
	assert_int_equal(unlink(path), 0);
	rmdir(open);
	rmdir(closed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_we_are_is_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
