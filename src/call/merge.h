/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * merge: several traces as one: what comes first by the clock goes on first.
 *
 * Each trace has an input, a sink, and is played by a thread of its own; what it hands on waits until no other one has something
 * older. Functions and executables that several have are one in the catalog of all. Times become those of one clock; numbers of
 * calls, of processes' runs and, of all hosts but the first, of processes become others. Of each trace alone the order stays.
 *
 * The inputs, the catalog and what was made of processes belong to the merge.
 */
#ifndef FTRACE_CALL_MERGE_H
#define FTRACE_CALL_MERGE_H

#include "call/sink.h"

/* What is added to PIDs of the second host, twice to those of the third: above the greatest (PID_MAX_LIMIT of Linux's
 * include/linux/threads.h is 2^22). */
#define MERGE_PIDS 10000000u

struct merge;

/* `realtime`: what makes times of all of them Unix time. `next` stays the caller's, and may be set later. NULL when memory is out. */
struct merge *merge_new(size_t count, int64_t realtime);
void merge_free(struct merge *merge);

/* Of all; it grows while they are played. */
const struct catalog *merge_catalog(const struct merge *merge);
void merge_set_next(struct merge *merge, struct sink *next);

/* Number `index`, to be asked for from 0 on before any is played. `config`: its catalog, wall clock and host, which outlive it. The
 * sink is the merge's; sink_free() of it does nothing. */
struct sink *merge_input(struct merge *merge, size_t index, const struct sink_config *config);

/* The thread of an input, before it plays: from then on it runs while no other one does. */
void merge_begin(struct merge *merge);

/* No more comes of it: nobody waits for it any more. To be called by its thread, which runs with others again. */
void merge_end(struct merge *merge, size_t index);

#endif
