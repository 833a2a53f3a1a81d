/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event_points: a copy of the program for tracepoints at each one that was asked for.
 *
 * Copies of one loaded program, and not as many programs in the object: so there is no limit of theirs to the events, the object
 * stays as it is, and maps and variables are the first one's by themselves (a second object would have its own).
 */
#ifndef FTRACE_PROBE_EVENT_POINTS_H
#define FTRACE_PROBE_EVENT_POINTS_H

#include <stddef.h>

#include "base/error.h"
#include "plan/marks.h"

struct ftrace_bpf;

/* Zeroed: none. */
struct event_points {
	int *links;   /* by the event's index: a descriptor, or the negative errno with which it was refused */
	size_t count, cap;
};

/* Before the programs are loaded. */
void event_points_choose(struct ftrace_bpf *skel, const struct marks_wanted *marks);

/* 0, or a negative errno with `err` filled: nothing could be attached. What the kernel refuses alone has its errno in
 * `links`. */
int event_points_attach(struct event_points *points, const struct ftrace_bpf *skel,
			const struct marks_wanted *marks, struct error *err);

void event_points_release(struct event_points *points);

#endif
