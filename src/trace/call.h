/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call: what the trace is made of, as sinks get it.
 *
 * A tree is one root call of one goroutine with everything traced below it, in pre-order:
 *
 *     calls[0]  main.doSomething      parent NONE  level 0
 *     calls[1]    main.add            parent 0     level 1
 *     calls[2]    main.(*Student).String     0           1
 *
 * A subtree is a contiguous run, so dropping a call with all below it is cutting the array. Trees
 * belong to their lane and are valid only during the sink's call.
 *
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef FTRACE_TRACE_CALL_H
#define FTRACE_TRACE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

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
#define CALL_PANIC        0x04 /* CALL_UNWOUND: by a panic that was recovered */
#define CALL_GOEXIT       0x08 /* CALL_UNWOUND: by runtime.Goexit */
#define CALL_STREAMED     0x10 /* written by itself when it ended */
#define CALL_ENTRY_LOST   0x40 /* with CALL_ENTRY_UNSEEN: its entry may be among lost records */
#define CALL_ENTERED      0x20 /* streamed calls: the sink was told that it began */

struct call {
	uint64_t start;
	uint64_t end;     /* valid unless how is OPEN, EXIT or LOST, or the entry was not seen */
	uint64_t caller;  /* return address as a vaddr of the function's image; 0 when unknown */
	uint64_t id;      /* streamed calls: given at entry; else 0, the sink counts */
	uint32_t func;    /* index in plan->funcs */
	uint32_t parent;  /* index in the tree, or CALL_NONE */
	uint32_t level;   /* 0 for a root; traced and shown frames only */
	uint32_t tid;     /* thread at entry */
	uint32_t args;    /* offset of the entry's values in tree->values, or CALL_NONE */
	uint32_t results; /* the same for the exit's values */
	uint32_t
		callers; /* the same: return addresses as vaddrs, innermost first; of roots, with -s */
	uint8_t how;     /* enum call_end */
	uint8_t flags; /* CALL_* */
	uint8_t pad[2];
};

struct process {
	uint32_t pid;   /* as ftrace's own PID namespace has it */
	uint32_t nspid; /* as the target's has it, 0 when it is the same */
	uint64_t bias;  /* load bias of the executable */
	uint32_t image; /* index in plan->images */
	char *exe;      /* what /proc/PID/exe said */
	const char *go; /* version, the image's */
	const char *build_id;
	bool whole;     /* traced from its first instruction: no call began before */
	bool announced; /* the sink has it */
};

/* A stretch in which records of a lane were lost. */
struct loss {
	const struct process *process; /* NULL when even that is not known */
	uint32_t pid;
	uint64_t goid; /* 0 with `goid_known` false */
	bool goid_known;
	uint64_t start; /* of the first lost record */
	uint64_t records;
	uint32_t before; /* in a tree: index of the call it stands before, may be tree->ncalls */
};

/* A function whose probes were taken off (--max-overhead). */
struct switched_off {
	uint32_t func; /* index in plan->funcs */
	uint64_t time; /* of the last moment at which it was traced */
	uint64_t rate; /* calls a second before that */
};

struct tree {
	const struct process *process;
	uint64_t goid; /* 0: a scheduler's stack or a thread without a goroutine */
	uint64_t curg; /* goid 0: the user goroutine it works for, or 0 */
	struct call *calls;
	size_t ncalls, capcalls;
	unsigned char *values; /* ft_record value bytes of all calls, see value.h */
	uint32_t nvalues, capvalues;
	struct loss *losses;
	size_t nlosses, caplosses;
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

struct trace_summary {
	uint64_t calls;     /* call lines written; --summary=only: calls counted */
	uint64_t records;   /* read from the ring */
	uint64_t lost;      /* that the kernel could not hand over */
	uint64_t switching; /* of them, while --max-overhead switched functions off */
	uint64_t missed;    /* hits on which the program did not run */
	uint64_t damaged;   /* records that could not be decoded */
	uint64_t skipped;   /* roots passed over by --sample */
	uint64_t unwound;   /* call lines with that end */
	uint64_t open;      /* the same */
	uint64_t duration;  /* ns, from attached to detaching */
	bool sampled;       /* skipped has a meaning */
};

#endif
