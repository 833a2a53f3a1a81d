/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * narrow: what is left of a whole tree when calls are left out of it: a forest, as one array.
 *
 *     calls[0]  main.serve            the first root
 *     calls[1]    main.query
 *     calls[2]  main.log              level 0: the next one
 *
 * Roots keep their order, and stand together with what is below them.
 */
#ifndef FTRACE_CALL_NARROW_H
#define FTRACE_CALL_NARROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/select.h"
#include "call/tree.h"

/* What is known of a call of the tree that is narrowed. */
struct verdict {
	uint64_t last; /* when it ended, or what is known of that */
	uint32_t near; /* its nearest caller that is shown; CALL_NONE */
	uint32_t level;
	uint32_t at; /* 1 + where it is among what is left; 0: it is not */
	uint8_t is;  /* narrow.c */
};

struct narrowing {
	struct tree tree; /* what is left; calls with CALL_FAILED_IN where --errors is to know */
	size_t next_mark; /* the first one that narrow_part() did not give */
	struct verdict *verdicts;
	size_t capverdicts;
};

void narrow_release(struct narrowing *narrowing);

/* Fills narrowing->tree, which is good until the next time, and as long as `tree`. 0 or -ENOMEM. `until`: calls that began
 * later are not there either. */
int narrow(struct narrowing *narrowing, const struct select_config *config, const struct tree *tree,
	   uint64_t until);

/* Whether something from `first` to `last` lies in the time that is asked for. */
static inline bool narrow_is_in_time(const struct select_config *config, uint64_t first,
				     uint64_t last)
{
	return last >= config->from && first <= config->to;
}

/* When a call ended, so far as it is known; `latest`: the latest time known of what it called. */
uint64_t narrow_last(const struct call *call, uint64_t latest);

/* CALL_CUT_* of a call that ended then. */
uint16_t narrow_cut(const struct select_config *config, const struct call *call, uint64_t last);

/* Whether it returned an error that is not nil, or a panic took it away. */
bool narrow_has_failed(const struct tree *tree, const struct call *call);

static inline bool narrow_is_short(const struct select_config *config, const struct call *call)
{
	return call_is_timed(call) && !(call->flags & CALL_ENTRY_UNSEEN) &&
	       (call->end < call->start || call->end - call->start < config->calls.min_duration);
}

/*
 * The tree of root call `first`, its marks counted from itself; returns where the next one begins. In order of calls.
 * The marks before it that stand in no call come out of narrow_mark() before.
 */
size_t narrow_part(struct narrowing *narrowing, size_t first, struct tree *part);

/* The next mark that stands before root call `first` (all calls: behind all) and in no call; NULL: there is none. */
const struct mark *narrow_mark(struct narrowing *narrowing, size_t first);

#endif
