/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * origin: where goroutines come from: records of their births and of their first calls become what a tree's source tells.
 *
 * Of a goroutine that has begun before tracing its g says who made it, where, and what it runs; of others its birth says so, and
 * when that was, and in which call. Each process keeps those of the newest goroutines; a tree has a copy of its own.
 */
#ifndef FTRACE_TRACE_ORIGIN_H
#define FTRACE_TRACE_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "call/goroutine.h"
#include "call/tree.h"
#include "plan/plan.h"
#include "trace/caller.h"

/* Goroutines of which it is known, of all processes. */
#define ORIGINS_MAX 65536

enum origin_known {
	ORIGIN_PLACES = 1, /* the addresses mean something */
	ORIGIN_PARENT = 2,
	ORIGIN_START = 4,
	ORIGIN_INSIDE = 8, /* made in a traced call */
	ORIGIN_LINKED = 16, /* which is known */
};

/* Addresses are vaddrs of the executable; 0: not known. */
struct origin {
	uint64_t parent;
	uint64_t start;
	uint64_t runs, created, called; /* as in struct ft_birth */
	uint64_t call, root_goid, root_start; /* as in struct goroutine */
	uint32_t image;
	uint32_t known; /* enum origin_known */
};

/* Fills *to, good until a place is looked for again; false when nothing is known of the tree's goroutine. */
bool origin_tell(const struct plan *plan, struct callers *callers, const struct tree *tree,
		 struct goroutine *to);

#endif
