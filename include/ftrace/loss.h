/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * loss: records that could not be sent, by lane.
 */
#ifndef FTRACE_LOSS_H
#define FTRACE_LOSS_H

#include <ftrace/types.h>

/* Key and value of the `losses` hash. */
struct ft_loss_key {
	__ft_u32 tgid;
	__ft_u32 flags; /* FT_R_STACK, FT_R_THREAD */
	__ft_u64 lane;  /* FT_R_THREAD: the tid */
};

struct ft_loss {
	__ft_u64 first; /* time */
	__ft_u64 last;
	__ft_u64 count;
	__ft_u64
		marks; /* hits of which it is not known: their probe may not have been the one to tell */
	__ft_u64 depth; /* the least of the lost records' */
};

#define FT_LOSSES_MAX 16384

_Static_assert(sizeof(struct ft_loss_key) == 16, "wire size");
_Static_assert(sizeof(struct ft_loss) == 40, "wire size");

#endif
