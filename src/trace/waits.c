/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/waits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/states.h>

#include "trace/decode.h"
#include "trace/trace_state.h"

void waits_enter(struct trace *trace, struct lane *lane, const struct event *event)
{
	uint64_t time = event->record->time;
	struct lane_waits *waits = lane->waits;
	enum call_state state;

	if (!lane_is_goroutine(lane))
		return;
	if (!waits)
		waits = lane->waits = calloc(1, sizeof(*waits));
	if (!waits) {
		trace_check(trace, -ENOMEM);
		return;
	}
	if (lane->nframes == 1) {
		timeline_begin(&waits->timeline, time);
		waits->wait.open = false;
		return;
	}
	/* Whoever calls runs, or is on its way into a system call: else that was missed. */
	state = timeline_state(&waits->timeline, time);
	if (state == STATE_WAITING || state == STATE_RUNNABLE) {
		timeline_miss(&waits->timeline, time);
		waits->wait.open = false;
	}
}

void waits_begin(struct lane *lane, uint32_t call)
{
	struct tree *tree = &lane->tree;
	struct call_times *times = &tree->times[call];

	/* The totals up to then, until it is over. */
	if (!lane->waits ||
	    !timeline_at(&lane->waits->timeline, tree->calls[call].start, times->ns))
		times->ns[0] = UINT64_MAX;
}

void waits_lose(struct lane *lane, uint64_t until)
{
	if (lane->waits)
		timeline_doubt(&lane->waits->timeline, until);
}

void waits_end(const struct trace *trace, struct lane *lane, uint32_t index)
{
	const struct call *call = &lane->tree.calls[index];
	struct call_times *times = &lane->tree.times[index];
	struct lane_waits *waits = lane->waits;
	uint64_t until[STATES];
	enum call_state state;

	if (!waits || times->ns[0] == UINT64_MAX)
		return;
	state = timeline_state(&waits->timeline, call->end);
	if (state == STATE_WAITING || state == STATE_RUNNABLE)
		timeline_miss(&waits->timeline, call->end);
	/* What was lost of nobody knows whom may have been its. */
	if (waits->timeline.missed >= call->start || trace->unattributed >= call->start ||
	    !timeline_at(&waits->timeline, call->end, until))
		return;
	for (unsigned int i = 0; i < STATES; i++) {
		if (until[i] < times->ns[i])
			return;
		times->ns[i] = until[i] - times->ns[i];
	}
	times->known = true;
}

/* The wait is over, at `end`, or open at the end of all. */
static void put_mark(struct trace *trace, struct lane *lane, uint64_t end, bool open)
{
	struct wait *wait = &lane->waits->wait;
	uint64_t woken = wait->yielded ? wait->since : wait->woken ? wait->woken : end;
	struct mark mark = {
		.kind = &mark_wait,
		.start = wait->since,
		.end = open ? wait->since : end,
		.open = open,
	};
	struct wait_kept kept = {
		.count = wait->count,
		.waker = wait->waker,
		.flags = wait->flags,
		.reason = wait->reason,
		.yielded = wait->yielded,
		.open = open,
	};
	unsigned char bytes[WAIT_KEPT_MAX];

	wait->open = false;
	if (end < wait->since || (!open && end - wait->since < trace->config.min_wait))
		return;
	if (!open) {
		kept.waiting = woken - wait->since;
		kept.runnable = end - woken;
	}
	memcpy(bytes, &kept, sizeof(kept));
	memcpy(bytes + sizeof(kept), wait->frames, wait->count * sizeof(wait->frames[0]));
	mark_in_call(trace, lane, &mark, bytes,
		     sizeof(kept) + wait->count * sizeof(wait->frames[0]));
}

void waits_close(struct trace *trace, struct lane *lane)
{
	if (lane->waits && lane->waits->wait.open && lane->nframes)
		put_mark(trace, lane, lane->last, true);
}

static void begin_wait(struct wait *wait, const struct ft_state *record, bool yielded)
{
	wait->open = true;
	wait->yielded = yielded;
	wait->since = record->r.time;
	wait->reason = record->reason;
	wait->woken = 0;
	wait->flags = 0;
	wait->count = 0;
}

static void note_waker(struct wait *wait, const struct event *event)
{
	const struct ft_state *record = (const void *)event->record;
	size_t size = record->r.size - FT_STATE_SIZE;

	wait->woken = record->r.time;
	wait->waker = record->waker;
	wait->flags = record->flags;
	wait->count = record->count;
	if (size < wait->count * sizeof(record->frames[0]))
		wait->count = 0;
	for (uint32_t i = 0; i < wait->count; i++)
		wait->frames[i] = event->site->addr + (uint64_t)record->frames[i];
}

