/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * members: the processes of --cgroup, and which of their executables have been looked at.
 *
 * Which executables run in a group is found out again and again, and most are no Go programs: each file is opened
 * once, and again when it has changed. The caller owns the struct, MEMBERS_NONE at first.
 */
#ifndef FTRACE_CLI_TARGET_MEMBERS_H
#define FTRACE_CLI_TARGET_MEMBERS_H

#include <stdbool.h>

#include "base/map.h"
#include "host/cgroup.h"

struct members {
	struct cgroup cgroup;
	struct map seen; /* what stat() says of files -> 1 */
};

#define MEMBERS_NONE ((struct members){.cgroup = CGROUP_NONE})

struct options;
struct targets;

/* Opens the group, and the executables of all processes in it. There may be none as yet. 0, or a negative errno with
 * `err` filled. */
int members_open(struct targets *targets, const struct options *opt, struct error *err);

/* The executable of a process, opened, when it has not been looked at: 1, and *fd is the caller's; 0: it has been, or it
 * cannot be; -ENOMEM. */
int members_look(struct members *members, pid_t pid, int *fd);

void members_release(struct members *members);

#endif
