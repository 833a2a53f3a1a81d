/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * marks: what is recorded besides calls: what was asked for on the command line, as plan, probe and trace need it.
 *
 * Sets are bits by number. The struct and what it points to belong to whoever made it, and outlive plan and probe.
 */
#ifndef FTRACE_PLAN_MARKS_H
#define FTRACE_PLAN_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of system calls are below it; those of x86-64 end at some 470 (arch/x86/entry/syscalls/syscall_64.tbl). */
#define MARKS_SYSCALLS 512

/* Numbers of signals are below it (_NSIG). */
#define MARKS_SIGNALS 65

/* What an argument of a tracepoint is. */
enum event_arg_kind {
	EVENT_ARG_NUMBER,  /* an integer of `size` bytes, also an enum or bool */
	EVENT_ARG_POINTER, /* and all that has no better name: a word */
	EVENT_ARG_STRING,  /* pointer to text */
	EVENT_ARG_TASK,    /* pointer to a task_struct */
};

struct event_arg {
	char *name;
	uint8_t kind; /* enum event_arg_kind */
	uint8_t size; /* of an integer: 1, 2, 4 or 8 */
	bool is_signed;
	uint8_t text; /* which of the record's texts is its own, or EVENT_NO_TEXT */
};

#define EVENT_NO_TEXT 0xff

/* A tracepoint. */
struct event_type {
	char *name;       /* GROUP:NAME, or NAME where its group is not known */
	const char *point; /* in `name`: as the kernel attaches it */
	struct event_arg *args;
	size_t nargs;  /* FT_EVENT_ARGS at most */
	size_t ntexts; /* FT_EVENT_TEXTS at most */
};

struct marks_wanted {
	bool waits;
	bool goroutines;
	bool syscalls; /* those of `syscall` */
	bool signals;  /* those of `signal` */
	uint64_t syscall[MARKS_SYSCALLS / 64];
	uint64_t signal[(MARKS_SIGNALS + 63) / 64];
	const struct event_type *events; /* records have their indexes */
	size_t nevents;
};

static inline bool marks_has(const uint64_t *set, unsigned int number)
{
	return set[number / 64] >> number % 64 & 1;
}

static inline void marks_add(uint64_t *set, unsigned int number)
{
	set[number / 64] |= 1ull << number % 64;
}

static inline void marks_remove(uint64_t *set, unsigned int number)
{
	set[number / 64] &= ~(1ull << number % 64);
}

/* Whether the kernel side has to know which goroutines have traced calls open. */
static inline bool marks_need_frames(const struct marks_wanted *marks)
{
	return marks->waits || marks->syscalls || marks->signals || marks->nevents;
}

#endif
