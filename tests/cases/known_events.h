/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * known_events: tracepoints that scripts may have records of, by their numbers, as a kernel would tell of them.
 */
#ifndef FTRACE_TESTS_KNOWN_EVENTS_H
#define FTRACE_TESTS_KNOWN_EVENTS_H

#include <ftrace/marks.h>

#include "plan/marks.h"

static struct event_arg switch_args[] = {
	{(char *)"preempt", EVENT_ARG_NUMBER, 1, false, EVENT_NO_TEXT},
	{(char *)"prev", EVENT_ARG_TASK, 8, false, 0},
	{(char *)"next", EVENT_ARG_TASK, 8, false, 1},
	{(char *)"prev_state", EVENT_ARG_NUMBER, 4, false, EVENT_NO_TEXT},
};

static struct event_arg send_args[] = {
	{(char *)"at", EVENT_ARG_POINTER, 8, false, EVENT_NO_TEXT},
	{(char *)"dev", EVENT_ARG_STRING, 8, false, 0},
	{(char *)"ret", EVENT_ARG_NUMBER, 4, true, EVENT_NO_TEXT},
	{(char *)"mask", EVENT_ARG_NUMBER, 8, false, EVENT_NO_TEXT},
};

static const struct event_type known_events[] = {
	{(char *)"sched:sched_switch", "sched_switch", switch_args, 4, 2},
	{(char *)"net:send", "send", send_args, 4, 1},
	{(char *)"idle", "idle", NULL, 0, 0},
};

#define KNOWN_EVENTS (sizeof(known_events) / sizeof(known_events[0]))

/* A record as it is with texts. */
struct event_record {
	struct ft_event e;
	char rooms[FT_EVENT_TEXTS][FT_EVENT_TEXT];
};

#endif
