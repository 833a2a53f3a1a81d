/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tree: one root call of one goroutine with everything traced below it, in pre-order:
 *
 *     calls[0]  main.doSomething      parent NONE  level 0
 *     calls[1]    main.add            parent 0     level 1
 *     calls[2]    main.(*Student).String     0           1
 *
 * A subtree is a contiguous run, so dropping a call with all below it is cutting the array. Trees
 * belong to their lane and are valid only during the sink's call.
 */
#ifndef FTRACE_CALL_TREE_H
#define FTRACE_CALL_TREE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "call/call.h"
#include "call/mark.h"
#include "call/process.h"

struct tree {
	const struct process *process;
	uint64_t goid; /* 0: a scheduler's stack or a thread without a goroutine */
	uint64_t curg; /* goid 0: the user goroutine it works for, or 0 */
	struct call *calls;
	size_t ncalls, capcalls;
	unsigned char *values; /* ft_record value bytes of all calls, see value.h */
	uint32_t nvalues, capvalues;
	struct mark *marks; /* in the order in which they stand */
	size_t nmarks, capmarks;
};

/* The callers of a root call, innermost first: their number, up to `max` of them in `addrs`. */
static inline uint32_t call_callers(const struct tree *tree, const struct call *call,
				    uint64_t *addrs, uint32_t max)
{
	uint32_t bytes;

	if (call->callers == CALL_NONE)
		return 0;
	memcpy(&bytes, tree->values + call->callers, sizeof(bytes));
	if (bytes > max * sizeof(*addrs))
		bytes = (uint32_t)(max * sizeof(*addrs));
	memcpy(addrs, tree->values + call->callers + sizeof(bytes), bytes);
	return bytes / (uint32_t)sizeof(*addrs);
}

#endif
