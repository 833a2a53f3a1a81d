/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/held.h"

#include "trace/lane.h"
#include "trace/span.h"
#include "trace/tally.h"
#include "trace/waits.h"

static void take_out(struct held *held, struct lane *lane)
{
	struct holding *h = &lane->holding;

	*(h->older ? &h->older->holding.newer : &held->oldest) = h->newer;
	*(h->newer ? &h->newer->holding.older : &held->newest) = h->older;
	h->older = h->newer = NULL;
}

static void put_last(struct held *held, struct lane *lane)
{
	struct holding *h = &lane->holding;

	h->older = held->newest;
	*(held->newest ? &held->newest->holding.newer : &held->oldest) = lane;
	held->newest = lane;
}

static uint64_t held_bytes(const struct lane *lane)
{
	const struct tree *tree = &lane->tree;

	return tree->ncalls * (sizeof(*tree->calls) + (tree->times ? sizeof(*tree->times) : 0)) +
	       tree->nvalues + tree->nmarks * sizeof(*tree->marks) +
	       (lane->tally ? lane->tally->count * sizeof(*lane->tally->waiting) : 0);
}

/* What an array that grows by doubling has not used yet does not count: nobody has touched it. */
static uint64_t array_bytes(size_t cap, size_t count, size_t elem)
{
	return (cap <= LANE_KEPT || lane_has_spare(cap, count) ? cap : count) * elem;
}

static uint64_t all_bytes(const struct lane *lane)
{
	const struct tree *tree = &lane->tree;

	return sizeof(*lane) + array_bytes(lane->capframes, lane->nframes, sizeof(*lane->frames)) +
	       array_bytes(lane->capspans, lane->nframes, sizeof(*lane->spans)) +
	       array_bytes(tree->capcalls, tree->ncalls, sizeof(*tree->calls)) +
	       (tree->times ? array_bytes(tree->capcalls, tree->ncalls, sizeof(*tree->times)) : 0) +
	       array_bytes(tree->capvalues, tree->nvalues, 1) +
	       array_bytes(tree->capmarks, tree->nmarks, sizeof(*tree->marks)) +
	       (lane->tally
			? sizeof(*lane->tally) + array_bytes(lane->tally->cap, lane->tally->count,
							     sizeof(*lane->tally->waiting))
			: 0) +
	       (lane->waits ? sizeof(*lane->waits) : 0) +
	       (lane->callers ? sizeof(*lane->callers) : 0) + (lane->due ? sizeof(*lane->due) : 0);
}

void held_update(struct held *held, struct lane *lane)
{
	struct holding *h = &lane->holding;
	const struct tree *tree = &lane->tree;
	bool holds = tree->ncalls && !lane->streaming;
	uint32_t calls = holds ? (uint32_t)tree->ncalls : 0;
	uint32_t bytes = holds ? (uint32_t)held_bytes(lane) : 0;
	uint32_t open = (uint32_t)(all_bytes(lane) - bytes);
	uint32_t since = holds ? (uint32_t)tree->calls[0].start : 0;

	/* One event may end a root and begin the next. */
	if (h->calls && (!holds || h->since != since))
		take_out(held, lane);
	if (holds && (!h->calls || h->since != since))
		put_last(held, lane);
	held->calls += (uint64_t)calls - h->calls;
	held->bytes += (uint64_t)bytes - h->bytes;
	held->open += (uint64_t)open - h->open;
	h->since = since;
	h->calls = calls;
	h->bytes = bytes;
	h->open = open;
}

void held_forget(struct held *held, struct lane *lane)
{
	struct holding *h = &lane->holding;

	if (h->calls)
		take_out(held, lane);
	held->calls -= h->calls;
	held->bytes -= h->bytes;
	held->open -= h->open;
	*h = (struct holding){0};
}
