/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * states: what a goroutine does, as g.atomicstatus has it, and what a program must know of a place that changes it.
 *
 * Source: Go's src/runtime/runtime2.go (_Gidle and what follows), the same numbers from 1.19 to 1.27; the two last
 * are of 1.26 and 1.27.
 */
#ifndef FTRACE_STATES_H
#define FTRACE_STATES_H

#include <ftrace/types.h>

enum ft_goroutine_state {
	FT_G_IDLE = 0,
	FT_G_RUNNABLE = 1,
	FT_G_RUNNING = 2,
	FT_G_SYSCALL = 3,
	FT_G_WAITING = 4,
	FT_G_DEAD = 6,
	FT_G_COPYSTACK = 8, /* it runs, and its stack is copied: records call it FT_G_RUNNING */
	FT_G_PREEMPTED = 9, /* stopped itself, since another goroutine asked for that */
	FT_G_LEAKED = 10,
	FT_G_DEADEXTRA = 11,
	FT_G_STATES = 12,
};

/* Beside a state: its stack is being looked through, which changes nothing else. */
#define FT_G_SCAN 0x1000

/* Places of one executable. Go 1.19 to 1.27 have 5 to 11, 15 without optimization. */
#define FT_STATE_SITES 32

/* In ft_state_site.from and .to: no register, but the state itself in the low bits. */
#define FT_STATE_CONST 0x80

/* A place where the word of a goroutine's state is exchanged: what the registers hold where the probe stands. By
 * image, and the number in the cookie (cookie.h, FT_COOKIE_STATE). */
struct ft_state_site {
	__ft_u8 g;       /* FT_REG_* with an address in the goroutine's struct ... */
	__ft_u8 from;    /* the old state: FT_REG_*, or FT_STATE_CONST */
	__ft_u8 to;      /* the new one: likewise */
	__ft_u8 ahead;   /* it is not exchanged yet: it will be, when the word is `from` */
	__ft_u32 offset; /* ... so far from its beginning */
	/* From the probed instruction to the end of the packages that wake goroutines for others (waker frames of marks.h):
	 * code from there on is certainly of none of them. */
	__ft_s64 outside;
};

_Static_assert(sizeof(struct ft_state_site) == 16, "wire size");

#endif
