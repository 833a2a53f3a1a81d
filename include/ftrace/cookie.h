/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cookie: what the attach cookie of a probe says of its site: all that the program must know of it, so that
 * no map is looked up on a hit.
 *
 *   63     56 55    54     48 47     40 39     32 31                 0
 *  +---------+-------+--------+---------+---------+--------------------+
 *  |  error  | round |  cond  |  flags  |  image  |  index of the site |
 *  +---------+-------+--------+---------+---------+--------------------+
 */
#ifndef FTRACE_COOKIE_H
#define FTRACE_COOKIE_H

#include <ftrace/types.h>

#define FT_COOKIE(site, image, flags, cond, error)                              \
	((__ft_u64)(site) | (__ft_u64)(image) << 32 | (__ft_u64)(flags) << 40 | \
	 (__ft_u64)(cond) << 48 | (__ft_u64)(error) << 56)
#define FT_COOKIE_SITE(c)  ((__ft_u32)(c))
#define FT_COOKIE_IMAGE(c) ((__ft_u32)((c) >> 32 & 0xff))
#define FT_COOKIE_FLAGS(c) ((__ft_u32)((c) >> 40 & 0xff))
#define FT_COOKIE_COND(c)  ((__ft_u32)((c) >> 48 & 0x7f))

/* Where probes are taken off while others stay, the others are attached anew, in the other round, before
 * the old ones go: both are hit then, and only the round whose turn it is makes records. */
#define FT_COOKIE_ROUND(c) ((__ft_u32)((c) >> 55 & 1))
#define FT_ROUND(round)    ((__ft_u64)(round) << 55)
/* In `turn`, beside the coming round: the old probes go, and every hit counts as a lost record. */
#define FT_TURN_CHANGING 2

/* The site's own code proves that the register in which Go keeps g holds the current one there (Go's
 * abi-internal.md). */
#define FT_C_G_IN_REG 0x01
/* The site is a conditional jump; a hit counts only when its condition `cond`, by the
 * architecture's own number, is false (at the
 * jump to morestack) ... */
#define FT_C_IF_NOT 0x02
/* ... or only when it is true (a conditional jump out of the function). */
#define FT_C_IF 0x04
/* A fetch program belongs to the site: read values (fetch_start[], by site). */
#define FT_C_FETCH 0x08
/* The site is a plain return that the program may carry out itself. */
#define FT_C_RET 0x10
/* The function has a filter that is decided at entry (filters[], by site): an entry is tested, and an
 * exit is not sent when its entry was not. */
#define FT_C_FILTER 0x20
/* The function is one of -D: its outermost calls are roots. */
#define FT_C_DRILL 0x40
/* An entry that runs again for the same call, behind morestack. */
#define FT_C_REPEAT 0x80

/* At a ret: the register that holds the first word of the last result, which is an error (nil: 0), as
 * 1 + FT_REG_*; 0 when there is none, or it is not in a register. */
#define FT_COOKIE_ERROR(c) ((__ft_u32)((c) >> 56))
/* At a place that changes a goroutine's state the same bits are its number among those of the image (states.h). */
#define FT_COOKIE_STATE(c) FT_COOKIE_ERROR(c)
/* Where a goroutine has been made they are the register that points to it: FT_REG_*. */
#define FT_COOKIE_NEW(c) FT_COOKIE_ERROR(c)

#endif
