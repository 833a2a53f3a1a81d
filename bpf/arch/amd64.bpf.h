/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * amd64: what the programs must know of x86-64: registers, thread pointer, conditions, and what a `ret` does.
 *
 * Sources: Intel SDM; Go's src/cmd/compile/abi-internal.md; the kernel's arch/x86/kernel/process_64.c
 * (thread.fsbase is kept by arch_prctl and clone), arch/x86/include/asm/processor.h and uapi/asm/prctl.h
 * (thread.features, ARCH_SHSTK_SHSTK).
 */
#ifndef FTRACE_ARCH_AMD64_BPF_H
#define FTRACE_ARCH_AMD64_BPF_H

#include "config.bpf.h"

#include <bpf/bpf_core_read.h>

#include <ftrace/regs_amd64.h>

#define FLAGS_TRAP    0x100
#define FEATURE_SHSTK 0x1
#define WORD          8

static __always_inline __u64 regs_ip(const struct pt_regs *ctx)
{
	return ctx->ip;
}

static __always_inline __u64 regs_sp(const struct pt_regs *ctx)
{
	return ctx->sp;
}

/* The frame pointer. */
static __always_inline __u64 regs_fp(const struct pt_regs *ctx)
{
	return ctx->bp;
}

/* What Go's own code keeps g in. */
static __always_inline __u64 regs_g(const struct pt_regs *ctx)
{
	return ctx->r14;
}

/* Where the first argument for a function of ABI0 lies at the instruction that calls it. */
static __always_inline __u64 regs_outgoing(const struct pt_regs *ctx)
{
	return ctx->sp;
}

/* By FT_REG_*; a program may not index the context itself. */
static __always_inline void regs_copy(__u64 *to, const struct pt_regs *ctx)
{
	to[FT_REG_AX] = ctx->ax;
	to[FT_REG_BX] = ctx->bx;
	to[FT_REG_CX] = ctx->cx;
	to[FT_REG_DX] = ctx->dx;
	to[FT_REG_SI] = ctx->si;
	to[FT_REG_DI] = ctx->di;
	to[FT_REG_BP] = ctx->bp;
	to[FT_REG_SP] = ctx->sp;
	to[FT_REG_R8] = ctx->r8;
	to[FT_REG_R9] = ctx->r9;
	to[FT_REG_R10] = ctx->r10;
	to[FT_REG_R11] = ctx->r11;
	to[FT_REG_R12] = ctx->r12;
	to[FT_REG_R13] = ctx->r13;
	to[FT_REG_R14] = ctx->r14;
	to[FT_REG_R15] = ctx->r15;
	to[FT_REG_IP] = ctx->ip;
	to[FT_REG_FLAGS] = ctx->flags;
	to[FT_REG_CS] = ctx->cs;
	to[FT_REG_SS] = ctx->ss;
	to[FT_REG_ORIG_AX] = ctx->orig_ax;
}

/* All are read, one after the other: the compiler would make one read of several, at an address that the verifier
 * refuses. */
#define TAKE(reg, name)                              \
	do {                                         \
		__u64 value = ctx->name;             \
                                                     \
		barrier_var(value);                  \
		word = number == reg ? value : word; \
	} while (0)

/* The register `number` (FT_REG_*), of those that hold results. */
static __always_inline __u64 regs_result(const struct pt_regs *ctx, __u32 number)
{
	__u64 word = 0;

	TAKE(FT_REG_AX, ax);
	TAKE(FT_REG_BX, bx);
	TAKE(FT_REG_CX, cx);
	TAKE(FT_REG_DI, di);
	TAKE(FT_REG_SI, si);
	TAKE(FT_REG_R8, r8);
	TAKE(FT_REG_R9, r9);
	TAKE(FT_REG_R10, r10);
	TAKE(FT_REG_R11, r11);
	return word;
}

/* The same of those that instructions have for operands. */
static __always_inline __u64 regs_operand(const struct pt_regs *ctx, __u32 number)
{
	__u64 word = regs_result(ctx, number);

	TAKE(FT_REG_DX, dx);
	TAKE(FT_REG_BP, bp);
	TAKE(FT_REG_R12, r12);
	TAKE(FT_REG_R13, r13);
	TAKE(FT_REG_R14, r14);
	TAKE(FT_REG_R15, r15);
	return word;
}
#undef TAKE

/* A system call of the 32-bit world, whose numbers are others (arch/x86/include/asm/thread_info.h). */
#define TS_COMPAT 0x2

static __always_inline bool is_foreign_call(const struct task_struct *task)
{
	return task->thread_info.status & TS_COMPAT;
}

/* A system call's arguments, of the registers at its entry, which lie in the kernel's memory. */
static __always_inline long regs_call_args(__u64 *args, const struct pt_regs *regs)
{
	/* From r10 on: r10, r9, r8, ax, cx, dx, si, di. */
	__u64 words[8];

	if (bpf_probe_read_kernel(words, sizeof(words), &regs->r10))
		return -1;
	args[0] = words[7];
	args[1] = words[6];
	args[2] = words[5];
	args[3] = words[0];
	args[4] = words[2];
	args[5] = words[1];
	return 0;
}

/* 0 before the runtime has set it. */
static __always_inline __u64 thread_pointer(const struct task_struct *task)
{
	return task->thread.fsbase;
}

/* Whether a condition code holds (Intel SDM volume 1, appendix B). */
static __always_inline bool condition_holds(const struct pt_regs *ctx, __u32 cond)
{
	__u64 flags = ctx->flags;
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

/* Where a function returns to, at its first instruction or where SP is as there. Not 0: unreadable. */
static __always_inline long read_return_address(const struct pt_regs *ctx, __u64 *to)
{
	return read_user(to, sizeof(*to), ctx->sp);
}

/* Where the `ret` that is ahead goes, or went that is `done`. Not 0: unreadable. */
static __always_inline long read_ret_target(const struct pt_regs *ctx, bool done, __u64 *to)
{
	return bpf_probe_read_user(to, sizeof(*to), (void *)(done ? ctx->sp - WORD : ctx->sp));
}

/* A `ret` that does more than to load IP and SP: the processor is to trap behind it (a debugger), or a shadow stack
 * is popped, too. */
static __always_inline bool ret_is_special(const struct pt_regs *ctx,
					   const struct task_struct *task)
{
	if (ctx->flags & FLAGS_TRAP)
		return true;
	return bpf_core_field_exists(task->thread.features) &&
	       task->thread.features & FEATURE_SHSTK;
}

static __always_inline void ret_execute(struct pt_regs *ctx, __u64 to)
{
	ctx->ip = to;
	ctx->sp += WORD;
}

/* SP as it was before a `ret` that is done, and again as it left it. */
static __always_inline void ret_undo_stack(struct pt_regs *ctx)
{
	ctx->sp -= WORD;
}

static __always_inline void ret_redo_stack(struct pt_regs *ctx)
{
	ctx->sp += WORD;
}

#endif
