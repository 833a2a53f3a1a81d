/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wall: Unix time of a record's time, also across steps of the clock.
 *
 * Somebody measures again and again how far the two are apart (wall_learn()). What differs by less than a millisecond is
 * the measuring, or the clock being slewed, and changes nothing, so that times and durations fit together. The caller
 * owns the struct; zero-initialised nothing is known of it. Times are nanoseconds.
 */
#ifndef FTRACE_BASE_WALL_H
#define FTRACE_BASE_WALL_H

#include <stddef.h>
#include <stdint.h>

/* So many steps are remembered, the newest. */
#define WALL_STEPS 8

struct wall {
	struct wall_step {
		uint64_t since; /* of the records: from then on ... */
		int64_t offset; /* ... Unix time is so much more */
	} steps[WALL_STEPS];    /* in order of time */
	size_t count;
};

/* At `now` the two are `offset` apart. */
void wall_learn(struct wall *wall, uint64_t now, int64_t offset);

/* What to add to `time`. */
int64_t wall_offset(const struct wall *wall, uint64_t time);

/* How far they are apart now. */
int64_t wall_measure(void);

#endif
