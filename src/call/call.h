/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call: one call of one function, as sinks get it in a tree.
 *
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef FTRACE_CALL_CALL_H
#define FTRACE_CALL_CALL_H

#include <stdbool.h>
#include <stdint.h>

#define CALL_NONE UINT32_MAX

enum call_end {
	CALL_OPEN,    /* still running when tracing stopped; also: not over yet */
	CALL_RETURN,  /* a ret of its own */
	CALL_TAIL,    /* a jump out of it */
	CALL_UNWOUND, /* panic, recover or Goexit took the frame away */
	CALL_EXIT,    /* the process ended first */
	CALL_LOST,    /* its exit record is among the lost ones */
};

#define CALL_APPROXIMATE  0x01 /* `end` is the moment that showed it to be over */
#define CALL_ENTRY_UNSEEN 0x02 /* no start, no duration, no arguments, no caller */
#define CALL_PANIC \
	0x04 /* CALL_UNWOUND: by a panic that was recovered; else the process died of one in it */
#define CALL_GOEXIT     0x08 /* CALL_UNWOUND: by runtime.Goexit */
#define CALL_STREAMED   0x10 /* written by itself when it ended */
#define CALL_ENTRY_LOST 0x40 /* with CALL_ENTRY_UNSEEN: its entry may be among lost records */
#define CALL_ENTERED    0x20 /* streamed calls: the sink was told that it began */
#define CALL_FAILED \
	0x80 /* it returned an error, or a panic took it away; only where that is asked for */
#define CALL_FAILED_IN 0x100 /* it, or a call below it, did */
#define CALL_ERROR \
	0x200 /* its last result is an error that is not nil; only where that is asked for */
#define CALL_CUT_FROM 0x400 /* it began before the time that is asked for ... */
#define CALL_CUT_TO   0x800 /* ... it ended after it */

struct call {
	uint64_t start;
	uint64_t
		end; /* valid unless how is OPEN or LOST, or the entry was not seen; EXIT: when that was known, or 0 */
	uint64_t
		caller; /* where it was made: return address as a vaddr of its executable; 0: not known */
	uint64_t
		id; /* from 1 in the order in which calls are handed on; of streamed ones given at entry; 0: not yet */
	uint32_t func;    /* id in the catalog */
	uint32_t parent;  /* index in the tree, or CALL_NONE */
	uint32_t level;   /* 0 for a root; traced and shown frames only */
	uint32_t tid;     /* thread at entry */
	uint32_t args;    /* the tree's source's: where its bytes of the entry are, or CALL_NONE */
	uint32_t results; /* the same of the exit */
	uint32_t callers; /* the same of the callers; CALL_NONE: none are shown */
	uint8_t how;      /* enum call_end */
	uint8_t pad;
	uint16_t flags; /* CALL_* */
};

/* What a goroutine does at a time, one of them at any time. */
enum call_state {
	STATE_RUNNING,  /* on a processor */
	STATE_OFFCPU,   /* the kernel had given its thread's processor to something else */
	STATE_RUNNABLE, /* no P took it */
	STATE_WAITING,  /* parked */
	STATE_SYSCALL,  /* in a system call that the runtime knows of */
	STATES
};

/* Where the time of a call went: ns, which add up to its duration. */
struct call_times {
	uint64_t ns[STATES];
	bool known; /* all of it */
};

/* What it did not run. */
static inline uint64_t call_times_wait(const struct call_times *times)
{
	return times->ns[STATE_OFFCPU] + times->ns[STATE_RUNNABLE] + times->ns[STATE_WAITING];
}

/* Whether `end` is valid, the call having been seen to begin. */
static inline bool call_is_timed(const struct call *call)
{
	return call->how == CALL_RETURN || call->how == CALL_TAIL || call->how == CALL_UNWOUND;
}

#endif
