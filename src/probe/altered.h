/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * altered: where the code of a process is not as in the file that it is mapped from.
 *
 * Only pages that the process has to itself are read (peek.h), and none is waited for: breakpoints of the kernel
 * and of debuggers, and what a program writes over its own code, are all in private copies. Mappings that are
 * shared, and code that is in no file, are passed over.
 *
 * A breakpoint is one byte (struct arch has which) that is another in the file, with nothing changed ALTERED_NEAR bytes
 * around it but other breakpoints, of which at most ALTERED_ROW stand in a row (Go's `ret; ret` has two). Whose it is the bytes do not tell; but:
 *
 *   - a debugger's: the process has a tracer (TracerPid in /proc/PID/status);
 *   - the program's own: to write there the mapping had to be writable once, and the kernel accounts for that
 *     for good ("ac" in VmFlags of /proc/PID/smaps: VM_ACCOUNT, set by mprotect_fixup() in mm/mprotect.c and by
 *     mmap_region(), and taken back of anonymous mappings only). What the kernel itself writes for a uprobe sets
 *     nothing. A program that writes its code through /proc/self/mem cannot be told from a uprobe.
 *
 * Sources: proc_pid_maps(5), proc_pid_smaps(5), fs/proc/task_mmu.c (show_smap_vma_flags()).
 */
#ifndef FTRACE_PROBE_ALTERED_H
#define FTRACE_PROBE_ALTERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ALTERED_NEAR 16
#define ALTERED_ROW  4

/* Code of a file, privately mapped. */
struct altered_map {
	uint64_t start, end; /* addresses */
	uint64_t offset;     /* of `start` in the file */
	bool writable;       /* now */
};

/* Bytes in a row that are not the file's; a breakpoint's byte is always one by itself. */
struct altered {
	uint64_t offset; /* of the first one, in the file */
	size_t len;
	bool single; /* one byte, a breakpoint's, and not many in a row */
	bool breakpoint;
};

struct altered_list {
	struct altered *items; /* ascending */
	size_t nitems, capitems;
	size_t away; /* pages that could not be looked at, being swapped out */
};

/* Calls `each` for every mapping of a file's code in the process, until it returns non-zero; returns that. Else
 * 0, or a negative errno. */
int altered_each_map(pid_t pid, int (*each)(void *arg, const struct altered_map *map), void *arg);

/* Whether the process has pages of its own there. Where not, the code is the file's. False also when it has gone. */
bool altered_has_pages(pid_t pid, const struct altered_map *map);

/* A descriptor of the file that is mapped there, also when it has no name any more; or a negative errno: -EPERM
 * without CAP_CHECKPOINT_RESTORE and CAP_SYS_ADMIN. */
int altered_open_file(pid_t pid, const struct altered_map *map);

/* Adds to `list` what differs in that mapping from the file behind `fd`. 0 or a negative errno. */
int altered_find(pid_t pid, const struct altered_map *map, int fd, struct altered_list *list);

/* Empties it and gives its memory back. */
void altered_release(struct altered_list *list);

/* Whether the process has, or had, leave to write to that mapping. True also when that cannot be told. */
bool altered_by_itself(pid_t pid, const struct altered_map *map);

/* Who debugs the process (ptrace), 0: nobody; negative: it has gone. */
pid_t altered_tracer(pid_t pid);

#endif
