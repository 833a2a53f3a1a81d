/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probe_state: what the parts of a probe share; internal to src/probe.
 *
 *     probe.c   loads the programs, reads what they made
 *     counts.c  what was lost, and what was added up
 *     rounds.c  counts hits, and takes the probes of some functions off
 */
#ifndef FTRACE_PROBE_PROBE_STATE_H
#define FTRACE_PROBE_PROBE_STATE_H

#include "probe/attach.h"
#include "probe/drain.h"
#include "probe/forget.h"
#include "probe/losses.h"
#include "probe/mark_points.h"
#include "probe/probe.h"

struct probe {
	struct probe_config config;
	struct ftrace_bpf *skel;
	struct drain *drain; /* the first one's, of all */
	struct attach attach;
	struct mark_points marks;
	struct probe_counts counts; /* kept when the programs are gone */
	struct probe *next;         /* of an executable that came later; it works on our maps */
	volatile uint64_t *hits;    /* the map of that name, by site; NULL without a budget */
	size_t hits_size;           /* bytes */
	struct forget forget;       /* the first one's, of all */
	struct losses *losses;      /* likewise; NULL until there is one */
	bool detached;
};

/* Maps the counters of hits, as far as they are wanted. 0 or a negative errno. */
int rounds_begin(struct probe *probe);
void rounds_end(struct probe *probe);

#endif
