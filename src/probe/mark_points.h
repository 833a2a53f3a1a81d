/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark_points: the tracepoints of the kernel at which marks are recorded.
 *
 * They belong to this process, not to the keeper: the kernel takes them away with it, and nothing stays behind.
 */
#ifndef FTRACE_PROBE_MARK_POINTS_H
#define FTRACE_PROBE_MARK_POINTS_H

#include <stddef.h>

#include "base/error.h"
#include "plan/marks.h"
#include "probe/event_points.h"

struct bpf_link;
struct ftrace_bpf;

/* Zeroed: none. */
struct mark_points {
	struct bpf_link **links;
	size_t count, cap;
	struct event_points events;
};

/* Before the programs are loaded: those that are not wanted are left out. `marks`: NULL wants none. */
void mark_points_choose(struct ftrace_bpf *skel, const struct marks_wanted *marks);

/* 0, or a negative errno with `err` filled: it names the option. */
int mark_points_attach(struct mark_points *points, const struct ftrace_bpf *skel,
		       const struct marks_wanted *marks, struct error *err);

void mark_points_release(struct mark_points *points);

#endif
