/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exe_names: the path of a process' executable, also when the process has ended before anybody asked.
 *
 * A process is asked for its path when its first record is read, which may be after its end. But the
 * kernel told of its exec in which inode it went on: that of the path, on an overlay not the one below
 * (mm->exe_file). Where another process of that inode was there to be asked, its path serves for both.
 *
 * Bounded: what is known longest is forgotten.
 */
#ifndef FTRACE_HOST_EXE_NAMES_H
#define FTRACE_HOST_EXE_NAMES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct exe_names {
	struct {
		pid_t pid;
		uint64_t exe;
	} execs[1024];
	size_t nexecs; /* all that there were; the newest are kept */
	struct {
		char *path;
		uint64_t exe;
	} names[256];
	size_t nnames; /* likewise */
};

void exe_names_release(struct exe_names *names);

/* The process has begun to run the inode `exe`. */
void exe_names_exec(struct exe_names *names, pid_t pid, uint64_t exe);

/* `path` leads to the inode `exe`; 0: not known, and nothing is noted. The path is copied. */
void exe_names_note(struct exe_names *names, uint64_t exe, const char *path);

/* The path of what the process ran, as far as it can be told; NULL when it cannot. The caller frees. */
char *exe_names_find(const struct exe_names *names, pid_t pid);

#endif
