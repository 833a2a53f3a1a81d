/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark_records: records of what is no call (states, system calls, signals, events), whose fields agree with each other and
 * whose content is the input's; and what has to be asked for that they are there.
 */
#ifndef FTRACE_TESTS_FUZZ_MARK_RECORDS_H
#define FTRACE_TESTS_FUZZ_MARK_RECORDS_H

#include <string.h>

#include <ftrace/marks.h>
#include <ftrace/syscall_read.h>

#include "check.h"
#include "plan/marks.h"

/* All is asked for; two tracepoints, one of which has every kind of argument. */
static char names[][8] = {"number", "text", "task", "at"};
static struct event_arg event_args[] = {
	{names[0], EVENT_ARG_NUMBER, 4, true, EVENT_NO_TEXT},
	{names[1], EVENT_ARG_STRING, 8, false, 0},
	{names[2], EVENT_ARG_TASK, 8, false, 1},
	{names[3], EVENT_ARG_POINTER, 8, false, EVENT_NO_TEXT},
};
static char event_names[][16] = {"group:event", "plain"};
static const struct event_type events[] = {
	{event_names[0], event_names[0] + 6, event_args, 4, 2},
	{event_names[1], event_names[1], event_args, 1, 0},
};
static const struct marks_wanted marks = {
	.waits = true,
	.goroutines = true,
	.syscalls = true,
	.signals = true,
	.events = events,
	.nevents = sizeof(events) / sizeof(events[0]),
};

static inline void take_bytes(struct input *in, void *to, size_t len)
{
	unsigned char *byte = to;

	for (size_t i = 0; i < len; i++)
		byte[i] = (unsigned char)take(in, 1);
}

/* What was read at a system call: items as the kernel side puts them, with any content. */
static inline size_t take_items(struct input *in, unsigned char *to, size_t room)
{
	size_t used = 0;

	for (uint8_t n = take(in, 1) % 4; n; n--) {
		struct ft_item item = {.what = (uint8_t)take(in, 1) % (FT_READ_FILE + 1),
				       .arg = (uint8_t)take(in, 1) % (FT_ARG_RESULT + 1),
				       .when = (uint8_t)take(in, 1) % 3,
				       .flags = (uint8_t)take(in, 1),
				       .len = (uint16_t)take(in, 1)};

		if (used + sizeof(item) + item.len + 8 > room)
			break;
		memcpy(to + used, &item, sizeof(item));
		take_bytes(in, to + used + sizeof(item), item.len);
		used += (sizeof(item) + item.len + 7) & ~(size_t)7;
	}
	return used;
}

union mark_record {
	struct ft_record r;
	struct ft_state state;
	struct ft_offcpu off;
	struct ft_syscall call;
	struct ft_signal signal;
	struct ft_event event;
	unsigned char bytes[2048];
};

/* The rest of it behind its head; returns its size. */
static inline size_t fill_mark(struct input *in, union mark_record *u)
{
	switch (u->r.kind) {
	case FT_STATE:
		take_bytes(in, &u->state.from, 4);
		u->state.from %= FT_G_STATES;
		u->state.to %= FT_G_STATES;
		u->state.count = (uint32_t)take(in, 1) % (FT_WAKER_FRAMES + 1);
		u->state.waker = take(in, 1);
		for (uint32_t i = 0; i < u->state.count; i++)
			u->state.frames[i] = (int16_t)take(in, 2);
		return FT_STATE_SIZE + u->state.count * sizeof(u->state.frames[0]);
	case FT_OFFCPU:
		u->off.since = u->r.time - (take(in, 1) << 8);
		return sizeof(u->off);
	case FT_SYSCALL:
		u->call.start = u->r.time - (take(in, 1) << 8);
		u->call.result = (int8_t)take(in, 1);
		u->call.number = (uint32_t)take(in, 2) % FT_SYSCALLS;
		u->call.flags = take(in, 1) & FT_SYSCALL_OPEN;
		for (int i = 0; i < FT_SYSCALL_ARGS; i++)
			u->call.args[i] = take(in, 1) & 1 ? take(in, 8) : take(in, 1);
		return sizeof(u->call) + take_items(in, (unsigned char *)(&u->call + 1),
						    sizeof(*u) - sizeof(u->call));
	case FT_SIGNAL:
		take_bytes(in, &u->signal.number, 12);
		return sizeof(u->signal);
	default:
		u->event.event = (uint32_t)take(in, 1) % 4;
		u->event.read = (uint32_t)take(in, 1);
		take_bytes(in, u->event.args, sizeof(u->event.args));
		take_bytes(in, &u->event + 1, FT_EVENT_TEXTS * FT_EVENT_TEXT);
		return u->event.event % 2 ? sizeof(u->event) : FT_EVENT_WITH_TEXTS;
	}
}

#endif
