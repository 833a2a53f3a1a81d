/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * states: what goroutines with traced calls open wait for: changes of their states, and the time in which their thread
 * had no processor.
 *
 * Whose state it is the instruction says, not the thread that runs it: one goroutine makes another one runnable, and
 * scheduler's stacks park them.
 *
 * Source: Go's src/runtime/proc.go, runtime2.go (g, m, gobuf), asm_amd64.s (systemstack and mcall save the frame
 * pointer in g.sched); the kernel's include/trace/events/sched.h (sched_switch).
 */
#ifndef FTRACE_STATES_BPF_H
#define FTRACE_STATES_BPF_H

#include "callers.bpf.h"
#include "fetch.bpf.h"
#include "marks.bpf.h"

#include <ftrace/states.h>

/* By image and number of the site. */
struct ft_state_site state_sites[FT_MAX_IMAGES * FT_STATE_SITES];

/* A thread that has no processor, by its number as the kernel has it. */
struct off_cpu {
	__u64 since;
	__u64 lane;
	__u32 tgid;
	__u32 tid;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct off_cpu);
} off_cpus SEC(".maps");

/* How many threads are there, by the low bits of their numbers: most that get a processor are not. */
#define OFF_SLOTS 16384
__u32 off_slots[OFF_SLOTS];

/* Who got this processor last of those that had none, and when. */
struct arrival {
	__u64 time;
	__u32 pid;
	__u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct arrival);
} arrivals SEC(".maps");

/* Of the time from the scheduler's own clock, as it was last seen; 0: not yet. */
__u64 clock_skew;

/* What the struct of a goroutine tells, from its state on. In all known layouts goid is the next word, and the reason why it
 * waits three words further on. */
struct goroutine {
	__u64 words[5];
};

#define GOROUTINE_GOID   8
#define GOROUTINE_REASON 32

static __always_inline bool read_goroutine(struct goroutine *to, __u64 g,
					   const struct ft_image *image)
{
	__u8 reason = 0;

	if (image->goid == image->status + GOROUTINE_GOID &&
	    image->waitreason == image->status + GOROUTINE_REASON)
		return !bpf_probe_read_user(to, sizeof(*to), (void *)(g + image->status));
	if (bpf_probe_read_user(to, sizeof(__u64), (void *)(g + image->status)) ||
	    bpf_probe_read_user(&to->words[1], sizeof(__u64), (void *)(g + image->goid)) ||
	    bpf_probe_read_user(&reason, sizeof(reason), (void *)(g + image->waitreason)))
		return false;
	to->words[4] = reason;
	return true;
}

static __always_inline __u32 plain_state(__u64 word)
{
	__u32 state = (__u32)word & ~FT_G_SCAN;

	return state == FT_G_COPYSTACK ? FT_G_RUNNING : state;
}

/* A state that stands in a register, or in the site itself. */
static __always_inline __u32 operand_state(const struct pt_regs *ctx, __u8 operand)
{
	if (operand & FT_STATE_CONST)
		return plain_state(operand & ~FT_STATE_CONST);
	return plain_state(regs_operand(ctx, operand));
}

/* A thread's own goroutine: that which it runs, or for which it runs on a scheduler's stack. *g is what it runs on. False
 * where that cannot be read; 0: there is none. */
static __always_inline bool read_curg(const struct task_struct *task, const struct ft_image *image,
				      __u64 *g, __u64 *curg)
{
	__u64 m = 0;

	return thread_pointer(task) &&
	       !bpf_probe_read_user(g, sizeof(*g), (void *)(thread_pointer(task) + image->tls)) &&
	       *g && !bpf_probe_read_user(&m, sizeof(m), (void *)(*g + image->m)) && m &&
	       !bpf_probe_read_user(curg, sizeof(*curg), (void *)(m + image->curg));
}

/* Return addresses from a frame pointer on, up to the first that is certainly outside of the runtime. */
static __always_inline __u32 walk_frames(struct ft_state *s, __u64 fp, __u64 ip, __s64 outside)
{
	for (__u32 i = 0; i < FT_WAKER_FRAMES; i++) {
		__u64 pair[2] = {};

		if (!fp || fp & 7 || bpf_probe_read_user(pair, sizeof(pair), (void *)fp) ||
		    !pair[1])
			return i;
		s->frames[i] = (__s64)(pair[1] - ip);
		if (s->frames[i] >= outside || pair[0] <= fp || pair[0] - fp > STACK_MAX)
			return i + 1;
		fp = pair[0];
	}
	return FT_WAKER_FRAMES;
}