static bool is_syscall_end(const struct plan_image *pi, uint64_t addr)
{
	for (uint8_t i = 0; i < pi->nends; i++)
		if (addr >= pi->ends[i].from && addr < pi->ends[i].to)
			return true;
	return false;
}

/* On its way out of a system call without a P: newer runtimes (1.26) make it running first, then runnable. That is no
 * wait of its own. */
static bool is_behind_syscall(const struct trace *trace, const struct event *event)
{
	const struct ft_state *record = (const void *)event->record;
	const struct plan_image *pi = &trace->config.plan->images[event->site->image];

	return is_syscall_end(pi, event->site->addr) ||
	       (record->count &&
		is_syscall_end(pi, event->site->addr + (uint64_t)record->frames[0]));
}

/* What it did before, if nothing was missed. */
static bool follows(const struct lane_waits *waits, const struct ft_state *record)
{
	enum call_state state = timeline_state(&waits->timeline, record->r.time);

	switch ((enum ft_goroutine_state)record->from) {
	case FT_G_RUNNING:
	case FT_G_COPYSTACK:
		return state == STATE_RUNNING || state == STATE_OFFCPU;
	case FT_G_SYSCALL:
		return state == STATE_SYSCALL;
	case FT_G_WAITING:
		return state == STATE_WAITING || (state == STATE_RUNNABLE && waits->wait.yielded);
	case FT_G_RUNNABLE:
	case FT_G_PREEMPTED:
		return state == STATE_RUNNABLE;
	default:
		return false;
	}
}

/* It leaves the processor by itself, or because it was asked to. */
static void stop(const struct trace *trace, struct lane_waits *waits, const struct event *event)
{
	const struct ft_state *record = (const void *)event->record;
	struct timeline *t = &waits->timeline;
	uint64_t time = record->r.time;

	switch ((enum ft_goroutine_state)record->to) {
	case FT_G_SYSCALL:
		timeline_set(t, time, STATE_SYSCALL);
		break;
	case FT_G_WAITING:
		timeline_set(t, time, STATE_WAITING);
		begin_wait(&waits->wait, record, false);
		break;
	case FT_G_RUNNABLE:
	case FT_G_PREEMPTED:
		if (!is_behind_syscall(trace, event))
			begin_wait(&waits->wait, record, true);
		timeline_set(t, time, STATE_RUNNABLE);
		break;
	default:
		break;
	}
}

static void run(struct trace *trace, struct lane *lane, uint64_t time)
{
	timeline_set(&lane->waits->timeline, time, STATE_RUNNING);
	if (lane->waits->wait.open)
		put_mark(trace, lane, time, false);
}

static void on_state(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_state *record = (const void *)event->record;
	struct lane_waits *waits = lane->waits;
	uint64_t time = record->r.time;

	if (!waits || !lane->nframes)
		return;
	if (!follows(waits, record)) {
		timeline_miss(&waits->timeline, time);
		waits->wait.open = false;
	}
	if (record->to == FT_G_RUNNING || record->to == FT_G_COPYSTACK) {
		run(trace, lane, time);
		return;
	}
	if (record->from == FT_G_RUNNING) {
		stop(trace, waits, event);
		return;
	}
	/* One that only yields stays runnable, however the collector keeps it from running meanwhile. */
	if (record->to == FT_G_WAITING)
		timeline_set(&waits->timeline, time,
			     waits->wait.yielded ? STATE_RUNNABLE : STATE_WAITING);
	else if (record->to == FT_G_RUNNABLE)
		timeline_set(&waits->timeline, time, STATE_RUNNABLE);
	if (record->from == FT_G_WAITING && waits->wait.open && !waits->wait.woken)
		note_waker(&waits->wait, event);
}

static bool state_holds(const struct ft_record *record)
{
	const struct ft_state *state = (const void *)record;
	size_t room = (record->size - FT_STATE_SIZE) / sizeof(state->frames[0]);

	return record->size >= FT_STATE_SIZE && record->size <= sizeof(*state) &&
	       state->count <= room && state->from < FT_G_STATES && state->to < FT_G_STATES;
}

const struct record_kind record_state = {
	.size = FT_STATE_SIZE,
	.sites = RECORD_FROM(SITE_STATE),
	.hit = true,
	.holds = state_holds,
	.in_lane = on_state,
};

static void on_offcpu(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_offcpu *record = (const void *)event->record;

	(void)trace;
	if (lane->waits && lane->nframes)
		timeline_off(&lane->waits->timeline, record->since, record->r.time);
}

static bool offcpu_holds(const struct ft_record *record)
{
	const struct ft_offcpu *off = (const void *)record;

	return record->size == sizeof(*off) && off->since <= record->time;
}

const struct record_kind record_offcpu = {
	.size = sizeof(struct ft_offcpu),
	.hit = true,
	.holds = offcpu_holds,
	.in_lane = on_offcpu,
};
