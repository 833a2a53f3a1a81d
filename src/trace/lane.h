/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lane: one goroutine of one process (or one scheduler's stack, or one thread) and its shadow stack.
 *
 *     lane.frames[]      every traced frame that is on the goroutine's stack, outermost first
 *     lane.tree.calls[]  what of it is shown, in pre-order; a frame knows its call
 *
 * Lanes belong to their table. One without frames holds nothing and is recycled sooner or later. A process
 * knows its own, so that its end takes no look at those of others.
 */
#ifndef FTRACE_TRACE_LANE_H
#define FTRACE_TRACE_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/loss.h>
#include <ftrace/record.h>

#include "base/map.h"
#include "call/tree.h"
#include "trace/held.h"

struct frame {
	uint64_t depth;      /* stack.hi - SP at entry, bytes */
	uint64_t start;      /* ns */
	uint32_t func;       /* index in plan->funcs */
	uint32_t call;       /* index in the lane's tree, CALL_NONE when it is not shown */
	uint32_t near;       /* of the nearest shown call: this one, a caller, or CALL_NONE */
	uint32_t epoch;      /* the record's */
	uint32_t values;     /* bytes of the tree's values when it began */
	uint32_t doubt : 29; /* records lost since, of which one was at its depth or above */
	bool met : 1;        /* it passed a --when when it began */
	bool hidden : 1;     /* nothing at or below it is shown (--sample passed its root over) */
	bool drilled : 1;    /* at or below a -D function */
};

struct lane_waits;
struct span;
struct tally;

/* In the key of a lane: below it the process, from it on the kind of stack (FT_R_STACK, FT_R_THREAD). */
#define LANE_KIND_SHIFT 32

struct traced_process {
	struct process process;
	uint64_t roots;     /* seen so far, for --sample */
	uint64_t last_loss; /* time of the newest lost record of this process, 0 */
	struct lane *lanes; /* all of its own */
	bool foreign;       /* not one to trace */
	bool renewed;       /* runs another program since: to be identified anew */
};

/* What -s shows above a root call, sent before its entry. */
struct callers_seen {
	uint64_t time; /* of the entry that it belongs to */
	uint32_t count;
	uint64_t addrs[FT_CALLERS_MAX]; /* vaddrs */
};

struct lane {
	struct map_key key;
	struct traced_process *owner;
	struct lane *next,
		*before; /* of the same owner; `next` of a recycled one: of the table's free ones */
	struct tree tree;
	struct frame *frames;
	uint32_t nframes, capframes; /* 32 bits, since 100 000 lanes may be open */
	struct span *spans; /* one beside each frame, see span.h; NULL without statistics */
	uint64_t g;         /* address of the g struct, 0 when unknown */
	uint64_t last;      /* time of the newest record */
	struct ft_loss
		*due; /* lost records that no record of this lane has come behind yet, or NULL */
	struct callers_seen *callers; /* of the entry that comes next, or NULL */
	struct lane_waits *waits;     /* waits.h; NULL without --waits */
	struct tally *tally;    /* what waits for --errors to decide, or NULL; tally.c's own */
	struct holding holding; /* held.c's own */
	uint32_t capspans;      /* likewise */
	bool streaming;         /* the open root's calls are written as they end */
	bool leaving;           /* what was held of it is just being written */
};

/* Lanes that were found lately are found again without the map: a few goroutines take turns. */
#define LANES_RECENT 64

struct lanes {
	struct map map;                    /* key -> struct lane * */
	struct lane *recent[LANES_RECENT]; /* each at the place that its key gives it, or NULL */
	struct lane *spare;
	size_t nspare;
	struct held held; /* by all of them */
};

/* Whether it is a goroutine's: neither a scheduler's stack nor a thread's own. */
static inline bool lane_is_goroutine(const struct lane *lane)
{
	return !(lane->key.a >> LANE_KIND_SHIFT);
}

/* Of a record: process, kind of stack, goid (or address, or thread). */
struct map_key lane_key(uint32_t tgid, uint32_t flags, uint64_t lane, uint32_t tid);

/* The lane of `key`, made when it was not there; NULL when memory is out. */
struct lane *lanes_get(struct lanes *lanes, struct map_key key);

/* Whose lane it is. */
void lane_own(struct lane *lane, struct traced_process *owner);

/* The lane of `key`, or NULL. */
struct lane *lanes_find(const struct lanes *lanes, struct map_key key);

/* Recycles lanes without frames when there are many; `busy` is the number of those with frames. No
 * pointer to a lane survives it. */
void lanes_settle(struct lanes *lanes, size_t busy);

/* Recycles one lane. */
void lanes_drop(struct lanes *lanes, struct lane *lane);

/* Recycles all lanes without frames. No pointer to one of them survives it. */
void lanes_drop_empty(struct lanes *lanes);

/* Arrays beyond this many elements are given back when their lane is recycled. */
#define LANE_KEPT 64

/* Whether an array with room for `cap` elements has come down from what it was once. */
static inline bool lane_has_spare(size_t cap, size_t count)
{
	return cap > LANE_KEPT && cap / 2 > count;
}

/* The next frame, of which nothing is set; NULL when memory is out. */
struct frame *lane_push(struct lane *lane);

/* Gives back what the arrays of a lane, or of all lanes, have to spare. */
void lane_fit(struct lane *lane);
void lanes_trim(struct lanes *lanes);

/* All lanes with frames that belong to `owner` (NULL: to anybody), by the start of their outermost
 * frame; the caller frees the array. NULL with *count 0 when there are none or memory is out. */
struct lane **lanes_sorted(const struct lanes *lanes, const struct traced_process *owner,
			   size_t *count);

/* The same, of all processes, by how long no record has come of them, the longest first. */
struct lane **lanes_silent(const struct lanes *lanes, size_t *count);

/* Recycles all lanes of a process that is gone. */
void lanes_forget(struct lanes *lanes, struct traced_process *owner);

void lanes_release(struct lanes *lanes);

#endif