/* Who makes a goroutine runnable. On a scheduler's stack its own frames are in g.sched, as they were when it left it. */
static __always_inline void find_waker(struct pt_regs *ctx, const struct ft_image *image,
				       struct ft_state *s, __s64 outside)
{
	__u64 g = 0, curg = 0, fp = regs_fp(ctx);

	if (!read_curg(bpf_get_current_task_btf(), image, &g, &curg))
		return;
	if (!curg) {
		s->flags = FT_WAKER_NOBODY;
		return;
	}
	if (bpf_probe_read_user(&s->waker, sizeof(s->waker), (void *)(curg + image->goid)) ||
	    !s->waker)
		return;
	s->flags = FT_WAKER_GOROUTINE;
	if (curg != g && bpf_probe_read_user(&fp, sizeof(fp), (void *)(curg + image->bp)))
		return;
	s->count = walk_frames(s, fp, regs_ip(ctx), outside);
}

struct state_change {
	__u8 from, to, reason;
};

static __always_inline void fill_state(struct ft_state *s, struct where *w, __u64 cookie,
				       const struct state_change *change, __u64 time)
{
	fill_record(&s->r, w, FT_COOKIE_SITE(cookie), FT_STATE, FT_STATE_SIZE, time);
	s->from = change->from;
	s->to = change->to;
	s->reason = change->reason;
	s->flags = 0;
	s->count = 0;
	s->waker = 0;
}

static __always_inline void emit_state(struct where *w, __u64 cookie,
				       const struct state_change *change, __u64 time)
{
	struct ft_state *s = bpf_ringbuf_reserve(&ring, FT_STATE_SIZE, 0);

	if (!s) {
		count_loss(w, FT_STATE, time);
		return;
	}
	fill_state(s, w, cookie, change, time);
	bpf_ringbuf_submit(s, BPF_RB_NO_WAKEUP);
}

/* With who called the code that does it: one that leaves a system call is told apart from one that yields. */
static __always_inline void emit_yield(struct pt_regs *ctx, struct where *w, __u64 cookie,
				       const struct state_change *change, __u64 time)
{
	const __u32 size = FT_STATE_SIZE + sizeof(__s64);
	struct ft_state *s = bpf_ringbuf_reserve(&ring, size, 0);
	__u64 caller = 0;

	if (!s) {
		count_loss(w, FT_STATE, time);
		return;
	}
	fill_state(s, w, cookie, change, time);
	s->r.size = size;
	s->count = !bpf_probe_read_user(&caller, sizeof(caller),
					(void *)(regs_fp(ctx) + sizeof(__u64)));
	s->frames[0] = (__s64)(caller - regs_ip(ctx));
	bpf_ringbuf_submit(s, BPF_RB_NO_WAKEUP);
}

/* Put together here, since it has as many frames as it takes. */
static __always_inline void emit_wakeup(struct pt_regs *ctx, struct where *w, __u64 cookie,
					const struct state_change *change, __u64 time,
					const struct ft_image *image, __s64 outside)
{
	struct ft_state s = {};

	fill_state(&s, w, cookie, change, time);
	find_waker(ctx, image, &s, outside);
	s.r.size = FT_STATE_SIZE + bounded(s.count, FT_WAKER_FRAMES) * sizeof(s.frames[0]);
	if (bpf_ringbuf_output(&ring, &s, bounded(s.r.size, sizeof(s)), BPF_RB_NO_WAKEUP))
		count_loss(w, FT_STATE, time);
}

/* Whose state is changed, in *w, and how; false when there is nothing to record. */
static __always_inline bool find_change(struct pt_regs *ctx, const struct ft_state_site *site,
					const struct ft_image *image, struct where *w,
					struct state_change *change)
{
	__u64 g = regs_operand(ctx, site->g) - site->offset;
	struct goroutine goroutine = {};
	__u32 from = operand_state(ctx, site->from), to = operand_state(ctx, site->to);

