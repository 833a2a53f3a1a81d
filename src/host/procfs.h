/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procfs: what /proc tells of a process. Source: proc(5).
 */
#ifndef FTRACE_HOST_PROCFS_H
#define FTRACE_HOST_PROCFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The executable of `pid`, opened read-only, as the kernel has it, also when it was deleted or
 * replaced; a descriptor, or a negative errno. */
int procfs_open_exe(pid_t pid);

/* What /proc/PID/exe points to, " (deleted)" included; NULL when it cannot be read, with errno: ENOENT a kernel thread or one
 * that has ended, EACCES one that has more capabilities than we, where CAP_SYS_PTRACE is missing. The caller frees. */
char *procfs_exe(pid_t pid);

/* Whether it is that for which it cannot be read: there is a program, and we may not know which. */
bool procfs_is_closed(pid_t pid);

/* The last part of that, without " (deleted)", and what the process calls itself (comm): NULL when it cannot be read. The
 * caller frees. */
char *procfs_exe_name(pid_t pid);
char *procfs_comm(pid_t pid);

/* The path of the file behind a descriptor of our own, likewise. */
char *procfs_file(int fd);

/* The PID in the process' own namespace; 0 when it is the same or unknown. */
uint32_t procfs_nspid(pid_t pid);

/* Where a process has the byte at `offset` of a file as code: the address, or 0 when it is nowhere. `is_it`
 * says which mappings are of the file; it is asked about none that does not hold that byte. */
uint64_t procfs_code(pid_t pid, uint64_t offset,
		     bool (*is_it)(void *arg, uint64_t start, uint64_t end), void *arg);

#endif
