/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fetch: runs a site's program and leaves its values in the thread's scratch memory.
 */
#ifndef FTRACE_FETCH_BPF_H
#define FTRACE_FETCH_BPF_H

#include "emit.bpf.h"
#include "texts.bpf.h"

static __always_inline void op_regs(struct ft_scratch *scratch, const struct ft_op *op)
{
	__u64 names = op->imm;

#pragma unroll
	for (__u32 i = 0; i < FT_REGS_MAX; i++) {
		if (i == op->reg)
			return;
		scratch->run.acc = scratch->regs[names & (FT_REGS - 1)];
		*(__u64 *)AT(scratch, op->slot + 8 * i) = scratch->run.acc;
		scratch->bytes[sizeof(struct ft_values) + op->status + (op->status ? i : 0)] =
			FT_V_OK;
		names >>= 8;
	}
}

static __always_inline void op_load(struct ft_scratch *scratch, const struct ft_op *op)
{
	__u64 word = 0;

	if (read_memory(&word, sizeof(word), scratch->run.acc)) {
		fail(scratch, op, op->reg);
		return;
	}
	scratch->run.acc = word;
}

static __always_inline void want(struct ft_scratch *scratch, __u32 first, __u32 count)
{
#pragma unroll
	for (__u32 i = 0; i < FT_WANT_MAX; i++) {
		if (i == count)
			return;
		scratch->bytes[sizeof(struct ft_values) + (__u8)(first + i)] = FT_V_WANTED;
	}
}

static __always_inline void op_read(struct ft_scratch *scratch, const struct ft_op *op)
{
	scratch->run.acc += op->imm;
	if (read_memory(AT(scratch, op->slot), bounded(op->len, FT_READ_MAX), scratch->run.acc)) {
		fail(scratch, op, FT_V_FAULT);
		return;
	}
	set_status(scratch, op, FT_V_OK);
	want(scratch, op->status + 1, FT_READ_WANTS(op->reg));
}

/*
 * As READN with elements of eight bytes, for what may be another kind of header: where so much is
 * not there, as many bytes as `count` says are tried.
 */
static __always_inline void op_guess(struct ft_scratch *scratch, const struct ft_op *op)
{
	__u64 count = *(__u64 *)AT(scratch, op->from);
	__u64 most = op->len, len = most;

	if (count >= FT_COUNT_MAX) {
		fail(scratch, op, FT_V_LENGTH);
		return;
	}
	if (count * 8 < len)
		len = count * 8;
	len = bounded(len, FT_READ_MAX);
	if (!len || !read_memory(AT(scratch, op->slot), len, scratch->run.acc)) {
		set_status(scratch, op, FT_V_OK);
		return;
	}
	len = count < most ? count : most;
	len = bounded(len, FT_READ_MAX);
	if (len && read_memory(AT(scratch, op->slot), len, scratch->run.acc))
		fail(scratch, op, FT_V_FAULT);
	else
		set_status(scratch, op, FT_V_CUT);
}

static __always_inline void op_str(struct ft_scratch *scratch, const struct ft_op *op)
{
	long len = (long)bounded(op->len, FT_READ_MAX);
	__u8 *slot = AT(scratch, op->slot);
	long got = bpf_probe_read_user_str(slot, len, (void *)scratch->run.acc);

	/* It does not fault pages in: reading one byte first does. */
	if (got < 0 && can_fault && !read_memory(slot, 1, scratch->run.acc))
		got = bpf_probe_read_user_str(slot, len, (void *)scratch->run.acc);
	if (got < 0)
		fail(scratch, op, FT_V_FAULT);
	else
		set_status(scratch, op, got == len ? FT_V_CUT : FT_V_OK);
}

static __always_inline void op_task(struct ft_scratch *scratch, const struct ft_op *op)
{
	__u8 *slot = AT(scratch, op->slot);

	switch (op->reg) {
	case FT_TASK_PID:
		*(__u64 *)slot = scratch->run.tgid;
		break;
	case FT_TASK_TID:
		*(__u64 *)slot = scratch->run.tid;
		break;
	case FT_TASK_GOID:
		*(__u64 *)slot = scratch->run.goid;
		break;
	default:
		bpf_get_current_comm(slot, 16);
	}
	set_status(scratch, op, FT_V_OK);
}

