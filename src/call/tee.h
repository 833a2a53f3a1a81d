/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tee: a sink that hands everything on to several others, each of which gets what it would get alone.
 *
 * A sink that fails is given nothing more, and the others go on: a reader that has gone (-EPIPE) or a full disk
 * takes one output, not all of them. What it failed with is told by tee_error(), and at the end by the tee's
 * `end`, the first of the list where several failed. Only when all have failed does the tee itself fail, with
 * the error of the one that failed first.
 */
#ifndef FTRACE_CALL_TEE_H
#define FTRACE_CALL_TEE_H

#include <stddef.h>

#include "call/sink.h"

/* Takes over the `count` sinks, at least one: sink_free() of the tee frees them. The array stays the caller's.
 * NULL when memory is out: then they stay the caller's, too. */
struct sink *tee_new(struct sink *const *sinks, size_t count);

/* What sink number `index` failed with, or 0. */
int tee_error(const struct sink *tee, size_t index);

#endif
