/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exe_names: the path of a process' executable, also when the process has ended before anybody asked.
 *
 * A process is asked for its path when its first record is read, which may be after its end. But the
 * kernel told of its exec in which inode it went on: that of the path, on an overlay not the one below
 * (mm->exe_file). Where another process of that inode was there to be asked, its path serves for both.
 *
 * Bounded: of too many processes all are forgotten, of too many paths what is known longest.
 */
#ifndef FTRACE_HOST_EXE_NAMES_H
#define FTRACE_HOST_EXE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/map.h"

struct exe_names {
	struct map execs; /* pid -> inode */
	struct {
		char *path;
		uint64_t exe;
	} names[256];
	size_t nnames;       /* all that there were; the newest are kept */
	uint64_t others[64]; /* inodes of which no path is wanted */
	size_t nothers;      /* likewise */
};

void exe_names_release(struct exe_names *names);

/* The process runs the inode `exe` from now on, and has ended. */
void exe_names_exec(struct exe_names *names, pid_t pid, uint64_t exe);
void exe_names_exit(struct exe_names *names, pid_t pid);

/* `path` leads to the inode `exe`; 0: not known, and nothing is noted. The path is copied. */
void exe_names_note(struct exe_names *names, uint64_t exe, const char *path);

/* No path of that inode is wanted; and what was said so is asked for again. */
void exe_names_pass(struct exe_names *names, uint64_t exe);
void exe_names_ask_again(struct exe_names *names);

/* Whether nothing more need be found out of that inode: it has a path, or none is wanted. */
bool exe_names_settled(const struct exe_names *names, uint64_t exe);

/* The inode that the process runs; 0: not known. */
uint64_t exe_names_inode(const struct exe_names *names, pid_t pid);

/* The path of an inode, the struct's; NULL: not known. */
const char *exe_names_path(const struct exe_names *names, uint64_t exe);

#endif
