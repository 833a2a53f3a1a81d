/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * forget: frames that the kernel keeps (bpf/frames.bpf.h), of processes that have ended or run another program.
 *
 * Of most processes that end it has none, and it says so in a byte each. For the others all frames must be
 * looked at, which is done for all that have ended since the last time together, and not too often: it never takes
 * more than a small part of the time.
 */
#ifndef FTRACE_PROBE_FORGET_H
#define FTRACE_PROBE_FORGET_H

#include <stdint.h>

#include "base/map.h"

struct ftrace_bpf;

/* Zero-initialised is none. */
struct forget {
	struct map ended;    /* tgid -> since when */
	uint64_t due;        /* no look before that time */
	void *keys, *chunks; /* of one batch */
};

/* The process has ended, or runs another program, since `time`. 0 or -ENOMEM. */
int forget_process(struct forget *forget, const struct ftrace_bpf *skel, uint32_t tgid,
		   uint64_t time);

/* To be called often: forgets what is older than the ends that are known, when it is time for that. 0, or a negative
 * errno. */
int forget_look(struct forget *forget, struct ftrace_bpf *skel);

/* Forgets the open frames of all processes; no program may run meanwhile. 0, or a negative errno. */
int forget_all(struct forget *forget, struct ftrace_bpf *skel);

void forget_release(struct forget *forget);

#endif
