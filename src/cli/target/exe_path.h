/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exe_path: by which path each process runs a traced file.
 *
 * Two containers of one image run one file by two paths. What runs already is asked when tracing begins, what comes later
 * when the record of its execve is read; one that has ended by then has the path of the inode that the kernel said it runs,
 * if any process of that was there to be asked. It never gets the path of another inode: then it is told by the last part
 * of the file's name alone.
 */
#ifndef FTRACE_CLI_TARGET_EXE_PATH_H
#define FTRACE_CLI_TARGET_EXE_PATH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/target/target.h"

/* Asks a process, and keeps the answer if it runs a traced file. */
void exe_path_ask(struct targets *targets, pid_t pid);

/* The kernel said that the process runs the inode `exe` from now on. */
void exe_path_exec(struct targets *targets, pid_t pid, uint64_t exe);

/* The path by which a process runs that image, and what it runs now, if that is still the image (else *runs_it is
 * false). The caller frees; NULL: no memory. */
char *exe_path_find(struct targets *targets, uint32_t image, pid_t pid, struct runner *runner,
		    bool *runs_it);

#endif
