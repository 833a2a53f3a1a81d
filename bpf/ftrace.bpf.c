// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side: one program per kind of site. See include/ftrace/abi.h for what they send.
 *
 * Programs may be preempted and may run on several CPUs at once: they keep nothing between two hits,
 * neither per CPU nor per thread.
 */
#include "config.bpf.h"
#include "emit.bpf.h"
#include "fetch.bpf.h"
#include "goroutine.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* Whether an x86 condition code holds (Intel SDM volume 1, appendix B). */
static __always_inline bool condition_holds(__u32 cond, __u64 flags)
{
	bool cf = flags & 0x1, pf = flags & 0x4, zf = flags & 0x40;
	bool sf = flags & 0x80, of = flags & 0x800;
	bool holds;

	switch (cond >> 1) {
	case 0:
		holds = of;
		break;
	case 1:
		holds = cf;
		break;
	case 2:
		holds = zf;
		break;
	case 3:
		holds = cf || zf;
		break;
	case 4:
		holds = sf;
		break;
	case 5:
		holds = pf;
		break;
	case 6:
		holds = sf != of;
		break;
	default:
		holds = zf || sf != of;
	}
	return holds != (cond & 1);
}

/* A conditional jump is a site for one of its two ways only. */
static __always_inline bool goes_the_way(struct pt_regs *ctx, __u64 cookie)
{
	__u32 flags = FT_COOKIE_FLAGS(cookie);

	if (!(flags & (FT_C_IF | FT_C_IF_NOT)))
		return true;
	return condition_holds(FT_COOKIE_COND(cookie), ctx->flags) == !!(flags & FT_C_IF);
}

static __always_inline void fill_entry(struct ft_entry *e, struct pt_regs *ctx, __u64 caller,
				       const struct where *w)
{
	e->caller = caller - ctx->ip;
	e->g = w->g;
	e->curg = w->flags ? current_goroutine(w) : 0;
}

/* An entry with values: put together in the thread's scratch, since its size varies. */
static __always_inline bool entry_with_values(struct pt_regs *ctx, __u64 cookie, struct where *w,
					      __u64 caller, __u64 time)
{
	struct scratch *scratch = get_scratch();
	__u32 size;

	if (!scratch)
		return false;
	size = fetch_values(ctx, w, FT_COOKIE_SITE(cookie), scratch);
	if (!size || size > FT_VALUES_MAX)
		return false;
	size += sizeof(struct ft_entry);
	fill_record(&scratch->entry.r, w, FT_COOKIE_SITE(cookie), FT_ENTRY, size, time);
	scratch->entry.r.flags |= FT_R_VALUES;
	fill_entry(&scratch->entry, ctx, caller, w);
	if (bpf_ringbuf_output(&ring, &scratch->entry, size, BPF_RB_NO_WAKEUP))
		count_loss(w, FT_ENTRY, time);
	return true;
}

static __always_inline bool exit_with_values(struct pt_regs *ctx, __u64 cookie, struct where *w,
					     __u64 time)
{
	struct scratch *scratch = get_scratch();
	struct ft_record *r;
	__u32 size;

	if (!scratch)
		return false;
	size = fetch_values(ctx, w, FT_COOKIE_SITE(cookie), scratch);
	if (!size || size > FT_VALUES_MAX)
		return false;
	size += sizeof(*r);
	r = (void *)scratch->bytes - sizeof(*r);
	fill_record(r, w, FT_COOKIE_SITE(cookie), FT_EXIT, size, time);
	r->flags |= FT_R_VALUES;
	if (bpf_ringbuf_output(&ring, r, size, BPF_RB_NO_WAKEUP))
		count_loss(w, FT_EXIT, time);
	return true;
}

