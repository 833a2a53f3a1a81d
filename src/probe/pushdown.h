/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pushdown: which calls the kernel leaves out by itself, so that they cost no record.
 *
 * Filters are the plan's and need no word here: those that can be decided in the kernel are. All else is
 * the caller's wish; user space may leave out more of what arrives.
 */
#ifndef FTRACE_PROBE_PUSHDOWN_H
#define FTRACE_PROBE_PUSHDOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

struct ftrace_bpf;

struct pushdown {
	const uint64_t *goids; /* only these; borrowed */
	size_t ngoids;         /* 0: all */
	bool drill;            /* only trees below functions with plan_func.drill */
	uint64_t sample;       /* one root call of a process in so many; 0 and 1: all */
	uint32_t depth;        /* calls of a tree from its root down; 0: all */
	uint32_t callers;      /* sent with each root call, at most FT_CALLERS_MAX */
	bool every_callers;    /* with each call: user space decides what is a root */
	bool summing;          /* calls are added up in the kernel, and none is sent */
	bool marks;            /* what happens inside of calls is recorded (plan/marks.h) */
};

/* Open frames, of all goroutines, that the kernel remembers at most are eight times as many: 128 MB. */
#define PUSHDOWN_MAX_CHUNKS (1u << 18)

/* Before the programs are loaded. */
void pushdown_size(const struct pushdown *pushdown, const struct plan *plan,
		   struct ftrace_bpf *skel);

/* After it, before anything is attached: 0 or a negative errno. */
int pushdown_put(const struct pushdown *pushdown, const struct plan *plan, struct ftrace_bpf *skel);

/* Whether the programs keep open frames for it. */
bool pushdown_keeps_frames(const struct pushdown *pushdown);

#endif
