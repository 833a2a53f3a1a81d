/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stacks: calls added up by what they were called from: a tree of functions, for formats that know stacks and no times.
 *
 *     [0] main.main          self 10
 *     [1]   main.handle      self 30      caller 0
 *     [2]     main.store     self 60      caller 1
 *
 * The self time of a call is its duration without those of the calls right below it. Of a call whose duration is not known it is 0;
 * what it called counts all the same. Memory is bounded by the number of different stacks.
 */
#ifndef FTRACE_SINK_STACKS_H
#define FTRACE_SINK_STACKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "call/tree.h"

#define STACK_ROOT UINT32_MAX

struct stack_sum {
	uint64_t calls;
	uint64_t self;    /* ns */
	uint64_t running; /* of it, where that is known */
	uint64_t waiting; /* likewise: what text calls WAIT */
};

struct stack_node {
	uint32_t func;   /* id in the catalog */
	uint32_t caller; /* index of its caller's node, or STACK_ROOT */
	uint64_t goid;   /* 0 unless stacks are kept apart by it */
	struct stack_sum sum;
};

struct stacks {
	struct stack_node *nodes;
	size_t count, cap;
	struct map index; /* {caller, func} and goid -> 1 + node */
	struct map below; /* streamed calls: id -> 1 + index in `sums`, of what ended below it */
	struct stack_sum *sums;
	size_t nsums, capsums;
	uint64_t
		free; /* 1 + the first of `sums` that is free, which has the next one in `calls`; 0: none */
	uint32_t *path; /* of the tree at hand: the node of each call */
	struct stack_sum *ended;
	size_t capcalls;
	bool by_goroutine;
};

void stacks_release(struct stacks *stacks);

/* A tree that is whole, or one call of a streamed tree that has ended. 0 or -ENOMEM. */
int stacks_add_tree(struct stacks *stacks, const struct tree *tree);
int stacks_add_call(struct stacks *stacks, const struct tree *tree, uint32_t call);

#endif
