/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * births: who made which goroutine, and what goroutines say of themselves.
 *
 * A goroutine that makes its first traced call tells who made it, where, and what it runs: it may have begun before tracing. When
 * that was, and in which call, only its birth tells.
 *
 * Source: Go's src/runtime/proc.go (newproc1), runtime2.go (g, gobuf, funcval), sys_x86.go (gostartcall).
 */
#ifndef FTRACE_BIRTHS_BPF_H
#define FTRACE_BIRTHS_BPF_H

#include "marks.bpf.h"
#include "states.bpf.h"

const volatile bool births_kept = false;

/* Goroutines that have told it, by the address of their g; where two share a place one tells it again. */
#define TOLD_BITS 13
__u64 told[1 << TOLD_BITS];

/* The same number in no other goroutine of any process: a program that is run anew has other memory. */
static __always_inline __u64 told_number(__u64 goid)
{
	struct task_struct *task = bpf_get_current_task_btf();

	return ((__u64)BPF_CORE_READ(task, mm) << 20) ^ goid;
}

static __always_inline void fill_origin(struct ft_origin *o, const struct where *w,
					const struct ft_image *image, __u64 ip)
{
	__u64 runs = 0, created = 0;

	o->parent = FT_NO_PARENT;
	if (image->parent &&
	    bpf_probe_read_user(&o->parent, sizeof(o->parent), (void *)(w->g + image->parent)))
		o->parent = FT_NO_PARENT;
	bpf_probe_read_user(&runs, sizeof(runs), (void *)(w->g + image->startpc));
	bpf_probe_read_user(&created, sizeof(created), (void *)(w->g + image->gopc));
	o->runs = (__s64)(runs - ip);
	o->created = (__s64)(created - ip);
}

/* Not a hit: what found no room is told before the next call. */
static __always_inline void emit_origin(struct pt_regs *ctx, __u64 cookie, const struct where *w,
					__u64 time)
{
	__u64 number = told_number(w->goid);
	__u64 *place = &told[w->g * 0x9e3779b97f4a7c15ull >> (64 - TOLD_BITS)];
	struct ft_origin *o;

	if (w->flags || *(volatile __u64 *)place == number)
		return;
	o = bpf_ringbuf_reserve(&ring, sizeof(*o), 0);
	if (!o)
		return;
	fill_record(&o->r, w, FT_COOKIE_SITE(cookie), FT_ORIGIN, sizeof(*o), time);
	fill_origin(o, w, &images[FT_COOKIE_IMAGE(cookie) & (FT_MAX_IMAGES - 1)], regs_ip(ctx));
	bpf_ringbuf_submit(o, BPF_RB_NO_WAKEUP);
	*(volatile __u64 *)place = number;
}

/* Whoever makes one does so on the scheduler's stack; a timer works for nobody there. */
static __always_inline bool find_parent(struct where *w, const struct ft_image *image)
{
	__u64 g = 0, curg = 0, goid = 0;

	w->flags = FT_R_THREAD;
	w->depth = FT_NO_DEPTH;
	if (!read_curg(bpf_get_current_task_btf(), image, &g, &curg) ||
	    (curg && bpf_probe_read_user(&goid, sizeof(goid), (void *)(curg + image->goid))))
		return false;
	if (goid) {
		set_goroutine(w, goid);
	} else {
		w->flags = FT_R_STACK;
		w->lane = g;
	}
	return true;
}

/* What a wrapper of the compiler calls, when that is a closure: `go f(x)` captures f before all else. */
static __always_inline __u64 called_by(__u64 g, const struct ft_image *image)
{
	__u64 words[2] = {}, called = 0;

	if (bpf_probe_read_user(&words[0], sizeof(words[0]), (void *)(g + image->ctxt)) ||
	    bpf_probe_read_user(words, sizeof(words), (void *)words[0]) ||
	    bpf_probe_read_user(&called, sizeof(called), (void *)words[1]))
		return 0;
	return called;
}

SEC("uprobe.multi")
int ftrace_birth(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct ft_image *image = &images[FT_COOKIE_IMAGE(cookie) & (FT_MAX_IMAGES - 1)];
	__u64 g = regs_operand(ctx, FT_COOKIE_NEW(cookie)), child = 0, runs = 0, created = 0;
	__u64 time, ip = regs_ip(ctx);
	struct where w = {};
	struct ft_birth *b;

	stay_on_thread_stack();
	if (!enabled || is_vfork_child(bpf_get_current_task_btf()) ||
	    !current_ids(&w.tgid, &w.tid))
		return 0;
	time = bpf_ktime_get_ns();
	if (!find_parent(&w, image) ||
	    bpf_probe_read_user(&child, sizeof(child), (void *)(g + image->goid)) ||
	    bpf_probe_read_user(&runs, sizeof(runs), (void *)(g + image->startpc)) ||
	    bpf_probe_read_user(&created, sizeof(created), (void *)(g + image->gopc))) {
		count_loss(&w, FT_BIRTH, time);
		return 0;
	}
	b = bpf_ringbuf_reserve(&ring, sizeof(*b), 0);
	if (!b) {
		count_loss(&w, FT_BIRTH, time);
		return 0;
	}
	fill_record(&b->r, &w, FT_COOKIE_SITE(cookie), FT_BIRTH, sizeof(*b), time);
	b->child = child;
	b->runs = (__s64)(runs - ip);
	b->created = (__s64)(created - ip);
	b->called = (__s64)(called_by(g, image) - ip);
	bpf_ringbuf_submit(b, BPF_RB_NO_WAKEUP);
	return 0;
}

#endif
