/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter: where the filter of a site begins, and which calls did not pass theirs.
 */
#ifndef FTRACE_FILTER_H
#define FTRACE_FILTER_H

#include <ftrace/types.h>

/* Which tests (decide.h) belong to an entry site. */
struct ft_filter {
	__ft_u32 first; /* index of test 0 in `tests` */
	__ft_u32 texts; /* index of text 0 in `texts` */
	__ft_u16 count; /* of tests; 0: every call passes */
	__ft_u16 start; /* the test to begin with, or FT_ACCEPT or FT_REJECT */
	__ft_u32 pad;
};

_Static_assert(sizeof(struct ft_filter) == 16, "wire size");

/* The frame of a call that did not pass its filter; both words 0: none. */
struct ft_frame_name {
	__ft_u64 place; /* depth, FT_R_* flags, upper bits of the tgid; bit 63 set */
	__ft_u64 lane;  /* FT_R_THREAD: the tid; lower bits of the tgid */
};

/* Rejected calls that are open at once have so many places, and a frame so many of them to choose from;
 * beyond these calls are sent, and user space decides. */
#define FT_REJECTED_WAYS 4
#define FT_REJECTED_BITS 14

struct ft_rejected {
	struct ft_frame_name at[FT_REJECTED_WAYS];
};

_Static_assert(sizeof(struct ft_rejected) == 16 * FT_REJECTED_WAYS, "wire size");

#endif
