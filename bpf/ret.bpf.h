/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ret: carries out the `ret` under a probe, where the kernel lets a program write registers.
 *
 * The kernel would run it out of line and take a second trap behind it; an instruction pointer that
 * has changed tells it that there is nothing left to run. This must be done once, and only for the very
 * instruction that was hit: another program on the same site may have done it before, and IP and SP are
 * then the caller's. So IP is held against the site's address in this process. The kernel is left to it
 * when the processor is to trap behind the instruction (a debugger), when the thread has a shadow
 * stack, which a return has to pop, too, and when the stack cannot be read, or does not hold an
 * address of a program.
 *
 * Sources: kernel/events/uprobes.c, handle_swbp(); fs/binfmt_elf.c (start_code).
 */
#ifndef FTRACE_RET_BPF_H
#define FTRACE_RET_BPF_H

#include "arch.bpf.h"
#include "config.bpf.h"

#include <ftrace/cookie.h>

/* Fixed before load: the kernel refuses a program that could write to its context but may not. */
const volatile bool registers_writable = false;
const volatile bool emulate_ret = false;

/* By index of the site: address of a `ret`, from the first byte of the executable's code. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} rets SEC(".maps");

enum ret_state {
	RET_UNKNOWN, /* not a `ret`, or not in the process's own executable */
	RET_AHEAD,
	RET_DONE, /* by another program on the same site: IP and SP are the caller's */
};

static __always_inline enum ret_state ret_state(struct pt_regs *ctx, __u64 cookie)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 site = FT_COOKIE_SITE(cookie);
	struct mm_struct *mm = task->mm;
	__u64 *from_start, to = 0;

	if (!(FT_COOKIE_FLAGS(cookie) & FT_C_RET) || !mm)
		return RET_UNKNOWN;
	from_start = bpf_map_lookup_elem(&rets, &site);
	if (from_start && regs_ip(ctx) == mm->start_code + *from_start)
		return RET_AHEAD;
	if (read_ret_target(ctx, true, &to) || regs_ip(ctx) != to)
		return RET_UNKNOWN;
	return RET_DONE;
}

static __always_inline void carry_out_ret(struct pt_regs *ctx)
{
	__u64 to;

	if (ret_is_special(ctx, bpf_get_current_task_btf()))
		return;
	if (read_ret_target(ctx, false, &to) || to >> FT_ADDRESS_BITS)
		return;
	ret_execute(ctx, to);
}

#endif
