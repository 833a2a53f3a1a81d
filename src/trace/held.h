/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * held: how much memory the lanes take, by whom, and whose tree is the oldest.
 *
 *     held   calls of trees that wait for the end of their root, with their values and marks
 *     open   all else that lanes have allocated: what must be remembered of each goroutine inside a traced call
 *            (lane, frames, and of a tree that is streamed the calls that have not ended), and what is spare
 *
 * Both are of the whole trace, not of a lane. What is held can be written at any time, so that no call is lost
 * by it: the oldest trees are streamed first. What is open cannot: beyond its bound lanes are given up.
 *
 * The account is brought up to date lane by lane, after whatever happened in one.
 */
#ifndef FTRACE_TRACE_HELD_H
#define FTRACE_TRACE_HELD_H

#include <stdbool.h>
#include <stdint.h>

struct lane;

/* ftrace(1), --hold: a million calls or 64 MB in all. */
#define HELD_CALLS 1000000ull
#define HELD_BYTES (64ull << 20)
/* Some 450 000 goroutines in a call each; malloc and the map of lanes take as much again. */
#define OPEN_BYTES (128ull << 20)

struct held {
	struct lane *oldest,
		*newest;       /* lanes with a held tree, in the order in which these began */
	uint64_t calls, bytes; /* in all of them */
	uint64_t open;         /* bytes, of all lanes */
};

/* A lane's part of it; zero-initialised is none. 32 bits, since 100 000 lanes may be open: the bounds are far below. */
struct holding {
	struct lane *older, *newer; /* in the order above */
	uint32_t since;             /* the low bits of the start of its tree's root */
	uint32_t calls, bytes, open;
};

/* To be called when anything of the lane may have changed. Takes a step or two, whatever is in the lane. */
void held_update(struct held *held, struct lane *lane);

/* Takes a lane that is to be recycled out of the account. */
void held_forget(struct held *held, struct lane *lane);

#endif
