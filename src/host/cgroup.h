/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cgroup: one control group of version 2, the processes in it, and those in the groups below it.
 *
 * WHERE it is, is said in one of three ways:
 *
 *     /sys/fs/cgroup/system.slice/etcd.service   a path, with or without the place of the mount
 *     etcd.service                               the name of a directory, wherever it is
 *     6f1c2a9                                    the beginning of a container's id, wherever that is:
 *         docker-ID.scope cri-containerd-ID.scope crio-ID.scope libpod-ID.scope (systemd's layout), ID (cgroupfs')
 *
 * Whoever starts a service again removes its directory and makes a new one, which is another group of the same name:
 * cgroup_look() goes over to it.
 *
 * Version 1 has no group that a process is in, but one for each controller; these are not looked at. Where both
 * are mounted ("hybrid") version 2 is somewhere below /sys/fs/cgroup and may be without processes.
 *
 * Sources: inotify(7); Documentation/admin-guide/cgroup-v2.rst; proc_pid_mountinfo(5); runc's libcontainer/cgroups/systemd,
 * cri-o's internal/config/cgmgr, podman's libpod/container_internal_linux.go for names.
 */
#ifndef FTRACE_HOST_CGROUP_H
#define FTRACE_HOST_CGROUP_H

#include "base/error.h"
#include "host/pid_list.h"

struct cgroup {
	char *mount; /* where version 2 is mounted */
	char *path;  /* of the directory */
	int fd;      /* of the directory, which may have been removed */
	int changes; /* readable when something was made beside it; -1: that is not told */
};

/* What is not open. */
#define CGROUP_NONE ((struct cgroup){.fd = -1, .changes = -1})

/* Finds the group: 0, or a negative errno with `err` filled: -ENOENT there is none, with those that are near;
 * -ENOTUNIQ several, with a list; -ENOSYS there is no version 2 here; others. To be released in any case. */
int cgroup_find(struct cgroup *cgroup, const char *where, struct error *err);

/* To be called when there are changes, and now and then. 1: another group has its name by now, and `fd` is of that; 0: it
 * has not, or nothing has. */
int cgroup_look(struct cgroup *cgroup);

/* The name of the group, below the mount: "/system.slice/etcd.service". */
const char *cgroup_name(const struct cgroup *cgroup);

/* The processes in the group and below it that our PID namespace has, into an empty list, in order. 0, also when the
 * group is not there any more, or -ENOMEM. */
int cgroup_pids(const struct cgroup *cgroup, struct pid_list *list);

void cgroup_release(struct cgroup *cgroup);

#endif
