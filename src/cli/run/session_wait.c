/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include "cli/run/output.h"
#include "cli/run/session_state.h"

/* How long something that no descriptor tells of may go unseen. */
#define LOOK_MS 50
/* A reader that takes nothing in so many looks after Ctrl-C, a second, takes nothing at all. By looks, since where
 * nobody gets the processor the clock goes on. */
#define PATIENCE (1000 / LOOK_MS)

int session_open_file(struct session *s)
{
	struct pollfd signals = {.fd = s->signals, .events = POLLIN};
	bool said = s->opt->quiet;
	int ret;

	s->check = output_check(s->targets);
	while ((ret = outlet_open(&s->outlet, s->opt->output, &s->check)) == -EAGAIN) {
		if (!said)
			fprintf(stderr,
				"ftrace: %s: a FIFO that nobody reads yet; "
				"waiting for a reader\n",
				s->opt->output);
		said = true;
		poll(&signals, 1, LOOK_MS);
		session_read_signals(s);
		if (s->asked || s->reopen)
			return -EINTR;
	}
	return ret;
}

/* A program that still runs is sent the first signal, and the session ends with it. */
static bool is_hurried(const struct session *s)
{
	return s->asked && (!session_runs_program(s) || s->status >= 0);
}

void session_between(void *arg)
{
	struct session *s = arg;

	session_read_signals(s);
	if (s->over)
		session_stop(s);
}

int session_wait(void *arg, int fd)
{
	struct session *s = arg;
	unsigned int looks = 0;

	for (;;) {
		struct pollfd polls[] = {
			{.fd = fd, .events = POLLOUT},
			{.fd = s->signals, .events = POLLIN},
		};
		int got = poll(polls, 2, LOOK_MS);
		uint64_t now;

		if (got < 0 && errno != EINTR)
			return -errno;
		session_read_signals(s);
		now = session_now();
		if (s->started && s->opt->duration && now - s->started >= s->opt->duration)
			s->over = true;
		/* Slow as the reader may be, the program is let go at once. */
		if (s->over)
			session_stop(s);
		if (polls[0].revents)
			return 0;
		if (!is_hurried(s))
			continue;
		looks += !got;
		if (s->asked > 1 || looks >= PATIENCE)
			return -EINTR;
	}
}
