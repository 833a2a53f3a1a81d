/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * loop: watchers, each of which says what it waits for and does what is to be done then.
 *
 *     struct watcher tick = {.due = now + INTERVAL, .act = tick, .arg = &session};
 *
 * A watcher acts when its descriptor is ready, or when its time has come, whichever is first. Those that act in the same
 * turn do so in the order in which they were added, with the same time. None knows of the others.
 *
 * The caller owns the struct; zero-initialised it is empty. Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef FTRACE_CLI_RUN_LOOP_H
#define FTRACE_CLI_RUN_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOOP_NEVER UINT64_MAX

struct watcher {
	const int *fd; /* readable: it acts. NULL or a negative one: none. The caller's. */
	uint64_t
		due; /* by then it acts in any case; 0: in every turn, and nobody sleeps; LOOP_NEVER */
	/* To set `due` anew, else it stays. 0, or a negative errno that ends the run. */
	int (*act)(struct watcher *self, uint64_t now);
	void *arg;
};

struct pollfd;

struct loop {
	struct watcher *watchers;
	size_t nwatchers, capwatchers;
	struct pollfd *polls;
	size_t npolls, cappolls;
};

/* Copies the watcher. 0 or -ENOMEM: from then on nothing is allocated. */
int loop_add(struct loop *loop, const struct watcher *watcher);

/* One turn: sleeps until something is to be done, and has it done. 0, or what the first watcher returned that failed. */
int loop_turn(struct loop *loop);

/* When what is done every `ns` is due next. What is due now and then is so at the same times: each turn costs a wakeup. */
static inline uint64_t loop_next(uint64_t now, uint64_t ns)
{
	return (now / ns + 1) * ns;
}

void loop_release(struct loop *loop);

#endif
