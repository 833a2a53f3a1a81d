/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keeper_serve: the keeper's own side; internal to src/probe.
 *
 *     keeper_apart.c   becomes a process that nothing that ends ftrace ends
 *     keeper_links.c   the links it owns
 *     keeper_changes.c lets go of those in a file that is written to
 *     keeper_serve.c   does what it is asked, until nobody can ask any more
 */
#ifndef FTRACE_PROBE_KEEPER_SERVE_H
#define FTRACE_PROBE_KEEPER_SERVE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "probe/keeper_wire.h"

/* In the new process: serves the ftrace with the PID `of` on `fd`, and ends with it. */
_Noreturn void keeper_serve(int fd, pid_t of);

/* Leaves everything that it has in common with ftrace but `fd`: descriptors, name, control groups, directory, signals.
 * What is not allowed is left. Returns the descriptor in its new place. */
int keeper_apart(int fd, pid_t of);

struct keeper_link {
	int link;  /* descriptor; -1: gone */
	int event; /* of a perf event, which goes with the link; else -1 */
	int file;  /* what keeper_changes_watch() says of its file */
};

struct keeper_changes;

struct keeper_links {
	struct keeper_link *held; /* by number */
	size_t count, cap;
	pthread_mutex_t lock;           /* to be held by who calls any of these functions */
	struct keeper_changes *changes; /* NULL: nobody listens */
};

/* What to attach: as in struct keeper_sites. */
struct keeper_work {
	int program, file;
	int watched; /* set by keeper_links_add() */
	pid_t pid;
	bool multi;
	const struct keeper_site *sites;
	uint32_t count;
	/* Of events: called with how many are on or off; true: stop attaching. */
	bool (*go_on)(void *arg, size_t sites);
	void *arg;
};

/* 0 with the first number in *first, or a negative errno and no new link. */
int keeper_links_add(struct keeper_links *links, const struct keeper_work *asked, uint32_t *first);

/* Takes links away; unknown numbers and those that are gone are passed over. */
void keeper_links_drop(struct keeper_links *links, const uint32_t *numbers, size_t count,
		       bool (*go_on)(void *arg, size_t sites), void *arg);

/*
 * The kernel knows a probe by file and offset. When the file is overwritten in place it puts the breakpoint, and the
 * instruction that it copied when the probe was first put in, into whatever stands at that offset in programs that
 * are started afterwards. So the probes of a file go when it is first written to, whatever ftrace is about: it
 * may be stopped, or wait for a reader. The writer is never held up. The file cannot be started while it is open
 * for writing (execve(2), ETXTBSY); whoever starts it after that waits until its probes are gone, a few
 * hundredths of a second: a thread of its own is told of the write, and shuts a gate before the kernel has taken the
 * first probe off. All that it cannot do in time, or without CAP_SYS_ADMIN, is to be told of stores through a
 * shared mapping.
 *
 * Sources: kernel/events/uprobes.c, prepare_uprobe(), uprobe_mmap(); inotify(7); fanotify(7), FAN_OPEN_EXEC_PERM
 * (who waits goes on when the descriptor is closed, by whatever).
 */

/* Begins to listen; where that is not possible, nobody does. `links` must stay where it is. */
void keeper_changes_begin(struct keeper_links *links);

/* Lets go of links in this file when it is written to, from now on. A number that is the same for the same file,
 * negative when it cannot be watched; `changes` may be NULL. */
int keeper_changes_watch(struct keeper_changes *changes, int file);

/* All of them. Numbers begin anew. */
void keeper_links_release(struct keeper_links *links, bool (*go_on)(void *arg, size_t sites),
			  void *arg);

/* See keeper_link_pid(). */
int keeper_links_pid(const struct keeper_links *links, uint32_t number);

#endif
