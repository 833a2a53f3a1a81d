/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cgroup_tree: the directories of control groups. Internal to src/host.
 *
 * Groups come and go while they are walked: what is not there any more is passed over.
 */
#ifndef FTRACE_HOST_CGROUP_TREE_H
#define FTRACE_HOST_CGROUP_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "host/pid_list.h"

/* Texts of its own; zero-initialised there are none. */
struct cgroup_paths {
	char **items;
	size_t count, cap;
};

int cgroup_paths_add(struct cgroup_paths *paths, const char *text); /* 0 or -ENOMEM */
void cgroup_paths_release(struct cgroup_paths *paths);

/* Calls `each` for every directory below `top`, with its path and the last part of it, until that returns non-zero.
 * Returns that, or a negative errno. */
int cgroup_tree_walk(const char *top, int (*each)(void *arg, const char *path, const char *name),
		     void *arg);

/* Adds the processes of a directory and of those below it. 0 or -ENOMEM. */
int cgroup_tree_pids(int dir, struct pid_list *list);

/* Whether a directory of that name is that of a container whose id begins with `id`, hexadecimal digits: "ID",
 * "docker-ID.scope" and the like. A monitor's (conmon) is not the container's. */
bool cgroup_is_container(const char *name, const char *id);

#endif
