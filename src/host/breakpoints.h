/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * breakpoints: those that stand in the code of processes and may be nobody's any more, and what the processes wrote
 * there themselves.
 *
 * breakpoints_scan() looks at one process, breakpoints_settle() takes away what no living tracer holds and finds out
 * what is left. A place is left alone in all processes when one of them is debugged or wrote there itself and has a
 * breakpoint there, since the kernel takes a breakpoint away in all processes at once (repair.h). The caller owns the struct,
 * zeroed at first.
 */
#ifndef FTRACE_HOST_BREAKPOINTS_H
#define FTRACE_HOST_BREAKPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "probe/altered.h"
#include "probe/inodes.h"

struct keeper;

/* A file that is open already. */
struct known_file {
	struct file_id id;
	int fd; /* borrowed */
};

enum breakpoint_state {
	BREAKPOINT_LOST,     /* may be nobody's; after breakpoints_settle() a living tracer's */
	BREAKPOINT_DEBUGGED, /* its process has a tracer */
	BREAKPOINT_OWN,      /* its process may write there */
	BREAKPOINT_SHARED,   /* another process has one of these two at that place */
	BREAKPOINT_TAKEN,    /* it was nobody's, and has gone */
	BREAKPOINT_ENDED,    /* its process has ended meanwhile */
};

struct breakpoint {
	uint64_t offset; /* in the file */
	uint32_t process;
	uint8_t state; /* enum breakpoint_state */
};

/* A run of bytes that are no breakpoint. */
struct patch {
	uint64_t offset;
	size_t len;
	uint32_t process;
};

/* One mapping of one file in one process, where something was found. */
struct altered_process {
	pid_t pid, tracer;
	struct altered_map map;
	struct file_id file;
	int fd; /* of the file */
	bool own;
	bool wanted; /* its breakpoints may be taken away; true at first */
};

struct breakpoints {
	struct inodes *inodes;          /* the caller's */
	const struct known_file *known; /* likewise; only these are looked at. NULL: every file */
	size_t nknown;
	struct altered_process *processes;
	size_t nprocesses, capprocesses;
	struct breakpoint *items; /* by process, ascending offset */
	size_t nitems, capitems;
	struct patch *patches;
	size_t npatches, cappatches;
	size_t away;   /* pages that were not looked at */
	size_t closed; /* processes that may not be looked at */
};

/* Adds what is to be found in a process: 0, also when that is nothing, it has gone, or it is closed; -ENOMEM. */
int breakpoints_scan(struct breakpoints *all, pid_t pid);

/* Takes away what is nobody's, of the wanted mappings, with the program of repair_load(). 0, or what repair_places()
 * failed with. */
int breakpoints_settle(struct breakpoints *all, struct keeper *keeper, int program, bool multi);

/* How many are in that state, in one mapping. */
size_t breakpoints_count(const struct breakpoints *all, uint32_t process, uint8_t state);

void breakpoints_release(struct breakpoints *all);

#endif
