// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side: one program per kind of site. See include/ftrace/record.h for what they send.
 *
 * Programs may be preempted and may run on several CPUs at once: what they keep between two hits
 * belongs to a goroutine, never to a CPU or a thread.
 */
#include "arch.bpf.h"
#include "births.bpf.h"
#include "callers.bpf.h"
#include "config.bpf.h"
#include "emit.bpf.h"
#include "events.bpf.h"
#include "fetch.bpf.h"
#include "filter.bpf.h"
#include "frames.bpf.h"
#include "goroutine.bpf.h"
#include "ret.bpf.h"
#include "signals.bpf.h"
#include "states.bpf.h"
#include "syscalls.bpf.h"
#include "turn.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

/* A goroutine that --goid does not want. Whom a scheduler's stack works for is known when a call begins
 * there; where records are sent, user space sees to it. */
static __always_inline bool is_unwanted(const struct where *w, bool begins)
{
	__u64 goid = w->lane;

	if (!filter_goids)
		return false;
	if (w->flags & (FT_R_STACK | FT_R_THREAD)) {
		if (!summing || !begins)
			return false;
		goid = current_goroutine(w);
	}
	return !bpf_map_lookup_elem(&goids, &goid);
}

/* Where nothing may wait for memory to come back, nobody knows whose hit it is: a record that cannot be handed
 * over. Where that may be, what is not there even then is no g: a thread that is not Go's. */
static __always_inline bool is_away(struct where *w, __u32 kind)
{
	if (can_fault || !(w->flags & AWAY))
		return false;
	count_loss(w, kind, bpf_ktime_get_ns());
	return true;
}

/* The thread's scratch, where the site has values; else NULL. */
static __always_inline struct ft_scratch *scratch_for(__u64 cookie)
{
	if (!values_kept || !(FT_COOKIE_FLAGS(cookie) & FT_C_FETCH))
		return NULL;
	return get_scratch();
}

/*
 * Whether the function's filter lets the call go by, which is looked at before anything else is read:
 * a call that does not pass is as if it were not there. Leaves the scratch with the operands in it,
 * NULL where these could not be read: then user space decides.
 */
static __always_inline bool passes(struct pt_regs *ctx, __u64 cookie, const struct where *w,
				   struct ft_scratch **scratch)
{
	*scratch = scratch_for(cookie);
	if (*scratch && !fetch_operands(ctx, w, FT_COOKIE_SITE(cookie), *scratch))
		*scratch = NULL;
	return !filter_out(w, FT_COOKIE_SITE(cookie), *scratch);
}

static __always_inline void fill_entry(struct ft_entry *e, struct pt_regs *ctx, __u64 caller,
				       const struct where *w)
{
	e->caller = caller - regs_ip(ctx);
	e->g = w->g;
	e->curg = w->flags ? current_goroutine(w) : 0;
}

/* An entry with values: put together in the thread's scratch, since its size varies. */
static __always_inline void emit_entry_values(struct pt_regs *ctx, __u64 cookie, struct where *w,
					      __u64 caller, __u64 time, struct ft_scratch *scratch,
					      __u32 size)
{
	size = bounded(size, FT_VALUES_MAX) + sizeof(struct ft_entry);
	fill_record(&scratch->entry.r, w, FT_COOKIE_SITE(cookie), FT_ENTRY, size, time);
	scratch->entry.r.flags |= FT_R_VALUES;
	fill_entry(&scratch->entry, ctx, caller, w);
	if (bpf_ringbuf_output(&ring, &scratch->entry, size, BPF_RB_NO_WAKEUP))
		count_loss(w, FT_ENTRY, time);
}

static __always_inline void emit_entry(struct pt_regs *ctx, __u64 cookie, struct where *w,
				       __u64 caller, __u64 time)
{
	struct ft_entry *e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);

	if (!e) {
		count_loss(w, FT_ENTRY, time);
		return;
	}
	fill_record(&e->r, w, FT_COOKIE_SITE(cookie), FT_ENTRY, sizeof(*e), time);
	fill_entry(e, ctx, caller, w);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

static __always_inline void emit_exit_values(__u64 cookie, struct where *w, __u64 time,
					     struct ft_scratch *scratch, __u32 size)
{
	struct ft_record *r = (void *)scratch->bytes - sizeof(*r);

	size = bounded(size, FT_VALUES_MAX) + sizeof(*r);
	fill_record(r, w, FT_COOKIE_SITE(cookie), FT_EXIT, size, time);
	r->flags |= FT_R_VALUES;
	if (bpf_ringbuf_output(&ring, r, size, BPF_RB_NO_WAKEUP))
		count_loss(w, FT_EXIT, time);
}

/*
 * A call begins, at *time, which this fills: false when nothing of it is to be recorded, its end neither. All but the
 * filter of a function is asked before anything is read for a call.
 */