	if (from == to || !*(volatile __u32 *)open_slot(g))
		return false;
	if (is_vfork_child(bpf_get_current_task_btf()) || !current_ids(&w->tgid, &w->tid))
		return false;
	if (!read_goroutine(&goroutine, g, image)) {
		/* Nobody knows whose it was. */
		w->flags = FT_R_THREAD;
		w->depth = FT_NO_DEPTH;
		count_loss(w, FT_STATE, bpf_ktime_get_ns());
		return false;
	}
	if (site->ahead && plain_state(goroutine.words[0]) != from)
		return false;
	set_goroutine(w, goroutine.words[1]);
	change->from = from;
	change->to = to;
	change->reason = to == FT_G_WAITING || to == FT_G_PREEMPTED ? goroutine.words[4] : 0;
	return true;
}

/* The lane of an open call is in another state now. Times in which it ran are what is left of its calls, and are not added
 * up. */
static __always_inline void turn_state(struct ft_chunk *head, __u32 to, __u64 time)
{
	__u32 was = head->state ? head->state : FT_G_RUNNING;

	if (summing && was == FT_G_SYSCALL)
		head->syscall += time - head->since;
	else if (summing && was != FT_G_RUNNING)
		head->wait += time - head->since;
	head->state = to;
	head->since = time;
}

/* What is known of a thread that had no processor: whose goroutine it ran, and since when, or 0; it is forgotten. */
static __always_inline __u64 take_off_cpu(__u32 pid, struct where *w)
{
	struct off_cpu *found;
	__u64 since;

	if (!*(volatile __u32 *)&off_slots[pid & (OFF_SLOTS - 1)])
		return 0;
	found = bpf_map_lookup_elem(&off_cpus, &pid);
	if (!found)
		return 0;
	set_goroutine(w, found->lane);
	w->tgid = found->tgid;
	w->tid = found->tid;
	since = found->since;
	if (bpf_map_delete_elem(&off_cpus, &pid))
		return 0;
	__sync_fetch_and_add(&off_slots[pid & (OFF_SLOTS - 1)], -1);
	return since;
}

/* It has a processor again at `time`. */
static __always_inline void emit_off_cpu(struct where *w, __u64 since, __u64 time)
{
	struct ft_offcpu *o = bpf_ringbuf_reserve(&ring, sizeof(*o), 0);

	if (!o) {
		count_loss(w, FT_OFFCPU, time);
		return;
	}
	fill_record(&o->r, w, 0, FT_OFFCPU, sizeof(*o), time);
	o->since = since;
	bpf_ringbuf_submit(o, BPF_RB_NO_WAKEUP);
}

static __always_inline void add_off_cpu(struct where *w, __u64 since, __u64 time)
{
	struct ft_chunk *head = open_call(w);

	if (head)
		head->wait += time - since;
}

/* By the scheduler's clock; 0 where the kernel was built without. */
static __always_inline __u64 last_arrival(const struct task_struct *task)
{
	return bpf_core_field_exists(task->sched_info) ? task->sched_info.last_arrival : 0;
}

/* A thread that runs and is still said to have no processor: the kernel does not tell of each switch (not of those away from some
 * tasks in some virtual machines). When it was the scheduler knows, by a clock of its own. It is called with much on the stack
 * already, of which kernels before 6.13 have 512 bytes for all: what is on its own is counted. */
static __noinline int mend_off_cpu(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 arrived = clock_skew ? last_arrival(task) + clock_skew : 0, since;
	struct where w = {};

	since = take_off_cpu(task->pid, &w);
	if (!since || !enabled)
		return 0;
	if (arrived - since <= bpf_ktime_get_ns() - since)
		emit_off_cpu(&w, since, arrived);
	else
		count_loss(&w, FT_OFFCPU, bpf_ktime_get_ns());
	return 0;
}

/* To be called at hits, before the time of what they record is taken. Not where calls are added up: there the stack of older
 * kernels has no room for it, and the next switch is soon enough for sums. */
static __always_inline void sure_of_cpu(void)
{
	if (states_kept && !summing &&
	    *(volatile __u32 *)&off_slots[bpf_get_current_task_btf()->pid & (OFF_SLOTS - 1)])
		mend_off_cpu();
}

