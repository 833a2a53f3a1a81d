/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event_list: the tracepoints that the running kernel has, by group and name.
 *
 * Groups are known to tracefs only (events/GROUP/NAME). Where it is not mounted it is mounted for this process alone and for
 * as long as it is read, which takes CAP_SYS_ADMIN; without, the kernel's own types tell the names (a typedef btf_trace_NAME
 * each), and the group is NULL.
 */
#ifndef FTRACE_PROBE_EVENT_LIST_H
#define FTRACE_PROBE_EVENT_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct btf;

struct event_entry {
	char *full; /* GROUP:NAME, or NAME */
	const char *name; /* in `full` */
};

/* Zeroed: empty. */
struct event_list {
	struct event_entry *entries; /* by `full` */
	size_t count, cap;
	bool grouped; /* their groups are known */
};

/* From a directory with a folder for each group, a folder for each of its tracepoints in that. 0, or a negative errno:
 * -ENOENT where there are none. */
int event_list_read(struct event_list *list, const char *directory);

/* From tracefs where it can be had, else from the kernel's types. 0 or -ENOMEM. */
int event_list_find(struct event_list *list, const struct btf *types);

void event_list_release(struct event_list *list);

#endif
