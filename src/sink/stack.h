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

/* Whose go statement the tree's goroutine comes from, as far as its place is known, which is told above the outermost caller; NULL:
 * there is none, or nothing is known of it. */
const struct goroutine *stack_creator(const struct tree *tree);

#endif