static __always_inline bool record_entry(struct pt_regs *ctx, __u64 cookie, struct where *w,
					 __u64 *time)
{
	struct ft_scratch *scratch = NULL;
	bool filtered = filters_kept && FT_COOKIE_FLAGS(cookie) & FT_C_FILTER;
	enum verdict verdict = SEND;
	__u64 caller = 0;
	__u32 size = 0;

	if (!find_where(ctx, cookie, w) || is_away(w, FT_ENTRY))
		return false;
	/* What is not wanted takes its time all the same. */
	if (budgeted)
		count_hit(cookie);
	if (is_unwanted(w, true))
		return false;
	if (filtered && !passes(ctx, cookie, w, &scratch))
		return false;
	sure_of_cpu();
	*time = bpf_ktime_get_ns();
	if (frames_kept)
		verdict = frames_enter(w, cookie, *time);
	if (verdict == CUT || summing)
		return true;
	if (read_return_address(ctx, &caller))
		caller = regs_ip(ctx);
	if (callers_kept && (verdict == SEND_ROOT || callers_always))
		emit_callers(ctx, w, FT_COOKIE_SITE(cookie), caller, *time);
	if (births_kept)
		emit_origin(ctx, cookie, w, *time);
	if (!filtered)
		scratch = scratch_for(cookie);
	if (scratch)
		size = filtered ? fetch_rest(ctx, scratch)
				: fetch_values(ctx, w, FT_COOKIE_SITE(cookie), scratch);
	if (size && scratch)
		emit_entry_values(ctx, cookie, w, caller, *time, scratch, size);
	else
		emit_entry(ctx, cookie, w, caller, *time);
	return true;
}

SEC("uprobe.multi")
int ftrace_entry(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};
	__u64 time;

	stay_on_thread_stack();
	if (enabled && goes_the_way(ctx, cookie) &&
	    (!budgeted || takes_its_turn(ctx, cookie, FT_ENTRY, &w)))
		record_entry(ctx, cookie, &w, &time);
	return 0;
}

static __always_inline bool is_error(const struct pt_regs *ctx, __u64 cookie)
{
	__u32 reg = FT_COOKIE_ERROR(cookie);

	return reg && regs_result(ctx, reg - 1);
}

static __always_inline void record_end(struct pt_regs *ctx, __u64 cookie, struct where *w,
				       __u64 time)
{
	struct ft_scratch *scratch;
	__u32 size = 0;

	if (frames_kept &&
	    frames_exit(w, cookie, time, summing && is_error(ctx, cookie) ? STATS_ERROR : 0) == CUT)
		return;
	if (summing)
		return;
	if (births_kept)
		emit_origin(ctx, cookie, w, time);
	scratch = scratch_for(cookie);
	if (scratch)
		size = fetch_values(ctx, w, FT_COOKIE_SITE(cookie), scratch);
	if (size && scratch)
		emit_exit_values(cookie, w, time, scratch, size);
	else
		emit_plain(w, FT_COOKIE_SITE(cookie), FT_EXIT, time);
}

static __always_inline void record_exit(struct pt_regs *ctx, __u64 cookie, struct where *w)
{
	if (!find_where(ctx, cookie, w) || is_away(w, FT_EXIT) || is_unwanted(w, false))
		return;
	if (filters_kept && FT_COOKIE_FLAGS(cookie) & FT_C_FILTER && was_filtered_out(w))
		return;
	sure_of_cpu();
	record_end(ctx, cookie, w, bpf_ktime_get_ns());
}

/* Where another program has carried out the `ret` before, SP goes back for a while: frames and values
 * are found by it. */
static __always_inline enum ret_state before_ret(struct pt_regs *ctx, __u64 cookie)
{
	enum ret_state state = RET_UNKNOWN;

	if (registers_writable)
		state = ret_state(ctx, cookie);
	if (registers_writable && state == RET_DONE)
		ret_undo_stack(ctx);
	return state;
}

static __always_inline void behind_ret(struct pt_regs *ctx, enum ret_state state)
{
	if (registers_writable && state == RET_DONE)
		ret_redo_stack(ctx);
	if (emulate_ret && state == RET_AHEAD)
		carry_out_ret(ctx);
}

SEC("uprobe.multi")
int ftrace_exit(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};
	enum ret_state state;

	stay_on_thread_stack();
	if (!enabled || !goes_the_way(ctx, cookie) ||
	    (budgeted && !takes_its_turn(ctx, cookie, FT_EXIT, &w)))
		return 0;
	state = before_ret(ctx, cookie);
	record_exit(ctx, cookie, &w);
	behind_ret(ctx, state);
	return 0;
}

