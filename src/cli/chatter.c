/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* fopencookie */
#include "cli/chatter.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_MS 1000

/* Whoever did not read one message is not waited for at the next. */
static bool is_stuck;

static bool has_room(void)
{
	struct pollfd p = {.fd = STDERR_FILENO, .events = POLLOUT};
	int got;

	do
		got = poll(&p, 1, is_stuck ? 0 : PATIENCE_MS);
	while (got < 0 && errno == EINTR);
	is_stuck = !got;
	return got;
}

static ssize_t write_chatter(void *unused, const char *text, size_t len)
{
	size_t done = 0;

	(void)unused;
	while (done < len && has_room()) {
		/* So much does not block where there is room (pipe(7)). */
		size_t part = len - done < PIPE_BUF ? len - done : PIPE_BUF;
		ssize_t n = write(STDERR_FILENO, text + done, part);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			break;
		done += n < 0 ? 0 : (size_t)n;
	}
	/* Dropped is as good as written: there is nobody to tell. */
	return (ssize_t)len;
}

void chatter_begin(void)
{
	static const cookie_io_functions_t io = {.write = write_chatter};
	struct stat st;
	FILE *file;

	if (fstat(STDERR_FILENO, &st) || S_ISREG(st.st_mode))
		return;
	file = fopencookie(NULL, "w", io);
	if (!file)
		return;
	setvbuf(file, NULL, _IONBF, 0);
	stderr = file;
}

void chatter_error(const struct error *err)
{
	if (err->code)
		fprintf(stderr, "ftrace: %s\n", err->text);
}
