/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stats: what is known of all finished calls of one function.
 *
 * The BPF program and user space compile these very lines: no libc, no loop. All times are nanoseconds.
 *
 * Durations are counted in buckets, eight to each power of two:
 *
 *     index   0 ..   7     8 ..  15    16 ..  23    24 ..  31   ...   312 .. 319
 *     from    0 ..   7     8 ..  15    16 ..  30    32 ..  60         2^41 .. 15 * 2^38
 *     width   1            1           2            4                 2^38
 *
 * so that a bucket is at most an eighth of its lower bound wide. The last one takes all that is longer
 * (from 68 minutes on).
 */
#ifndef FTRACE_STATS_H
#define FTRACE_STATS_H

#include <ftrace/types.h>

#define FT_BUCKETS 320

/* In the key of an entry, beside the site (below 2^20): in which of two turns it was added up. */
#define FT_STATS_TURN (1u << 31)

/* Zeroed: no call yet. 2640 bytes. */
struct ft_stats {
	__ft_u64
		calls; /* finished ones; those that never ended, or of unknown start, are not counted */
	__ft_u64 errors; /* of these, with a last result that is an error and not nil */
	__ft_u64 sum;    /* of all durations: a recursive function's time counts once a level */
	__ft_u64 total;  /* of the outermost calls only: no time counts twice */
	__ft_u64 self;   /* of all durations, without those of the calls counted right below them */
	__ft_u64 min;    /* no meaning while `calls` is 0 */
	__ft_u64 max;
	/* Of `total`, with --waits: on a processor; runnable, waiting or without a processor; in system calls. */
	__ft_u64 run;
	__ft_u64 wait;
	__ft_u64 syscall;
	__ft_u64 buckets[FT_BUCKETS];
};

_Static_assert(sizeof(struct ft_stats) == 2640, "wire size");

/* The bucket of a duration; below FT_BUCKETS. */
static inline __ft_u32 ft_bucket(__ft_u64 ns)
{
	__ft_u64 rest = ns;
	__ft_u32 top = 0, step;

	if (ns < 8)
		return (__ft_u32)ns;
	/* `top` becomes the number of the highest bit that is set. */
	step = (__ft_u32)(rest > 0xffffffff) << 5;
	rest >>= step;
	top |= step;
	step = (__ft_u32)(rest > 0xffff) << 4;
	rest >>= step;
	top |= step;
	step = (__ft_u32)(rest > 0xff) << 3;
	rest >>= step;
	top |= step;
	step = (__ft_u32)(rest > 0xf) << 2;
	rest >>= step;
	top |= step;
	step = (__ft_u32)(rest > 0x3) << 1;
	rest >>= step;
	top |= step;
	top |= (__ft_u32)(rest > 0x1);
	top = (top - 2) * 8 + (__ft_u32)(ns >> (top - 3) & 7);
	return top < FT_BUCKETS ? top : FT_BUCKETS - 1;
}

/* The shortest duration that falls into a bucket. `index` FT_BUCKETS is where a next one would begin. */
static inline __ft_u64 ft_bucket_low(__ft_u32 index)
{
	if (index < 8)
		return index;
	return (8ull | index % 8) << (index / 8 - 1) % 64;
}

#endif
