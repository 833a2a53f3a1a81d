/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keeper: a process apart that owns all links of probes, so that no death of ftrace leaves a breakpoint.
 *
 * The kernel puts breakpoints into programs, and takes them out, in the context of the task that attaches or
 * detaches. When that task has been sent a SIGKILL meanwhile it finds no page any more: what it had put in stays
 * in the programs, for as long as they run ("unregister, leaking uprobe" in its log). So another process does
 * both: a child of no one, in a session of its own, under a name of its own, with memory of its own, outside
 * ftrace's control groups where that is allowed, deaf to signals. All that it knows of ftrace is one end of a
 * socket: when the other end is closed, by whatever, it lets go of all probes and ends.
 *
 *     ftrace                                keeper
 *       keeper_start     ------------->     forked while ftrace is small
 *       keeper_attach    program, file, sites -->
 *                        <-- progress ... first link's number
 *       keeper_detach    links' numbers -->
 *                        <-- progress ... done
 *       (its end)        ---- socket is closed --->   detaches, ends
 *
 * What kills the keeper itself in the moment of attaching or detaching still leaves breakpoints behind; what kills
 * it at rest does not.
 *
 * Sources: kernel/events/uprobes.c, uprobe_unregister_nosync(); mm/gup.c, __get_user_pages(); mm/oom_kill.c
 * (all that share memory are killed); unix(7), cgroups(7), setsid(2).
 */
#ifndef FTRACE_PROBE_KEEPER_H
#define FTRACE_PROBE_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct keeper;

/* What the caller wants to hear of while the keeper is at work. All of it is the caller's. */
struct keeper_watch {
	int fd; /* looked at while waiting; -1: none */
	bool (*stop)(
		void *arg); /* fd is readable: true when the keeper is to be waited for no longer */
	/* Without uprobe_multi, now and then: probes that are on or off so far. May be NULL. */
	void (*progress)(void *arg, size_t sites);
	void *arg;
};

/* Probes for one program, in one file. The arrays have `count` elements and are the caller's. */
struct keeper_sites {
	int program; /* descriptor of a loaded BPF program */
	int file;    /* descriptor of the file that is probed */
	pid_t pid;   /* the only process, 0: every one */
	bool multi;  /* one uprobe_multi link for all, else a perf event and a link for each */
	const unsigned long *offsets; /* within the file */
	const uint64_t *cookies;
	size_t count; /* > 0 */
};

/* Starts the keeper. To be called early, while this process is small and has one thread. 0, or a negative errno
 * with `err` filled. */
int keeper_start(struct keeper **keeper, struct error *err);

/* Lets the keeper take off all probes and end, and waits for that, unless the watch says to stop or nothing
 * was ever attached; then it goes on by itself. NULL is let pass. */
void keeper_end(struct keeper *keeper);

/* `watch` is copied. */
void keeper_set_watch(struct keeper *keeper, const struct keeper_watch *watch);

/* A descriptor that is readable, while the keeper is asked nothing, only when it has died; -1 when it was told to. */
int keeper_fd(struct keeper *keeper);

/* Its PID; 0 as long as it has not told it. */
pid_t keeper_pid(const struct keeper *keeper);

/* Puts the probes in, and numbers their links *first, *first + 1 ... (one with `multi`, else one a site); on
 * failure there are none. 0; -EINTR: the watch said to stop, and nothing but keeper_end() is of use any
 * more; -EPIPE: the keeper has died, and all probes with it; else the kernel's own error. */
int keeper_attach(struct keeper *keeper, const struct keeper_sites *sites, uint32_t *first);

/* Takes these links away, all at once as far as the kernel lets that be; with `count` 0 every one that there is, and
 * the keeper begins to end: nothing but keeper_end() is of use any more. 0, -EINTR or -EPIPE. */
int keeper_detach(struct keeper *keeper, const uint32_t *links, size_t count);

/* The PID that the kernel filters a uprobe_multi link by, 0 when that process has none any more or there is no
 * filter; negative when it cannot be told. */
int keeper_link_pid(struct keeper *keeper, uint32_t link);

#endif
