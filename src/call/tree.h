/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tree: one root call of one goroutine with everything traced below it, in pre-order:
 *
 *     calls[0]  main.doSomething      parent NONE  level 0
 *     calls[1]    main.add            parent 0     level 1
 *     calls[2]    main.(*Student).String     0           1
 *
 * A subtree is a contiguous run, so dropping a call with all below it is cutting the array. Trees belong to whoever
 * made them (the tracer's to their lane) and are valid only during the sink's call.
 *
 * What is not in the array comes from the tree's source, on demand: what was read of a call, and who called it.
 */
#ifndef FTRACE_CALL_TREE_H
#define FTRACE_CALL_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/caller.h"
#include "call/goroutine.h"
#include "call/mark.h"
#include "call/process.h"
#include "call/value.h"

/* Of a root call, at most. */
#define TREE_CALLERS_MAX 64

struct tree;

/*
 * Whoever makes trees puts this into a struct of its own. What it returns is good until it is asked again, and no
 * longer than the tree. NULL: nothing is known, or nothing is to be shown.
 */
struct tree_source {
	const struct values *(*args)(struct tree_source *source, const struct tree *tree,
				     const struct call *call);
	const struct values *(*results)(struct tree_source *source, const struct tree *tree,
					const struct call *call);
	/* Where the call was made, by call->caller: the innermost frame, others behind it. */
	const struct caller *(*caller)(struct tree_source *source, const struct call *call);
	/* Of a root call: what is `i` frames of machine code above it, with all that is inlined there; 0 is where it
	 * was called. NULL ends them. */
	const struct caller *(*callers)(struct tree_source *source, const struct tree *tree,
					const struct call *call, uint32_t i);
	/* What the mark does not say itself; NULL: nothing. */
	const struct mark_detail *(*mark)(struct tree_source *source, const struct tree *tree,
					  const struct mark *mark);
	/* Where the tree's goroutine comes from, by tree->origin; NULL, also in place of the function: that was not recorded. */
	const struct goroutine *(*goroutine)(struct tree_source *source, const struct tree *tree);
};

struct tree {
	const struct process *process;
	struct tree_source *source; /* NULL: nothing more is known of the calls */
	uint64_t goid;              /* 0: a scheduler's stack or a thread without a goroutine */
	uint64_t curg;              /* goid 0: the user goroutine it works for, or 0 */
	uint32_t origin; /* the source's: 1 + where it is known where the goroutine comes from; 0: it is not */
	struct call *calls;
	size_t ncalls, capcalls;
	struct call_times
		*times; /* room for `capcalls`, too; NULL: where time went is not asked for */
	unsigned char *values; /* the source's: bytes of all calls */
	uint32_t nvalues, capvalues;
	struct mark *marks; /* in the order in which they stand */
	size_t nmarks, capmarks;
};

static inline const struct values *tree_args(const struct tree *tree, const struct call *call)
{
	return tree->source ? tree->source->args(tree->source, tree, call) : NULL;
}

static inline const struct values *tree_results(const struct tree *tree, const struct call *call)
{
	return tree->source ? tree->source->results(tree->source, tree, call) : NULL;
}

/* Where the time of a call went, so far as all of it is known; else NULL. */
static inline const struct call_times *tree_times(const struct tree *tree, const struct call *call)
{
	const struct call_times *times = tree->times ? &tree->times[call - tree->calls] : NULL;

	return times && times->known && call_is_timed(call) && !(call->flags & CALL_ENTRY_UNSEEN)
		       ? times
		       : NULL;
}

static inline const struct goroutine *tree_goroutine(const struct tree *tree)
{
	return tree->origin && tree->source && tree->source->goroutine
		       ? tree->source->goroutine(tree->source, tree)
		       : NULL;
}

static inline const struct mark_detail *tree_mark_detail(const struct tree *tree,
							 const struct mark *mark)
{
	return tree && tree->source && tree->source->mark
		       ? tree->source->mark(tree->source, tree, mark)
		       : NULL;
}

#endif
