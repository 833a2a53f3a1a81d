/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * callers: the return addresses above a root call, by frame pointers.
 *
 * A site of an entry stands before the function has made its frame: BP is still its caller's, and
 * the return address is where SP points. From there each frame pointer points to the next one, with the
 * return address above it. The chain ends where it leaves the stack it runs on, or does not rise.
 *
 * Source: Go's src/cmd/internal/obj/x86/obj6.go (frame pointers are kept on amd64),
 * src/runtime/tracestack.go (fpTracebackPCs).
 */
#ifndef FTRACE_CALLERS_BPF_H
#define FTRACE_CALLERS_BPF_H

#include "emit.bpf.h"

/* Callers that are sent with a root call, at most FT_CALLERS_MAX; 0: none. */
const volatile __u32 callers_kept = 0;
const volatile __u32 callers_size = 0; /* bytes of the record */
/* User space has the last word on what is a root: with every call. */
const volatile bool callers_always = false;

/* The stack of a goroutine or of a C thread is not larger (Go's maxstacksize on 64 bit). */
#define STACK_MAX (1ull << 30)

static __always_inline void emit_callers(struct pt_regs *ctx, struct where *w, __u32 site,
					 __u64 caller, __u64 time)
{
	struct ft_callers *c = bpf_ringbuf_reserve(&ring, callers_size, 0);
	__u64 low = regs_sp(ctx), fp = regs_fp(ctx);
	__u32 count = 0;

	/* Not a hit: a call whose callers found no room is shown without. */
	if (!c)
		return;
	fill_record(&c->r, w, site, FT_CALLERS, callers_size, time);
	c->pad = 0;
	for (__u32 i = 0; i < FT_CALLERS_MAX && i < callers_kept; i++) {
		__u64 pair[2] = {};

		c->callers[i] = caller - regs_ip(ctx);
		count = i + 1;
		if (fp <= low || fp - low > STACK_MAX || fp & 7 ||
		    bpf_probe_read_user(pair, sizeof(pair), (void *)fp) || !pair[1])
			break;
		low = fp;
		fp = pair[0];
		caller = pair[1];
	}
	c->count = count;
	bpf_ringbuf_submit(c, BPF_RB_NO_WAKEUP);
}

#endif