static long run_op(__u32 i, void *arg)
{
	struct ft_scratch *scratch = *(struct ft_scratch **)arg;
	struct ft_run *run = &scratch->run;
	__u32 at = run->next;
	const struct ft_op *op;

	(void)i;
	if (at >= run->end)
		return 1;
	op = bpf_map_lookup_elem(&ops, &at);
	if (!op)
		return 1;
	run->next++;
	if (op->base)
		run->acc = *(__u64 *)AT(scratch, op->base);
	if (run->size < op->reach)
		run->size = op->reach;
	switch (op->code) {
	case FT_OP_REG:
		run->acc = scratch->regs[op->reg & (FT_REGS - 1)];
		break;
	case FT_OP_IMM:
		run->acc = op->imm;
		break;
	case FT_OP_ADD:
		run->acc += op->imm;
		break;
	case FT_OP_BIAS:
		run->acc += run->bias;
		break;
	case FT_OP_WORD:
		run->acc = *(__u64 *)AT(scratch, op->from);
		break;
	case FT_OP_REGS:
		op_regs(scratch, op);
		break;
	case FT_OP_LOAD:
		op_load(scratch, op);
		break;
	case FT_OP_SHIFT:
		run->acc >>= op->imm & 63;
		break;
	case FT_OP_MASK:
		run->acc &= op->imm;
		break;
	case FT_OP_PUT:
		*(__u64 *)AT(scratch, op->slot) = run->acc;
		set_status(scratch, op, FT_V_OK);
		break;
	case FT_OP_READ:
		op_read(scratch, op);
		break;
	case FT_OP_READN:
		op_readn(scratch, op);
		break;
	case FT_OP_GUESS:
		op_guess(scratch, op);
		break;
	case FT_OP_STR:
		op_str(scratch, op);
		break;
	case FT_OP_NIL:
		if (!run->acc)
			fail(scratch, op, FT_V_NIL);
		break;
	case FT_OP_MORE:
		if ((__s64) * (__u64 *)AT(scratch, op->from) <= op->imm)
			fail(scratch, op, FT_V_INDEX);
		break;
	case FT_OP_TASK:
		op_task(scratch, op);
		break;
	case FT_OP_SAME:
		if (run->acc == op->imm + run->bias)
			run->next += op->skip;
		break;
	case FT_OP_RANGE:
		if (op->reg && !run->acc)
			fail(scratch, op, FT_V_NIL);
		else if (run->acc - (op->imm + run->bias) < (__u64)op->len * FT_RANGE_UNIT)
			run->next += op->skip;
		break;
	case FT_OP_WANT:
		want(scratch, op->status, op->reg);
		break;
	case FT_OP_TEXTS:
		run->span = (struct ft_span){.count = op->skip};
		return 1;
	}
	return 0;
}

/* Most programs have few, and all of them are four cache lines. */
static __always_inline void clear_statuses(__u8 *statuses, __u32 count)
{
	if (count <= 8)
		__builtin_memset(statuses, FT_V_UNREAD, 8);
	else if (count <= 32)
		__builtin_memset(statuses, FT_V_UNREAD, 32);
	else
		__builtin_memset(statuses, FT_V_UNREAD, FT_STATUS_MAX);
}

/* What user space made of operations, by their number: it puts its own instructions in the place of this function's
 * (src/probe/made.h), which are here so that there is a call. */
static __noinline int run_made(struct pt_regs *ctx, struct ft_scratch *scratch, __u32 number)
{
	int nothing = 0;

	asm volatile("" : "+r"(nothing) : "r"(ctx), "r"(scratch), "r"(number) : "memory");
	return nothing;
}

/* Up to operation `end`. */
static __always_inline void run_to(struct pt_regs *ctx, struct ft_scratch *scratch, __u32 end)
{
	struct ft_scratch *arg = scratch;

	if (made_kept && (!ops_kept || scratch->run.made)) {
		run_made(ctx, scratch, scratch->run.made);
		return;
	}
	if (!ops_kept)
		return;
	/* Once more behind a filter: deciding took them as room. */
	regs_copy(scratch->regs, ctx);
	scratch->run.end = end;
	bpf_loop(end - scratch->run.next, run_op, &arg, 0);
	if (texts_kept && scratch->run.span.count)
		read_texts(scratch);
}

/* Begins with the program of a site; false when there are no values. */
static __always_inline bool begin_values(struct pt_regs *ctx, const struct where *w, __u32 site,
					 struct ft_scratch *scratch,
					 const struct ft_program **found)
{
	struct ft_program *program = bpf_map_lookup_elem(&programs, &site);
	struct ft_run *run = &scratch->run;

	if (!program || !program->count)
		return false;
	*found = program;
	run->acc = 0;
	run->bias = regs_ip(ctx) - program->addr;
	run->goid = w->goid;
	run->tgid = w->tgid;
	run->tid = w->tid;
	run->next = program->first;
	run->last = program->first + program->count;
	run->size = run->least = program->least;
	run->made = program->made;
	run->span.count = 0;
	run->away = false;
	((struct ft_values *)scratch->bytes)->ip = regs_ip(ctx);
	clear_statuses(scratch->bytes + sizeof(struct ft_values), program->statuses);
	return true;
}

/* Reads what a filter compares: the first operations of the site's program. */
static __always_inline bool fetch_operands(struct pt_regs *ctx, const struct where *w, __u32 site,
					   struct ft_scratch *scratch)
{
	const struct ft_program *program;

	if (!begin_values(ctx, w, site, scratch, &program))
		return false;
	if (!program->operands)
		return true;
	scratch->run.made += program->made ? FT_MADE_OPERANDS : 0;
	run_to(ctx, scratch, program->first + program->operands);
	scratch->run.made += program->made ? FT_MADE_REST - FT_MADE_OPERANDS : 0;
	return true;
}

/* Reads the rest; the number of bytes in scratch->bytes. */
static __always_inline __u32 fetch_rest(struct pt_regs *ctx, struct ft_scratch *scratch)
{
	struct ft_run *run = &scratch->run;

	run_to(ctx, scratch, run->last);
	return run->size < run->least ? run->least : run->size;
}

/* Reads all of them; the number of bytes in scratch->bytes, 0 when there are none. */
static __always_inline __u32 fetch_values(struct pt_regs *ctx, const struct where *w, __u32 site,
					  struct ft_scratch *scratch)
{
	const struct ft_program *program;

	return begin_values(ctx, w, site, scratch, &program) ? fetch_rest(ctx, scratch) : 0;
}

#endif
