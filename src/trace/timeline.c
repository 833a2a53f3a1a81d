/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/timeline.h"

#include <string.h>

void timeline_begin(struct timeline *t, uint64_t time)
{
	*t = (struct timeline){.cuts = {{.since = time, .state = STATE_RUNNING}}, .count = 1};
}

/* The oldest cut that is kept goes into the totals. */
static void fold(struct timeline *t)
{
	t->totals[t->cuts[0].state] += t->cuts[1].since - t->cuts[0].since;
	t->count--;
	memmove(&t->cuts[0], &t->cuts[1], t->count * sizeof(t->cuts[0]));
}

void timeline_set(struct timeline *t, uint64_t time, enum call_state state)
{
	if (!t->count)
		return;
	/* Later than anybody can put right. */
	if (time < t->cuts[0].since) {
		timeline_miss(t, t->cuts[t->count - 1].since);
		time = t->cuts[t->count - 1].since;
	}
	while (t->count > 1 && t->cuts[t->count - 1].since >= time)
		t->count--;
	if (t->cuts[t->count - 1].state == state)
		return;
	if (t->cuts[t->count - 1].since == time) {
		t->cuts[t->count - 1].state = (uint8_t)state;
		return;
	}
	if (t->count == TIMELINE_CUTS)
		fold(t);
	t->cuts[t->count++] = (struct timeline_cut){.since = time, .state = (uint8_t)state};
}

void timeline_off(struct timeline *t, uint64_t from, uint64_t to)
{
	const struct timeline_cut *last;

	if (!t->count)
		return;
	last = &t->cuts[t->count - 1];
	if (last->state != STATE_RUNNING)
		return;
	if (from < last->since)
		from = last->since;
	if (from >= to)
		return;
	timeline_set(t, from, STATE_OFFCPU);
	timeline_set(t, to, STATE_RUNNING);
}

void timeline_miss(struct timeline *t, uint64_t time)
{
	if (!t->count)
		return;
	timeline_doubt(t, time);
	/* No further back than what is kept. */
	if (time >= t->cuts[0].since)
		timeline_set(t, time, STATE_RUNNING);
}

enum call_state timeline_state(const struct timeline *t, uint64_t time)
{
	uint32_t i = t->count;

	while (i > 1 && t->cuts[i - 1].since > time)
		i--;
	return i ? t->cuts[i - 1].state : STATE_RUNNING;
}

bool timeline_at(const struct timeline *t, uint64_t time, uint64_t totals[STATES])
{
	if (!t->count || time < t->cuts[0].since)
		return false;
	memcpy(totals, t->totals, sizeof(t->totals));
	for (uint32_t i = 0; i < t->count && t->cuts[i].since < time; i++) {
		uint64_t until = i + 1 < t->count && t->cuts[i + 1].since < time
					 ? t->cuts[i + 1].since
					 : time;

		totals[t->cuts[i].state] += until - t->cuts[i].since;
	}
	return true;
}
