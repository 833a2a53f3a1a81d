/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stats: the aggregate of --summary=only, added up where calls end; no record is made.
 *
 * One entry per function that was called, by its entry site. Several CPUs add to it at once: each number
 * is exact, though one that is read meanwhile may be ahead of another.
 */
#ifndef FTRACE_STATS_BPF_H
#define FTRACE_STATS_BPF_H

#include "config.bpf.h"

#include <ftrace/stats.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ft_stats);
} stats SEC(".maps");

/* Changes of goroutines' states are recorded, or added up (states.bpf.h). */
const volatile bool states_kept = false;

/* Bit 31 of the keys of what is added up from now on: user space takes what has the other, and turns it. */
__u32 stats_turn = 0;

static const volatile struct ft_stats no_calls = {.min = ~0ull};

/* Of a call that is over. */
#define STATS_ERROR     0x01 /* its error result is not nil */
#define STATS_RECURSIVE 0x02 /* it was not the outermost open call of its function */

/* Others may change it between the look and the exchange, though hardly often. */
#define EXCHANGES 8

static __always_inline void keep_least(__u64 *to, __u64 value)
{
	for (int i = 0; i < EXCHANGES; i++) {
		__u64 old = *(volatile __u64 *)to;

		if (value >= old || __sync_val_compare_and_swap(to, old, value) == old)
			return;
	}
}

static __always_inline void keep_most(__u64 *to, __u64 value)
{
	for (int i = 0; i < EXCHANGES; i++) {
		__u64 old = *(volatile __u64 *)to;

		if (value <= old || __sync_val_compare_and_swap(to, old, value) == old)
			return;
	}
}

/* A call that is over, of the function that `site` begins. */
struct ended_call {
	__u64 took;
	__u64 self;
	__u64 wait, syscall; /* of `took` */
	__u32 site;
	__u32 flags; /* STATS_* */
};

/* The outermost call's. */
static __always_inline void stats_count_times(struct ft_stats *s, const struct ended_call *call)
{
	__u64 away = call->wait + call->syscall;

	__sync_fetch_and_add(&s->wait, call->wait);
	__sync_fetch_and_add(&s->syscall, call->syscall);
	__sync_fetch_and_add(&s->run, away < call->took ? call->took - away : 0);
}

/* Not static: so the verifier looks at it once, and not again for every way that leads here, which are hundreds of
 * thousands of instructions. */
__noinline int stats_count(struct ended_call *call)
{
	struct ft_stats *s;
	__u32 bucket, site, flags;
	__u64 took;

	if (!call)
		return 0;
	took = call->took;
	flags = call->flags;
	bucket = ft_bucket(took);
	site = call->site;
	site |= *(volatile __u32 *)&stats_turn & FT_STATS_TURN;
	s = bpf_map_lookup_elem(&stats, &site);
	if (!s) {
		bpf_map_update_elem(&stats, &site, (const void *)&no_calls, BPF_NOEXIST);
		s = bpf_map_lookup_elem(&stats, &site);
	}
	if (!s || bucket >= FT_BUCKETS)
		return 0;
	__sync_fetch_and_add(&s->calls, 1);
	if (flags & STATS_ERROR)
		__sync_fetch_and_add(&s->errors, 1);
	__sync_fetch_and_add(&s->sum, took);
	if (!(flags & STATS_RECURSIVE))
		__sync_fetch_and_add(&s->total, took);
	if (states_kept && !(flags & STATS_RECURSIVE))
		stats_count_times(s, call);
	__sync_fetch_and_add(&s->self, call->self);
	__sync_fetch_and_add(&s->buckets[bucket], 1);
	keep_least(&s->min, took);
	keep_most(&s->max, took);
	return 0;
}

#endif
