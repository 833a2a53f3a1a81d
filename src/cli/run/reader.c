/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

/* How long something that no descriptor tells of may go unseen. */
#define LOOK_MS 50
/* A reader that takes nothing in so many looks after Ctrl-C, a second, takes nothing at all. By looks, since where
 * nobody gets the processor the clock goes on. */
#define PATIENCE (1000 / LOOK_MS)

int reader_open(struct reader *reader, struct outlet *outlet, const char *path,
		const struct place_check *check, bool quiet)
{
	struct signals *signals = reader->signals;
	struct pollfd polled = {.fd = signals->fd, .events = POLLIN};
	bool said = quiet;
	int ret;

	while ((ret = outlet_open(outlet, path, check)) == -EAGAIN) {
		if (!said)
			fprintf(stderr,
				"ftrace: %s: a FIFO that nobody reads yet; "
				"waiting for a reader\n",
				path);
		said = true;
		poll(&polled, 1, LOOK_MS);
		signals_read(signals);
		if (signals->asked || signals->reopen)
			return -EINTR;
	}
	return ret;
}

/* A program that still runs is sent the first signal, and the trace ends with it. */
static bool is_hurried(const struct signals *signals)
{
	return signals->asked && (!child_runs(signals->child) || signals->fatal);
}

static void look(void *arg)
{
	struct reader *reader = arg;

	signals_read(reader->signals);
	reader->between(reader->arg);
}

/* Until `fd` takes more. 0; -EINTR when the trace is to end, and the reader takes nothing. */
static int wait_for(void *arg, int fd)
{
	struct reader *reader = arg;
	struct signals *signals = reader->signals;
	unsigned int looks = 0;

	for (;;) {
		struct pollfd polls[] = {
			{.fd = fd, .events = POLLOUT},
			{.fd = signals->fd, .events = POLLIN},
		};
		int got = poll(polls, 2, LOOK_MS);

		if (got < 0 && errno != EINTR)
			return -errno;
		look(reader);
		if (polls[0].revents)
			return 0;
		if (!is_hurried(signals))
			continue;
		looks += !got;
		if (signals->asked > 1 || looks >= PATIENCE)
			return -EINTR;
	}
}

void reader_of(struct reader *reader, struct outlet *outlet)
{
	outlet_set_wait(outlet, wait_for, reader);
	outlet_set_look(outlet, look);
}
