/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stack: the callers above a root call, as both sinks show them.
 */
#ifndef FTRACE_SINK_STACK_H
#define FTRACE_SINK_STACK_H

#include "call/sink.h"
#include "call/tree.h"

/* Hands config->stack frames at most to `each`, innermost first; a body that was inlined is a frame. */
void stack_walk(const struct sink_config *config, const struct tree *tree, const struct call *call,
		void (*each)(void *arg, const struct caller *caller), void *arg);

#endif
