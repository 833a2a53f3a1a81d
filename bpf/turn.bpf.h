/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * turn: whose hit it is while probes are exchanged for fewer ones, and how many there are of each.
 *
 * A hit may meet the old probe on one side of a change of `turn` and the new one on its other side. With
 * a time in between in which neither makes a record, and which lasts until no old program runs any
 * more, none is made twice, and whatever was not recorded is a loss in the lane it belongs to: counted by
 * the new probe, which is to see all that will be recorded, and noted by the old one without a number.
 */
#ifndef FTRACE_TURN_BPF_H
#define FTRACE_TURN_BPF_H

#include "emit.bpf.h"

/* `w` is the caller's, zeroed, since kernels before 6.13 have 512 bytes of stack for all frames. */
static __always_inline bool takes_its_turn(struct pt_regs *ctx, __u64 cookie, __u32 kind,
					   struct where *w)
{
	__u32 now = turn;

	if (now == FT_COOKIE_ROUND(cookie))
		return true;
	if (!(now & FT_TURN_CHANGING) || !find_where(ctx, cookie, w))
		return false;
	if (FT_COOKIE_ROUND(cookie) == (now & 1))
		count_loss(w, kind, bpf_ktime_get_ns());
	else
		mark_loss(w, bpf_ktime_get_ns(), 0);
	return false;
}

static __always_inline void count_hit(__u64 cookie)
{
	__u32 site = FT_COOKIE_SITE(cookie);
	__u64 *count = bpf_map_lookup_elem(&hits, &site);

	if (count)
		__sync_fetch_and_add(count, 1);
}

#endif
