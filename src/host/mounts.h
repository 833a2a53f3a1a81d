/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mounts: lines of /proc/PID/mountinfo. Source: proc_pid_mountinfo(5).
 */
#ifndef FTRACE_HOST_MOUNTS_H
#define FTRACE_HOST_MOUNTS_H

#include <limits.h>
#include <stdint.h>

struct mount {
	unsigned long long id;
	char device[32];
	char root[PATH_MAX];  /* what of the filesystem is mounted */
	char point[PATH_MAX]; /* where */
	char type[64];        /* of the filesystem */
};

/* Calls `each` for every mount of the process `who`, a PID or "self", until it returns non-zero. Returns that, or 0. */
int mounts_each(const char *who, int (*each)(void *arg, const struct mount *mount), void *arg);

/* Where a filesystem of that type is mounted first; NULL: nowhere. The caller frees. */
char *mounts_find(const char *type);

#endif
