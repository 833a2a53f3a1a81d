/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * peek: looks at the memory of another process that never wait for a page.
 *
 * A page may be away: not read in yet, swapped out, or such that another program has to bring it
 * (userfaultfd, FUSE). Whoever reads it by process_vm_readv(2) or /proc/PID/mem waits for it, only a SIGKILL
 * ends that, and it may never come. So what is there is asked for first, in /proc/PID/pagemap, which brings
 * nothing in: Documentation/admin-guide/mm/pagemap.rst, fs/proc/task_mmu.c pte_to_pagemap_entry().
 *
 * Between the question and the copy a page may go. Then the copy brings it in again, as the process itself
 * would: from its file, from swap, or as zeros. Only a page that goes in these microseconds and that another
 * program has to bring (madvise(MADV_DONTNEED) below a userfaultfd) would be waited for. So the copy is made by
 * a task of its own, which is killed when it has not come back by PEEK_WAIT_MS.
 *
 * PAGEMAP_SCAN (Linux 6.7) tells the same in fewer bytes. It is not used: eight bytes a page are 200 KB for the
 * text of the largest programs, and all kernels have them.
 */
#ifndef FTRACE_BASE_PEEK_H
#define FTRACE_BASE_PEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PEEK_WAIT_MS 100

/*
 * Copies `len` bytes at `at` in the memory of `pid`, all or none: 0; -EAGAIN when some page of them is not
 * there now; -EFAULT when that is no memory of it, or may not be read; -ESRCH when the process has gone or has
 * no memory any more; -EACCES, -EPERM when we may not look at it.
 */
int peek_read(pid_t pid, uint64_t at, void *to, size_t len);

/*
 * Calls `each` for the ranges of pages in [first, end) that are the process' own, which it may have changed:
 * anonymous, or the copy of a page of a privately mapped file that was written to, a breakpoint's included;
 * swapped out or not. Addresses are those of whole pages, ascending; neighbours are one range. Stops when
 * `each` returns non-zero and returns that; else 0, -ESRCH, -EACCES, -EPERM, or -EIO.
 */
int peek_own(pid_t pid, uint64_t first, uint64_t end,
	     int (*each)(void *arg, uint64_t first, uint64_t end), void *arg);

/* Whether none of the pages of `len` bytes at `at` is there, nor anywhere else than in the file that is mapped
 * there: so in a private mapping of a file none has been written to. False also when that cannot be told. */
bool peek_untouched(pid_t pid, uint64_t at, size_t len);

#endif
