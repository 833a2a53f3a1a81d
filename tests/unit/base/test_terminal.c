/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/terminal.h"

static int open_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void width_is_the_one_of_now(void **state)
{
	struct winsize size = {.ws_row = 24, .ws_col = 120};
	int fd = open_terminal();

	(void)state;
	assert_int_equal(ioctl(fd, TIOCSWINSZ, &size), 0);
	assert_int_equal(terminal_columns(fd), 120);
	size.ws_col = 80;
	assert_int_equal(ioctl(fd, TIOCSWINSZ, &size), 0);
	assert_int_equal(terminal_columns(fd), 80);
	close(fd);
}

static void what_is_no_terminal_has_no_width(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(terminal_columns(fds[1]), 0);
	assert_false(terminal_takes_escapes(fds[1]));
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(terminal_columns(-1), 0);
}

static void a_dumb_terminal_takes_no_escapes(void **state)
{
	int fd = open_terminal();

	(void)state;
	setenv("TERM", "xterm", 1);
	assert_true(terminal_takes_escapes(fd));
	setenv("TERM", "dumb", 1);
	assert_false(terminal_takes_escapes(fd));
	unsetenv("TERM");
	assert_true(terminal_takes_escapes(fd));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(width_is_the_one_of_now),
		cmocka_unit_test(what_is_no_terminal_has_no_width),
		cmocka_unit_test(a_dumb_terminal_takes_no_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
