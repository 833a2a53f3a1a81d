/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event_find: the tracepoints that patterns GROUP:NAME mean in the running kernel.
 */
#ifndef FTRACE_PROBE_EVENT_FIND_H
#define FTRACE_PROBE_EVENT_FIND_H

#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "plan/marks.h"
#include "probe/event_list.h"

/* So many at most: each one has a program and a link. */
#define EVENTS_MAX 512

/* Zeroed: none. */
struct event_types {
	struct event_type *types;
	size_t count, cap;
	struct buf notes; /* lines about what is left out of a glob, or is not certain */
};

/* Adds what one pattern means; each tracepoint is there once. `btf`: the kernel's types. 0, or a negative errno with
 * `err` filled: "PATTERN: CAUSE; REMEDY". */
int event_find(struct event_types *found, const char *pattern, const struct event_list *list,
	       const struct btf *btf, struct error *err);

/* All of several, in the running kernel. */
int event_find_all(struct event_types *found, char *const *patterns, size_t count,
		   struct error *err);

void event_types_release(struct event_types *found);

#endif
