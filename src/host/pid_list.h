/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pid_list: PIDs, each once, ascending. Zero-initialised it is empty; the caller owns the struct.
 */
#ifndef FTRACE_HOST_PID_LIST_H
#define FTRACE_HOST_PID_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pid_list {
	pid_t *pids;
	size_t count, cap;
};

/* Puts one behind the others, in whatever order: 0 or -ENOMEM. */
int pid_list_add(struct pid_list *list, pid_t pid);

/* Puts them in order, each once: to be called when all have been added. */
void pid_list_sort(struct pid_list *list);

/* Whether it is one of them; they are in order. */
bool pid_list_has(const struct pid_list *list, pid_t pid);

void pid_list_release(struct pid_list *list);

#endif
