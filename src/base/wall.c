/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/wall.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"

#define TRIES 10
#define STEP  1000000

void wall_learn(struct wall *wall, uint64_t now, int64_t offset)
{
	int64_t last = wall->count ? wall->steps[wall->count - 1].offset : 0;
	/* A recording may say anything. */
	uint64_t apart = offset > last ? (uint64_t)offset - (uint64_t)last
				       : (uint64_t)last - (uint64_t)offset;

	if (wall->count && apart < STEP)
		return;
	if (wall->count == WALL_STEPS) {
		memmove(wall->steps, wall->steps + 1, (WALL_STEPS - 1) * sizeof(*wall->steps));
		wall->count--;
	}
	wall->steps[wall->count++] = (struct wall_step){.since = now, .offset = offset};
}

int64_t wall_offset(const struct wall *wall, uint64_t time)
{
	size_t i = wall->count;

	if (!i)
		return 0;
	while (--i && wall->steps[i].since > time)
		;
	return wall->steps[i].offset;
}

int64_t wall_measure(void)
{
	uint64_t narrowest = UINT64_MAX;
	int64_t offset = 0;

	/* Between two reads of a clock microseconds may pass, or the thread be preempted. */
	for (int i = 0; i < TRIES; i++) {
		uint64_t before = clock_now(), after;
		struct timespec ts;

		clock_gettime(CLOCK_REALTIME, &ts);
		after = clock_now();
		if (after - before >= narrowest)
			continue;
		narrowest = after - before;
		offset = (int64_t)ts.tv_sec * (int64_t)CLOCK_SECOND + ts.tv_nsec -
			 (int64_t)(before + narrowest / 2);
	}
	return offset;
}
