/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call_points: what the programs of system calls (bpf/syscalls.bpf.h) are told and asked besides their tracepoints, which
 * are mark_points.c's.
 */
#ifndef FTRACE_PROBE_CALL_POINTS_H
#define FTRACE_PROBE_CALL_POINTS_H

#include <stdbool.h>

#include "plan/marks.h"

struct ftrace_bpf;

bool call_points_wanted(const struct marks_wanted *marks);

/* Before the programs are loaded. */
void call_points_choose(struct ftrace_bpf *skel, const struct marks_wanted *marks);

/* What is to be read at each call. 0 or a negative errno. */
int call_points_put(const struct ftrace_bpf *skel, const struct marks_wanted *marks);

/* Nothing is recorded any more: calls that have not returned go into the ring. */
void call_points_end(const struct ftrace_bpf *skel, const struct marks_wanted *marks);

#endif
