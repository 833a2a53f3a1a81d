/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * goroutine: whose call it is, and how deep its stack pointer stands.
 *
 * g is in its register where the site's own code proves it, else the word at thread pointer + image.tls. One read of the head
 * of g gives the stack bounds and, in all known layouts, goid.
 *
 * Source: Go's src/runtime/runtime2.go (g, m).
 */
#ifndef FTRACE_GOROUTINE_BPF_H
#define FTRACE_GOROUTINE_BPF_H

#include "arch.bpf.h"
#include "config.bpf.h"

#include <bpf/bpf_core_read.h>

#include <ftrace/cookie.h>

/* The head of g in words. */
#define G_WORDS    (FT_G_HEAD / 8)
#define G_STACK_LO (FT_G_STACK_LO / 8)
#define G_STACK_HI (FT_G_STACK_HI / 8)

/* Beside FT_R_*, and in no record: g, or where it stands, cannot be read. No field of its own, since kernels before
 * 6.13 have 512 bytes of stack for all, which newer compilers use up. */
#define AWAY 0x100

struct where {
	__u64 g;
	__u64 lane;
	__u64 depth;
	__u64 goid; /* of g, whatever lane it is */
	__u32 tgid;
	__u32 tid;
	__u32 flags; /* FT_R_STACK, FT_R_THREAD, AWAY */
	__u32 m_offset;
	__u32 curg_offset;
	__u32 goid_offset;
};

/* A conditional jump is a site for one of its two ways only. */
static __always_inline bool goes_the_way(struct pt_regs *ctx, __u64 cookie)
{
	__u32 flags = FT_COOKIE_FLAGS(cookie);

	if (!(flags & (FT_C_IF | FT_C_IF_NOT)))
		return true;
	return condition_holds(ctx, FT_COOKIE_COND(cookie)) == !!(flags & FT_C_IF);
}

static __always_inline bool current_ids(__u32 *tgid, __u32 *tid)
{
	if (pidns_ino) {
		struct bpf_pidns_info ns = {};

		if (bpf_get_ns_current_pid_tgid(pidns_dev, pidns_ino, &ns, sizeof(ns)))
			return false;
		*tgid = ns.tgid;
		*tid = ns.pid;
	} else {
		struct task_struct *task = bpf_get_current_task_btf();

		*tgid = task->tgid;
		*tid = task->pid;
	}
	if (filter_group && bpf_current_task_under_cgroup(&group, 0) != 1)
		return false;
	if (filter_pids && !bpf_map_lookup_elem(&pids, tgid))
		return false;
	return true;
}

static __always_inline __u64 read_goid(const __u64 *head, __u64 g, __u32 offset)
{
	__u64 goid = 0;

	if (offset == FT_G_GOID)
		return head[FT_G_GOID / 8];
	if (offset == FT_G_GOID_SHIFTED)
		return head[FT_G_GOID_SHIFTED / 8];
	read_user(&goid, sizeof(goid), g + offset);
	return goid;
}

/* Of task_struct's flags (include/linux/sched.h). */
#define PF_FORKNOEXEC 0x40

/*
 * A vfork child, which runs on its parent's memory and goroutine until it calls exec. Threads have the flag, too, as
 * everything that was never executed. The pointer is read as memory: of one that is followed the verifier wants
 * to know whether it is safe, and looks through all names of the kernel's BTF four times
 * (btf_nested_type_is_trusted()), two milliseconds for each program.
 */
static __always_inline bool is_vfork_child(struct task_struct *task)
{
	return task->pid == task->tgid && task->flags & PF_FORKNOEXEC &&
	       BPF_CORE_READ(task, vfork_done);
}

/* Before the runtime has given the first thread its TLS, the thread pointer is 0, and there is no g.
 *
 * False when the hit is not one to record: another process, or a vfork child. */
static __always_inline bool look_where(struct pt_regs *ctx, __u64 cookie, struct where *w)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct ft_image *image = &images[FT_COOKIE_IMAGE(cookie) & (FT_MAX_IMAGES - 1)];
	__u64 head[G_WORDS];
	__u64 g = 0;
	bool there = true;

	if (is_vfork_child(task) || !current_ids(&w->tgid, &w->tid))
		return false;
	if (FT_COOKIE_FLAGS(cookie) & FT_C_G_IN_REG)
		g = regs_g(ctx);
	else
		there = !thread_pointer(task) ||
			!read_user(&g, sizeof(g), thread_pointer(task) + image->tls);
	w->flags = FT_R_THREAD;
	w->g = g;
	w->lane = 0;
	w->goid = 0;
	w->depth = FT_THREAD_TOP - regs_sp(ctx);
	w->m_offset = image->m;
	w->curg_offset = image->curg;
	w->goid_offset = image->goid;
	if (!g || read_user(head, sizeof(head), g)) {
		if (g || !there)
			w->flags |= AWAY;
		w->g = 0;
		return true;
	}
	w->goid = read_goid(head, g, image->goid);
	if (regs_sp(ctx) <= head[G_STACK_LO] || regs_sp(ctx) > head[G_STACK_HI])
		return true;
	w->depth = head[G_STACK_HI] - regs_sp(ctx);
	w->flags = w->goid ? 0 : FT_R_STACK;
	w->lane = w->goid ? w->goid : g;
	return true;
}

/* `word`, of which the verifier no longer knows what it is: it would follow all that comes for each of several numbers by
 * itself. `other` may be any. */
static __always_inline __u64 unknown(__u64 word, __u64 other)
{
	asm volatile("%[word] ^= %[other]\n"
		     "%[word] ^= %[other]"
		     : [word] "+r"(word)
		     : [other] "r"(other));
	return word;
}

static __always_inline bool find_where(struct pt_regs *ctx, __u64 cookie, struct where *w)
{
	bool found = look_where(ctx, cookie, w);

	w->flags = unknown(w->flags, regs_sp(ctx));
	w->goid = unknown(w->goid, regs_sp(ctx));
	w->g = unknown(w->g, regs_sp(ctx));
	return found;
}

/* The goroutine that a scheduler's stack or a signal handler works for. */
static __always_inline __u64 current_goroutine(const struct where *w)
{
	__u64 m = 0, curg = 0, goid = 0;

	if (w->goid || !w->g)
		return w->goid;
	if (read_user(&m, sizeof(m), w->g + w->m_offset) || !m)
		return 0;
	if (read_user(&curg, sizeof(curg), m + w->curg_offset) || !curg)
		return 0;
	read_user(&goid, sizeof(goid), curg + w->goid_offset);
	return goid;
}

#endif
