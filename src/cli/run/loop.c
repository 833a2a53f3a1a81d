/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* ppoll */
#include "cli/run/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/vec.h"

int loop_add(struct loop *loop, const struct watcher *watcher)
{
	struct watcher *added;

	if (!vec_push(&loop->polls, &loop->npolls, &loop->cappolls))
		return -ENOMEM;
	added = vec_push(&loop->watchers, &loop->nwatchers, &loop->capwatchers);
	if (!added)
		return -ENOMEM;
	*added = *watcher;
	return 0;
}

static uint64_t earliest(const struct loop *loop)
{
	uint64_t due = LOOP_NEVER;

	for (size_t i = 0; i < loop->nwatchers; i++)
		if (loop->watchers[i].due < due)
			due = loop->watchers[i].due;
	return due;
}

/* Sleeps until a descriptor is ready, or until `due`. */
static void rest(struct loop *loop, uint64_t due)
{
	uint64_t now = clock_now(), left = due > now ? due - now : 0;
	struct timespec ts = {
		.tv_sec = (time_t)(left / CLOCK_SECOND),
		.tv_nsec = (long)(left % CLOCK_SECOND),
	};

	for (size_t i = 0; i < loop->nwatchers; i++) {
		const int *fd = loop->watchers[i].fd;

		loop->polls[i] = (struct pollfd){.fd = fd ? *fd : -1, .events = POLLIN};
	}
	/* Whatever ended it early, nothing is ready then. */
	if (ppoll(loop->polls, loop->nwatchers, due == LOOP_NEVER ? NULL : &ts, NULL) < 0)
		for (size_t i = 0; i < loop->nwatchers; i++)
			loop->polls[i].revents = 0;
}

int loop_turn(struct loop *loop)
{
	uint64_t now;
	int ret = 0;

	rest(loop, earliest(loop));
	now = clock_now();
	for (size_t i = 0; i < loop->nwatchers && !ret; i++) {
		struct watcher *watcher = &loop->watchers[i];

		if (loop->polls[i].revents || watcher->due <= now)
			ret = watcher->act(watcher, now);
	}
	return ret;
}

void loop_release(struct loop *loop)
{
	free(loop->watchers);
	free(loop->polls);
	*loop = (struct loop){0};
}
