/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * emit: one record into the ring, or one more loss.
 *
 * No wakeup is ever asked for: the reader looks by itself, since waking it would cost the target
 * several times what the probe does.
 */
#ifndef FTRACE_EMIT_BPF_H
#define FTRACE_EMIT_BPF_H

#include "goroutine.bpf.h"

/* The lane has lost a record (`count` 1), or may have (0). */
static __noinline int mark_loss(struct where *w, __u64 time, __u32 count)
{
	struct ft_loss_key key = {};
	struct ft_loss fresh = {.first = time, .last = time, .count = count, .marks = !count};
	struct ft_loss *loss;

	if (!w)
		return 0;
	fresh.depth = w->depth;
	key.tgid = w->tgid;
	key.flags = w->flags & (FT_R_STACK | FT_R_THREAD);
	key.lane = w->flags & FT_R_THREAD ? w->tid : w->lane;
	loss = bpf_map_lookup_elem(&losses, &key);
	if (!loss) {
		bpf_map_update_elem(&losses, &key, &fresh, BPF_NOEXIST);
	} else {
		__sync_fetch_and_add(count ? &loss->count : &loss->marks, 1);
		loss->last = time;
		/* One goroutine makes its records one after the other. */
		if (w->depth < loss->depth)
			loss->depth = w->depth;
	}
	__sync_fetch_and_add(&epoch, 1);
	return 0;
}

static __always_inline void count_loss(struct where *w, __u32 kind, __u64 time)
{
	__u64 *drop = bpf_map_lookup_elem(&drops, &kind);

	if (drop)
		__sync_fetch_and_add(drop, 1);
	mark_loss(w, time, 1);
}

static __always_inline void fill_record(struct ft_record *r, const struct where *w, __u32 site,
					__u32 kind, __u32 size, __u64 time)
{
	r->time = time;
	r->site = site;
	r->size = size;
	r->kind = kind;
	r->flags = w->flags;
	r->tgid = w->tgid;
	r->tid = w->tid;
	r->lane = w->lane;
	r->depth = w->depth;
	r->epoch = *(volatile __u32 *)&epoch;
	r->pad = 0;
}

static __always_inline void emit_plain(struct where *w, __u32 site, __u32 kind, __u64 time)
{
	struct ft_record *r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);

	if (!r) {
		count_loss(w, kind, time);
		return;
	}
	fill_record(r, w, site, kind, sizeof(*r), time);
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

#endif