SEC("uprobe.multi")
int ftrace_state(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u32 number = FT_COOKIE_IMAGE(cookie) * FT_STATE_SITES + FT_COOKIE_STATE(cookie);
	struct ft_state_site *site = &state_sites[number & (FT_MAX_IMAGES * FT_STATE_SITES - 1)];
	struct ft_image *image = &images[FT_COOKIE_IMAGE(cookie) & (FT_MAX_IMAGES - 1)];
	struct state_change change = {};
	struct where w = {};
	struct ft_chunk *head;
	__u64 time;

	stay_on_thread_stack();
	if (!enabled || !goes_the_way(ctx, cookie) || !find_change(ctx, site, image, &w, &change))
		return 0;
	sure_of_cpu();
	head = open_call(&w);
	/* What is ahead and then fails, since the scan bit is set, is tried again: it is the same change. */
	if (!head || (site->ahead && head->state == change.to))
		return 0;
	time = bpf_ktime_get_ns();
	turn_state(head, change.to, time);
	if (summing)
		return 0;
	if (change.from == FT_G_WAITING && change.to == FT_G_RUNNABLE)
		emit_wakeup(ctx, &w, cookie, &change, time, image, site->outside);
	else if (change.from == FT_G_RUNNING && change.to == FT_G_RUNNABLE)
		emit_yield(ctx, &w, cookie, &change, time);
	else
		emit_state(&w, cookie, &change, time);
	return 0;
}

/* Of task_struct's flags (include/linux/sched.h). */
#define PF_EXITING 0x4

/* Whether the current thread runs a goroutine that has a traced call open, which is not in a system call that the runtime
 * knows of, nor parked. */
static __always_inline bool runs_call(struct where *w)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct goroutine goroutine = {};
	const struct ft_image *image;
	const __u32 *exe;
	__u64 g = 0, curg = 0;

	if (task->flags & PF_EXITING || !current_ids(&w->tgid, &w->tid) ||
	    !framed[FT_FRAMED_SLOT(w->tgid)] || is_vfork_child(task))
		return false;
	exe = bpf_map_lookup_elem(&running, &w->tgid);
	if (!exe)
		return false;
	image = &images[*exe & (FT_MAX_IMAGES - 1)];
	if (!read_curg(task, image, &g, &curg) || !curg || !*(volatile __u32 *)open_slot(curg) ||
	    !read_goroutine(&goroutine, curg, image) ||
	    plain_state(goroutine.words[0]) != FT_G_RUNNING)
		return false;
	set_goroutine(w, goroutine.words[1]);
	return has_open_call(w);
}

/* When the thread that leaves got the processor both clocks have: the scheduler notes it behind the tracepoint. */
static __always_inline void compare_clocks(const struct task_struct *task)
{
	__u32 zero = 0;
	struct arrival *last = bpf_map_lookup_elem(&arrivals, &zero);

	if (!last || !last->pid || last->pid != (__u32)task->pid || !last_arrival(task))
		return;
	clock_skew = last->time - last_arrival(task);
	last->pid = 0;
}

static __always_inline void leave_cpu(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct off_cpu off = {};
	struct where w = {};
	__u32 pid = task->pid;

	if (*(volatile __u32 *)&off_slots[pid & (OFF_SLOTS - 1)])
		mend_off_cpu();
	compare_clocks(task);
	if (!runs_call(&w))
		return;
	off.since = bpf_ktime_get_ns();
	off.lane = w.lane;
	off.tgid = w.tgid;
	off.tid = w.tid;
	if (bpf_map_update_elem(&off_cpus, &pid, &off, BPF_NOEXIST))
		count_loss(&w, FT_OFFCPU, off.since);
	else
		__sync_fetch_and_add(&off_slots[pid & (OFF_SLOTS - 1)], 1);
}

static __always_inline void get_cpu(__u32 pid)
{
	struct where w = {};
	struct arrival *last;
	__u64 since, time;
	__u32 zero = 0;

	since = take_off_cpu(pid, &w);
	if (!since || !enabled)
		return;
	time = bpf_ktime_get_ns();
	last = bpf_map_lookup_elem(&arrivals, &zero);
	if (last)
		*last = (struct arrival){.time = time, .pid = pid};
	if (summing)
		add_off_cpu(&w, since, time);
	else
		emit_off_cpu(&w, since, time);
}

/* The memory is still that of the thread that leaves. */
SEC("raw_tp/sched_switch")
int ftrace_switch(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *next = (struct task_struct *)ctx->args[2];

	get_cpu(BPF_CORE_READ(next, pid));
	if (enabled)
		leave_cpu();
	return 0;
}

#endif
