/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * named: processes by what they are called.
 *
 * A process has two names: that of its executable's file, and its own (comm), which is the first 15 bytes of the name
 * that it was started by until it chooses another. Both count, and whole: `etcd` is not `etcdctl`. A script has the
 * script's name as its own, and its interpreter's as its executable's. Processes in containers count as any other,
 * kernel threads and this process do not.
 *
 * Source: proc_pid_exe(5), proc_pid_comm(5).
 */
#ifndef FTRACE_HOST_NAMED_H
#define FTRACE_HOST_NAMED_H

#include <stdbool.h>

#include "base/error.h"
#include "host/pid_list.h"

/* Whether the word is a PID: of digits alone. */
bool named_is_pid(const char *word);

/* Adds all processes of that name to the list: 0, or a negative errno with "CAUSE; REMEDY" in `err`: -ESRCH none has it, with those that
 * are near; -EINVAL a path, which is no name; -ENOMEM. */
int named_find(struct pid_list *found, const char *name, struct error *err);

#endif
