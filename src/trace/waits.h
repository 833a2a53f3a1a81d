/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * waits: where the time of calls goes: records of a goroutine's states become its timeline, the times of its calls, and marks
 * for each stretch in which it waited.
 *
 * States of the runtime, and what they count as:
 *
 *     running, its stack being copied           running
 *     runnable; stopped by a preemption         runnable
 *     waiting                                   waiting; runnable where it was only made to yield
 *     syscall                                   syscall
 *
 * Only goroutines have times: of a scheduler's stack and a thread's own nobody tells what they do.
 */
#ifndef FTRACE_TRACE_WAITS_H
#define FTRACE_TRACE_WAITS_H

#include <stdint.h>

#include <ftrace/marks.h>

#include "trace/lane.h"
#include "trace/timeline.h"

/* From parking to running again. */
struct wait {
	uint64_t since;
	uint64_t woken;                   /* 0: not yet */
	uint64_t waker;                   /* goid */
	uint64_t frames[FT_WAKER_FRAMES]; /* vaddrs, of its code */
	uint32_t count;
	uint32_t site;  /* of the record that said who it was */
	uint8_t flags;  /* FT_WAKER_* */
	uint8_t reason; /* of the runtime */
	bool open;
	bool yielded; /* it could have gone on */
};

/* What a lane has with --waits. */
struct lane_waits {
	struct timeline timeline;
	struct wait wait;
};

/* What is kept of a wait in its tree; `count` frames follow, as in struct wait. */
struct wait_kept {
	uint64_t waiting, runnable;
	uint64_t waker;
	uint32_t count;
	uint8_t flags, reason;
	bool yielded, open;
};

#define WAIT_KEPT_MAX (sizeof(struct wait_kept) + FT_WAKER_FRAMES * sizeof(uint64_t))

struct trace;
struct event;

/* The newest frame of the lane has begun, before anything else is done about it. */
void waits_enter(struct trace *trace, struct lane *lane, const struct event *event);

/* Call number `call` of the lane's tree begins; it has ended, at call->end. */
void waits_begin(struct lane *lane, uint32_t call);
void waits_end(const struct trace *trace, struct lane *lane, uint32_t call);

/* Records of the lane were lost up to that time. */
void waits_lose(struct lane *lane, uint64_t until);

/* Nothing comes of the lane any more. */
void waits_close(struct trace *trace, struct lane *lane);

#endif
