/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keeper_serve: the keeper's own side; internal to src/probe.
 *
 *     keeper_apart.c   becomes a process that nothing that ends ftrace ends
 *     keeper_links.c   the links it owns
 *     keeper_serve.c   does what it is asked, until nobody can ask any more
 */
#ifndef FTRACE_PROBE_KEEPER_SERVE_H
#define FTRACE_PROBE_KEEPER_SERVE_H

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
};

struct keeper_links {
	struct keeper_link *held; /* by number */
	size_t count, cap;
};

/* What to attach: as in struct keeper_sites. */
struct keeper_work {
	int program, file;
	pid_t pid;
	bool multi;
	const struct keeper_site *sites;
	uint32_t count;
	/* Of events: called with how many are on or off; true: stop attaching. */
	bool (*go_on)(void *arg, size_t sites);
	void *arg;
};

/* 0 with the first number in *first, or a negative errno and no new link. */
int keeper_links_add(struct keeper_links *links, const struct keeper_work *work, uint32_t *first);

/* Takes links away; unknown numbers and those that are gone are passed over. */
void keeper_links_drop(struct keeper_links *links, const uint32_t *numbers, size_t count,
		       bool (*go_on)(void *arg, size_t sites), void *arg);

/* All of them. Numbers begin anew. */
void keeper_links_release(struct keeper_links *links, bool (*go_on)(void *arg, size_t sites),
			  void *arg);

/* See keeper_link_pid(). */
int keeper_links_pid(const struct keeper_links *links, uint32_t number);

#endif