/* Both ends of a call at once: the site of its end is the one behind that of its entry. */
SEC("uprobe.multi")
int ftrace_leaf(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};
	enum ret_state state;
	__u64 time = 0;

	stay_on_thread_stack();
	if (!enabled || (budgeted && !takes_its_turn(ctx, cookie, FT_ENTRY, &w)))
		return 0;
	state = before_ret(ctx, cookie);
	if (record_entry(ctx, cookie, &w, &time))
		record_end(ctx, cookie + 1, &w, time);
	behind_ret(ctx, state);
	return 0;
}

static __always_inline void end_deeper(struct where *w, __u64 cookie, __u32 kind)
{
	__u64 time = bpf_ktime_get_ns();

	if (is_unwanted(w, false))
		return;
	if (frames_kept)
		frames_drop(w, time);
	if (!summing)
		emit_plain(w, FT_COOKIE_SITE(cookie), kind, time);
}

/* runtime.gobuf, the first three words (Go's src/runtime/runtime2.go). */
struct gobuf {
	__u64 sp;
	__u64 pc;
	__u64 g;
};

/* On the scheduler's stack, about to go on in the frame that recovered. runtime.gogo is assembly of
 * ABI0: its argument, the gobuf, lies on the stack. */
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
	if (read_user(&at, sizeof(at), regs_outgoing(ctx)) || read_user(&buf, sizeof(buf), at) ||
	    read_user(head, sizeof(head), buf.g)) {
		count_loss(&w, FT_RECOVER, bpf_ktime_get_ns());
		return 0;
	}
	w.g = buf.g;
	w.goid = read_goid(head, buf.g, image->goid);
	w.lane = w.goid;
	w.flags = 0;
	w.depth = head[G_STACK_HI] - buf.sp;
	end_deeper(&w, cookie, FT_RECOVER);
	return 0;
}

SEC("uprobe.multi")
int ftrace_goexit(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};

	stay_on_thread_stack();
	if (!enabled || !find_where(ctx, cookie, &w) || is_away(&w, FT_GOEXIT))
		return 0;
	w.depth = 0;
	end_deeper(&w, cookie, FT_GOEXIT);
	return 0;
}

/* Nothing recovered: the frames stay as they are, and the process ends. */
SEC("uprobe.multi")
int ftrace_panic(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};

	stay_on_thread_stack();
	if (!enabled || summing || !find_where(ctx, cookie, &w) || is_away(&w, FT_PANIC) ||
	    is_unwanted(&w, false))
		return 0;
	emit_plain(&w, FT_COOKIE_SITE(cookie), FT_PANIC, bpf_ktime_get_ns());
	return 0;
}

/*
 * The kernel's signal led here: the stack is as if the code that touched what is not there had called it, and SP
 * was one word above.
 */
SEC("uprobe.multi")
int ftrace_fault(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct where w = {};
	__u64 words[2];
	struct ft_fault *f;
	__u64 time;

	stay_on_thread_stack();
	if (!enabled || !find_where(ctx, cookie, &w) || is_away(&w, FT_FAULT) ||
	    is_unwanted(&w, false))
		return 0;
	time = bpf_ktime_get_ns();
	if (read_user(words, sizeof(words), regs_sp(ctx))) {
		count_loss(&w, FT_FAULT, time);
		return 0;
	}
	f = bpf_ringbuf_reserve(&ring, sizeof(*f), 0);
	if (!f) {
		count_loss(&w, FT_FAULT, time);
		return 0;
	}
	fill_record(&f->e.r, &w, FT_COOKIE_SITE(cookie), FT_FAULT, sizeof(*f), time);
	fill_entry(&f->e, ctx, words[1], &w);
	f->pc = words[0] - regs_ip(ctx);
	bpf_ringbuf_submit(f, BPF_RB_NO_WAKEUP);
	return 0;
}

/* Not a hit: one that finds no room is not among the lost records. User space learns of the end of
 * what it started or was pointed at by itself, too. */
static __always_inline void emit_process(__u32 kind, __u64 lane)
{
	struct where w = {.flags = FT_R_THREAD, .lane = lane};
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
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 tgid, tid;

	(void)ctx;
	if (calls_kept)
		call_execs();
	/* Until it has a call open again nobody knows what it runs. */
	if (marks_kept && current_ids(&tgid, &tid))
		bpf_map_delete_elem(&running, &tgid);
	emit_process(FT_EXEC, (__u64)BPF_CORE_READ(task, mm, exe_file, f_inode));
	return 0;
}

SEC("raw_tp/sched_process_exit")
int ftrace_proc_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx->args[0];

	/* The last thread: nothing of this process comes after this record. */
	if (BPF_CORE_READ(task, signal, live.counter) == 0)
		emit_process(FT_PROC_EXIT, 0);
	return 0;
}
