/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record: what the BPF programs send.
 *
 * Records travel in one ring buffer, in the order in which they were reserved. Each starts with
 * struct ft_record; what follows depends on its kind.
 */
#ifndef FTRACE_RECORD_H
#define FTRACE_RECORD_H

#include <ftrace/types.h>

enum ft_kind {
	FT_ENTRY = 1,   /* struct ft_entry */
	FT_EXIT = 2,    /* struct ft_record: a ret, or a jump out (the site tells which) */
	FT_RECOVER = 3, /* struct ft_record: recover; `depth` is that of the frame which goes on */
	FT_GOEXIT = 4,  /* struct ft_record: runtime.Goexit has run all defers */
	FT_EXEC = 5, /* struct ft_record: process `tgid` runs another program now, whose path leads
	                 * to the inode at the kernel's address `lane` */
	FT_PROC_EXIT = 6, /* struct ft_record: process `tgid` has ended */
	FT_CALLERS = 7,   /* struct ft_callers: of the FT_ENTRY of the same lane that follows */
	FT_FAULT = 8,     /* struct ft_fault: code touched memory that is not there, and panics */
	/* Of marks.h: */
	FT_STATE = 9,
	FT_OFFCPU = 10,
	FT_SYSCALL = 11,
	FT_SIGNAL = 12,
	FT_EVENT = 13,
	FT_BIRTH = 14,
	FT_PANIC = 15, /* struct ft_record: a panic that nothing recovered: the process ends */
	FT_ORIGIN = 16, /* of marks.h */
	FT_KINDS = 17,
};

/* Which lane a record belongs to: that of goroutine `lane`, unless ... */
#define FT_R_STACK  0x01 /* goid 0: `lane` is the address of the scheduler's g */
#define FT_R_THREAD 0x02 /* SP is outside g's stack, or no g: the thread's own lane; `lane` 0 */
#define FT_R_VALUES 0x04 /* values follow the fixed part */

struct ft_record {
	__ft_u64 time;
	__ft_u32 site; /* index of the site; 0 for FT_EXEC, FT_PROC_EXIT */
	__ft_u16 size; /* of the whole record in bytes */
	__ft_u8 kind;  /* enum ft_kind */
	__ft_u8 flags; /* FT_R_* */
	__ft_u32 tgid; /* as ftrace's own PID namespace has it */
	__ft_u32 tid;
	__ft_u64 lane;  /* goid, or as flags say */
	__ft_u64 depth; /* stack.hi - SP in bytes; FT_R_THREAD: FT_THREAD_TOP - SP */
	__ft_u32 epoch; /* changes whenever a record of any lane was lost */
	__ft_u32 pad;
};

#define FT_THREAD_TOP 0x0000800000000000ull

struct ft_entry {
	struct ft_record r;
	__ft_s64
		caller; /* return address minus the address of the probed instruction; 0: unreadable */
	__ft_u64 g;     /* address of the g struct, 0 when there is none */
	__ft_u64 curg; /* FT_R_STACK, FT_R_THREAD: goid of the user goroutine served, or 0 */
};

/* Depth is that of runtime.sigpanic0, which looks as if the code at `pc` had called it. */
struct ft_fault {
	struct ft_entry
		e; /* caller: the word above, which is the return address where that code has no frame */
	__ft_s64 pc; /* minus the address of the probed instruction */
};

#define FT_CALLERS_MAX 64

/* The callers of a root call, innermost first. The record has room for as many as were asked for. */
struct ft_callers {
	struct ft_record r;
	__ft_u32 count;
	__ft_u32 pad;
	__ft_s64 callers[]; /* return addresses minus the address of the probed instruction */
};

_Static_assert(sizeof(struct ft_record) == 48, "wire size");
_Static_assert(sizeof(struct ft_entry) == 72, "wire size");
_Static_assert(sizeof(struct ft_fault) == 80, "wire size");
_Static_assert(sizeof(struct ft_callers) == 56, "wire size");

#endif
