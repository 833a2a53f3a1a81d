/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signals: those that are delivered to a thread while it runs a traced call.
 *
 * Source: include/trace/events/signal.h (signal_deliver), include/uapi/asm-generic/siginfo.h.
 */
#ifndef FTRACE_SIGNALS_BPF_H
#define FTRACE_SIGNALS_BPF_H

#include "marks.bpf.h"

/* Bits by number. */
const volatile __u64 signals_wanted[2];

/* The head of a kernel_siginfo; what stands in `pid` is a sender for codes that say so. */
struct siginfo_head {
	__s32 number;
	__s32 error;
	__s32 code;
	__s32 pad;
	__s32 pid;
	__s32 uid;
};

SEC("raw_tp/signal_deliver")
int ftrace_signal(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 number = (__u32)ctx->args[0];
	const void *info = (const void *)ctx->args[1];
	struct siginfo_head head = {};
	struct where w = {};
	struct ft_signal *s;
	__u64 time;

	if (number > 64 || !(signals_wanted[number >> 6 & 1] >> (number & 63) & 1) ||
	    !find_open_call(&w))
		return 0;
	time = bpf_ktime_get_ns();
	bpf_probe_read_kernel(&head, sizeof(head), info);
	s = bpf_ringbuf_reserve(&ring, sizeof(*s), 0);
	if (!s) {
		count_loss(&w, FT_SIGNAL, time);
		return 0;
	}
	fill_record(&s->r, &w, 0, FT_SIGNAL, sizeof(*s), time);
	s->number = (__s32)number;
	s->code = head.code;
	s->sender = head.pid;
	s->pad = 0;
	bpf_ringbuf_submit(s, BPF_RB_NO_WAKEUP);
	return 0;
}

#endif
