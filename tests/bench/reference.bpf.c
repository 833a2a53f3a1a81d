/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tracing is held against: programs that trace nothing.
 *
 * `empty`, `empty_enter` and `empty_exit` return at once: what a probe costs before a tracer has done anything. `bare_entry` and
 * `bare_exit` ask the kernel for what no tracer of goroutines can do without, and for nothing else: the
 * head of g, the return address (at an entry), the time, room for a record. They look at nothing, decide
 * nothing and know nothing of losses.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include <ftrace/record.h>

/* Up to goid, as in bpf/goroutine.bpf.h. */
#define G_WORDS   21
#define G_GOID    19
#define NO_WAKEUP 1 /* BPF_RB_NO_WAKEUP */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

SEC("uprobe.multi")
int empty(void *ctx)
{
	return 0;
}

/* At both ends of each system call of the machine. */
SEC("raw_tp/sys_enter")
int empty_enter(void *ctx)
{
	return 0;
}

SEC("raw_tp/sys_exit")
int empty_exit(void *ctx)
{
	return 0;
}

static __always_inline void fill(struct ft_record *r, const struct pt_regs *ctx, const __u64 *head)
{
	struct task_struct *task = bpf_get_current_task_btf();

	r->lane = head[G_GOID];
	r->depth = head[1] - ctx->sp;
	r->tgid = task->tgid;
	r->tid = task->pid;
	r->time = bpf_ktime_get_ns();
}

SEC("uprobe.multi")
int bare_entry(struct pt_regs *ctx)
{
	__u64 head[G_WORDS] = {}, caller = 0;
	struct ft_entry *e;

	bpf_probe_read_user(head, sizeof(head), (void *)ctx->r14);
	bpf_probe_read_user(&caller, sizeof(caller), (void *)ctx->sp);
	e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);
	if (!e)
		return 0;
	fill(&e->r, ctx, head);
	e->r.kind = FT_ENTRY;
	e->caller = caller;
	bpf_ringbuf_submit(e, NO_WAKEUP);
	return 0;
}

SEC("uprobe.multi")
int bare_exit(struct pt_regs *ctx)
{
	__u64 head[G_WORDS] = {};
	struct ft_record *r;

	bpf_probe_read_user(head, sizeof(head), (void *)ctx->r14);
	r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r)
		return 0;
	fill(r, ctx, head);
	r->kind = FT_EXIT;
	bpf_ringbuf_submit(r, NO_WAKEUP);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
