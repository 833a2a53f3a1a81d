/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * container: in which container a process is, by the names of its control groups.
 *
 * Source: cgroups(7), /proc/PID/cgroup. Runtimes name the group of a container after its id, 64 hexadecimal digits: "ID",
 * "docker-ID.scope", "cri-containerd-ID.scope", "crio-ID".
 */
#ifndef FTRACE_HOST_CONTAINER_H
#define FTRACE_HOST_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>

#define CONTAINER_DIGITS 64

/* Its id, NUL-terminated; false when it is in none, or has gone. */
bool container_of_process(uint32_t pid, char id[CONTAINER_DIGITS + 1]);

#endif
