/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * marks: records of what happens inside a traced call and is no call: changes of a goroutine's state, time that its
 * thread had no processor, system calls, signals, events; and the births of goroutines.
 *
 * They are made only for goroutines that have a traced call open (but births), which the kernel side decides. The lane is always
 * a goroutine's: flags are 0 (or as said below). `depth` is FT_NO_DEPTH: it says nothing of any frame.
 */
#ifndef FTRACE_MARKS_H
#define FTRACE_MARKS_H

#include <ftrace/record.h>
#include <ftrace/states.h>

#define FT_NO_DEPTH (~0ull)

/* Return addresses in the code of who made a goroutine runnable, innermost first. */
#define FT_WAKER_FRAMES 16

/* Beside FT_R_* in ft_state.flags: what is known of the waker. */
#define FT_WAKER_GOROUTINE 0x01 /* it is goroutine `waker` ... */
#define FT_WAKER_NOBODY    0x02 /* ... or none: the network poller, a timer, the collector */

/*
 * FT_STATE, from a SITE_STATE: the goroutine of the lane went from state `from` to `to` (enum ft_goroutine_state, never
 * the same; r.tid is the thread that did it, often another one's). A change from running to runnable has one frame, that of who called
 * the code of the site, so far as it can be read; of the others only one from waiting to runnable has frames; what is
 * behind `count` of them is not sent. They end with the first that is certain to be outside of the runtime's packages.
 */
struct ft_state {
	struct ft_record r;
	__ft_u8 from, to;
	__ft_u8 reason; /* g.waitreason, where `to` is waiting; 0 where it cannot be read */
	__ft_u8 flags;  /* FT_WAKER_* */
	__ft_u32 count; /* of frames */
	__ft_u64 waker; /* goid */
	__ft_s64 frames[FT_WAKER_FRAMES]; /* minus the address of the probed instruction */
};
/* Without frames. */
#define FT_STATE_SIZE 64

/* FT_OFFCPU: the thread that ran the goroutine, r.tid, had no processor from `since` to r.time. Its state was running all
 * that time. */
struct ft_offcpu {
	struct ft_record r;
	__ft_u64 since;
};

#define FT_SYSCALL_ARGS 6

/* FT_SYSCALL: ended at r.time. */
struct ft_syscall {
	struct ft_record r;
	__ft_u64 start;
	__ft_s64 result;
	__ft_u32 number;
	__ft_u32 flags; /* FT_SYSCALL_* */
	__ft_u64 args[FT_SYSCALL_ARGS];
	/* What was read of memory and of the task's files follows (syscall_read.h). */
};

#define FT_SYSCALL_OPEN 0x01 /* it does not return, or had not when that was sent: no result, r.time is `start` */

/* FT_SIGNAL: delivered to the thread. */
struct ft_signal {
	struct ft_record r;
	__ft_s32 number;
	__ft_s32 code;   /* si_code */
	__ft_u32 sender; /* si_pid as the receiver's PID namespace has it; 0: none */
	__ft_u32 pad;
};

/* As many as a program at a tracepoint can have (kernel/trace/bpf_trace.c, bpf_trace_run12). */
#define FT_EVENT_ARGS  12
/* Of them, those whose text is read, and how much room there is for each text with its NUL. */
#define FT_EVENT_TEXTS 4
#define FT_EVENT_TEXT  72

enum ft_event_text {
	FT_TEXT_NONE,
	FT_TEXT_STRING, /* what it points to is text: NUL-terminated, cut at the room's end */
	FT_TEXT_TASK,   /* it points to a task: struct ft_event_task */
};

struct ft_event_task {
	char comm[16];
	__ft_u32 pid; /* of the thread, in the first PID namespace */
};

/* What is read of a tracepoint. */
struct ft_event_shape {
	__ft_u32 count; /* of arguments */
	struct {
		__ft_u8 arg;  /* its index */
		__ft_u8 kind; /* enum ft_event_text */
	} texts[FT_EVENT_TEXTS]; /* FT_TEXT_NONE behind the last */
};

/*
 * FT_EVENT: a tracepoint; `event` is its index among those that were asked for. Arguments are words as the kernel passes them:
 * of narrow ones the rest is not defined. Where its shape has texts, FT_EVENT_TEXTS rooms follow.
 */
struct ft_event {
	struct ft_record r;
	__ft_u32 event;
	__ft_u32 read; /* bit N: text N could be read */
	__ft_u64 args[FT_EVENT_ARGS];
};
#define FT_EVENT_WITH_TEXTS (sizeof(struct ft_event) + FT_EVENT_TEXTS * FT_EVENT_TEXT)

/* FT_BIRTH, from a SITE_BIRTH: the goroutine of the lane (a scheduler's stack, FT_R_STACK, that works for none: a timer)
 * made another one. Addresses of code are minus that of the probed instruction. */
struct ft_birth {
	struct ft_record r;
	__ft_u64 child;   /* goid */
	__ft_s64 runs;    /* g.startpc */
	__ft_s64 created; /* g.gopc: where the go statement returns to */
	__ft_s64 called;  /* the function whose closure is the first word that the closure to be run has captured */
};

/* FT_ORIGIN, from a site of a call: what the goroutine of the lane says of itself, before the entry or exit that comes next. */
struct ft_origin {
	struct ft_record r;
	__ft_u64 parent; /* g.parentGoid, 0: none; or FT_NO_PARENT */
	__ft_s64 runs, created; /* as above */
};

/* Go's releases before 1.21 do not say. */
#define FT_NO_PARENT (~0ull)

_Static_assert(sizeof(struct ft_state) == FT_STATE_SIZE + 8 * FT_WAKER_FRAMES, "wire size");
_Static_assert(sizeof(struct ft_offcpu) == 56, "wire size");
_Static_assert(sizeof(struct ft_syscall) == 120, "wire size");
_Static_assert(sizeof(struct ft_signal) == 64, "wire size");
_Static_assert(sizeof(struct ft_event) == 152, "wire size");
_Static_assert(sizeof(struct ft_event_shape) == 12, "wire size");
_Static_assert(sizeof(struct ft_birth) == 80, "wire size");
_Static_assert(sizeof(struct ft_origin) == 72, "wire size");

#endif
