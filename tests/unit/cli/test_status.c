/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/run/status.h"

#define SECOND 1000000000ull

static int screen, terminal; /* the two ends of a terminal */
static int out[2];           /* a pipe, which is none */

static int open_terminal(void **state)
{
	struct winsize size = {.ws_col = 100, .ws_row = 24};
	struct termios raw = {0};

	(void)state;
	setenv("TERM", "xterm", 1);
	if (openpty(&screen, &terminal, NULL, NULL, &size) || pipe(out))
		return -1;
	tcgetattr(terminal, &raw);
	cfmakeraw(&raw);
	if (tcsetattr(terminal, TCSANOW, &raw))
		return -1;
	return fcntl(screen, F_SETFL, O_NONBLOCK) || fcntl(out[0], F_SETFL, O_NONBLOCK);
}

static int close_terminal(void **state)
{
	(void)state;
	close(screen);
	close(terminal);
	close(out[0]);
	close(out[1]);
	return 0;
}

/* All that was written to `fd` since. */
static void expect(int fd, const char *text)
{
	char got[1024];
	ssize_t len = read(fd, got, sizeof(got) - 1);

	got[len > 0 ? len : 0] = '\0';
	assert_string_equal(got, text);
}

static struct status make(struct status_config config)
{
	struct status status;

	status_init(&status, &config);
	return status;
}

static void test_when_live(void **state)
{
	static const struct {
		bool terminal, trace_on_it, shared, quiet, verbose, live, periodic;
	} rows[] = {
		{true, false, false, false, false, true, false},
		{true, false, false, false, true, true, false},
		{true, true, false, false, false, false, false},
		{true, true, false, false, true, false, true},
		{true, false, true, false, false, false, false},
		{true, false, false, true, true, false, false},
		{false, false, false, false, false, false, false},
		{false, false, false, false, true, false, true},
		{false, false, false, true, true, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct status status = make((struct status_config){
			.fd = rows[i].terminal ? terminal : out[1],
			.trace_fd = rows[i].trace_on_it ? terminal : out[1],
			.shared = rows[i].shared,
			.quiet = rows[i].quiet,
			.verbose = rows[i].verbose,
		});

		if (status.live != rows[i].live || status.periodic != rows[i].periodic)
			fail_msg("row %zu: live %d, periodic %d", i, status.live, status.periodic);
	}
}

static void test_dumb(void **state)
{
	struct status status;

	(void)state;
	setenv("TERM", "dumb", 1);
	status = make((struct status_config){.fd = terminal, .trace_fd = out[1], .verbose = true});
	setenv("TERM", "xterm", 1);
	assert_false(status.live);
	assert_true(status.periodic);
}

static void test_live(void **state)
{
	struct status status = make((struct status_config){.fd = terminal, .trace_fd = out[1]});
	struct status_counts counts = {.calls = 1234567, .lost = 5, .open = 1};

	(void)state;
	status_begin(&status, 10 * SECOND);
	assert_false(status_due(&status, 10 * SECOND + SECOND / 4));
	assert_true(status_due(&status, 10 * SECOND + SECOND / 2));
	status_write(&status, 12 * SECOND, &counts);
	expect(screen, "\rftrace: 2s: 617 284 calls/s, 1 234 567 calls, 5 lost, 1 goroutine in "
		       "calls\033[K");
	assert_false(status_due(&status, 12 * SECOND + SECOND / 4));
	/* The rate is that since the last line. */
	counts = (struct status_counts){.calls = 1234577, .lost = 5, .open = 1000};
	status_write(&status, 14 * SECOND, &counts);
	expect(screen, "\rftrace: 4s: 5 calls/s, 1 234 577 calls, 5 lost, 1 000 goroutines in "
		       "calls\033[K");
	status_clear(&status);
	expect(screen, "\r\033[K");
	status_clear(&status);
	expect(screen, "");
}

static void test_narrow(void **state)
{
	struct status status = make((struct status_config){.fd = terminal, .trace_fd = out[1]});
	struct winsize size = {.ws_col = 20, .ws_row = 24}, wide = {.ws_col = 100, .ws_row = 24};

	(void)state;
	ioctl(terminal, TIOCSWINSZ, &size);
	status_begin(&status, 0);
	status_write(&status, SECOND, &(struct status_counts){0});
	expect(screen, "\rftrace: 1s: 0 calls\033[K");
	status_clear(&status);
	expect(screen, "\r\033[K");
	ioctl(terminal, TIOCSWINSZ, &wide);
}

/* A terminal that was stopped keeps nobody waiting. */
static void test_stopped(void **state)
{
	struct status status = make((struct status_config){.fd = terminal, .trace_fd = out[1]});

	(void)state;
	status_begin(&status, 0);
	assert_int_equal(tcflow(terminal, TCOOFF), 0);
	status_write(&status, SECOND, &(struct status_counts){0});
	status_clear(&status);
	assert_int_equal(tcflow(terminal, TCOON), 0);
	expect(screen, "");
}

static void test_lines(void **state)
{
	struct status status =
		make((struct status_config){.fd = out[1], .trace_fd = -1, .verbose = true});

	(void)state;
	status_begin(&status, SECOND);
	assert_false(status_due(&status, 10 * SECOND));
	assert_true(status_due(&status, 11 * SECOND));
	status_probes(&status, "attaching", 0, 5000);
	status_write(&status, 11 * SECOND, &(struct status_counts){.calls = 20});
	status_clear(&status);
	expect(out[0], "ftrace: 10s: 2 calls/s, 20 calls, 0 lost, 0 goroutines in calls\n");
	assert_false(status_due(&status, 12 * SECOND));
}

static void test_attaching(void **state)
{
	struct status status = make((struct status_config){.fd = terminal, .trace_fd = -1});

	(void)state;
	status_probes(&status, "attaching", 0, STATUS_ATTACHING);
	expect(screen, "");
	status_probes(&status, "attaching", 0, STATUS_ATTACHING + 1);
	expect(screen, "\rftrace: attaching 1 001 probes\033[K");
	status_probes(&status, "attaching", 640, 43210);
	expect(screen, "\rftrace: attaching 640 of 43 210 probes\033[K");
	status_clear(&status);
	expect(screen, "\r\033[K");
}

static void test_silent(void **state)
{
	struct status status = make((struct status_config){.fd = terminal, .quiet = true});

	(void)state;
	status_begin(&status, 0);
	assert_false(status_due(&status, 3600 * SECOND));
	status_probes(&status, "attaching", 1, 100000);
	status_clear(&status);
	expect(screen, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_when_live), cmocka_unit_test(test_dumb),
		cmocka_unit_test(test_live),      cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_stopped),   cmocka_unit_test(test_lines),
		cmocka_unit_test(test_attaching), cmocka_unit_test(test_silent),
	};

	return cmocka_run_group_tests(tests, open_terminal, close_terminal);
}
