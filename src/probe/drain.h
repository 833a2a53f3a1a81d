/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * drain: empties the kernel's ring into memory, in a thread, so that records have room while whoever reads them is at
 * something else: a large tree is written, or the reader of a pipe sleeps.
 *
 * The ring is used first. A few records are read ahead; more only when it is half full, up to a bound: then it fills,
 * and the kernel counts what it has no room for. So what is lost is counted in one place, in the kernel.
 *
 * Nobody wakes the thread for records: that would cost the traced program more than the probe does (emit.bpf.h). It
 * looks by itself, more often when much comes, and wakes the reader when that has nothing to do.
 *
 * All functions are the reader's. Source: kernel/bpf/ringbuf.c.
 */
#ifndef FTRACE_PROBE_DRAIN_H
#define FTRACE_PROBE_DRAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct drain;

/* `map` is the descriptor of a ring buffer, of which all is read. NULL with `err` filled. */
struct drain *drain_new(int map, struct error *err);
/* Ends the thread, whatever is in the ring. */
void drain_free(struct drain *drain);

/* Starts the thread. It has the capabilities that the caller has now, and hears no signals. 0, or a negative errno with
 * `err` filled. */
int drain_start(struct drain *drain, struct error *err);

/* Readable when there are records, once drain_read() has found no more. */
int drain_fd(const struct drain *drain);

/* Hands the records that are there to `each`, in the order of the ring, until it returns non-zero. Returns that when it
 * was negative, else 0. */
int drain_read(struct drain *drain, int (*each)(void *arg, const void *bytes, size_t len),
	       void *arg);

/* All that is in the ring by now is wanted at once; drain_fd() tells of it. */
void drain_demand(struct drain *drain);

/* Whether all of that has been handed over. */
bool drain_met(struct drain *drain);

#endif