SEC("uprobe.multi")
int ftrace_entry(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};
	struct ft_entry *e;
	__u64 caller = 0;
	__u64 time;

	stay_on_thread_stack();
	if (!enabled || !goes_the_way(ctx, cookie) || !find_where(ctx, cookie, &w))
		return 0;
	if (bpf_probe_read_user(&caller, sizeof(caller), (void *)ctx->sp))
		caller = ctx->ip;
	time = bpf_ktime_get_ns();
	if (FT_COOKIE_FLAGS(cookie) & FT_C_FETCH && entry_with_values(ctx, cookie, &w, caller, time))
		return 0;
	e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);
	if (!e) {
		count_loss(&w, FT_ENTRY, time);
		return 0;
	}
	fill_record(&e->r, &w, FT_COOKIE_SITE(cookie), FT_ENTRY, sizeof(*e), time);
	fill_entry(e, ctx, caller, &w);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	return 0;
}

SEC("uprobe.multi")
int ftrace_exit(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};

	stay_on_thread_stack();
	if (!enabled || !goes_the_way(ctx, cookie) || !find_where(ctx, cookie, &w))
		return 0;
	if (FT_COOKIE_FLAGS(cookie) & FT_C_FETCH &&
	    exit_with_values(ctx, cookie, &w, bpf_ktime_get_ns()))
		return 0;
	emit_plain(&w, FT_COOKIE_SITE(cookie), FT_EXIT);
	return 0;
}

/* runtime.gobuf, the first three words (Go's src/runtime/runtime2.go). */
struct gobuf {
	__u64 sp;
	__u64 pc;
	__u64 g;
};

/* On the scheduler's stack, about to go on in the frame that recovered. runtime.gogo is assembly of
 * ABI0: its argument, the gobuf, lies where sp points. */
SEC("uprobe.multi")
int ftrace_recover(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct ft_image *image = &images[FT_COOKIE_IMAGE(cookie) & (FT_MAX_IMAGES - 1)];
	struct where w = {};
	struct gobuf buf;
	__u64 head[G_WORDS];
	__u64 at;

	stay_on_thread_stack();
	if (!enabled || !find_where(ctx, cookie, &w))
		return 0;
	if (bpf_probe_read_user(&at, sizeof(at), (void *)ctx->sp) ||
	    bpf_probe_read_user(&buf, sizeof(buf), (void *)at) ||
	    bpf_probe_read_user(head, sizeof(head), (void *)buf.g))
		return 0;
	w.g = buf.g;
	w.goid = read_goid(head, buf.g, image->goid);
	w.lane = w.goid;
	w.flags = 0;
	w.depth = head[G_STACK_HI] - buf.sp;
	emit_plain(&w, FT_COOKIE_SITE(cookie), FT_RECOVER);
	return 0;
}

SEC("uprobe.multi")
int ftrace_goexit(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};

	stay_on_thread_stack();
	if (!enabled || !find_where(ctx, cookie, &w))
		return 0;
	emit_plain(&w, FT_COOKIE_SITE(cookie), FT_GOEXIT);
	return 0;
}

/* Not a hit: one that finds no room is not among the lost records. User space learns of the end of
 * what it started or was pointed at by itself, too. */
static __always_inline void emit_process(__u32 kind)
{
	struct where w = {.flags = FT_R_THREAD};
	struct ft_record *r;

	if (!enabled || !current_ids(&w.tgid, &w.tid))
		return;
	r = bpf_ringbuf_reserve(&ring, sizeof(*r), 0);
	if (!r)
		return;
	fill_record(r, &w, 0, kind, sizeof(*r), bpf_ktime_get_ns());
	bpf_ringbuf_submit(r, BPF_RB_NO_WAKEUP);
}

SEC("raw_tp/sched_process_exec")
int ftrace_exec(void *ctx)
{
	(void)ctx;
	emit_process(FT_EXEC);
	return 0;
}

SEC("raw_tp/sched_process_exit")
int ftrace_proc_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx->args[0];

	/* The last thread: nothing of this process comes after this record. */
	if (BPF_CORE_READ(task, signal, live.counter) == 0)
		emit_process(FT_PROC_EXIT);
	return 0;
}
