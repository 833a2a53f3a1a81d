/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procfs: what /proc tells of a process. Source: proc(5).
 */
#ifndef FTRACE_CLI_PROCFS_H
#define FTRACE_CLI_PROCFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The executable of `pid`, opened read-only, as the kernel has it, also when it was deleted or
 * replaced; a descriptor, or a negative errno. */
int procfs_open_exe(pid_t pid);

/* What /proc/PID/exe points to, " (deleted)" included; NULL when it cannot be read. The caller frees. */
char *procfs_exe(pid_t pid);

/* The path of the file behind a descriptor of our own, likewise. */
char *procfs_file(int fd);

/* The PID in the process' own namespace; 0 when it is the same or unknown. */
uint32_t procfs_nspid(pid_t pid);

/* Where the executable is mapped: its load bias, given that its text starts at `text` in the file's
 * addresses at file offset `offset`; 0 when unknown. */
uint64_t procfs_bias(pid_t pid, dev_t dev, ino_t ino, uint64_t text, uint64_t offset);

/* Calls `each` for every process until it returns non-zero; returns that. */
int procfs_each(int (*each)(pid_t pid, void *arg), void *arg);

#endif
