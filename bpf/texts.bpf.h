/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * texts: reading of what has a length, one by one, and of texts together.
 *
 * Texts that were cut out of one, as the parts of a request's first line are, lie side by side, and one more read takes
 * as long as all else that is done for a text.
 */
#ifndef FTRACE_TEXTS_BPF_H
#define FTRACE_TEXTS_BPF_H

#include "scratch.bpf.h"

static __always_inline void op_readn(struct ft_scratch *scratch, const struct ft_op *op)
{
	__u64 count = *(__u64 *)AT(scratch, op->from);
	__u64 len = op->len;
	bool cut;

	if (count >= FT_COUNT_MAX) {
		fail(scratch, op, FT_V_LENGTH);
		return;
	}
	cut = count * op->imm > len;
	if (!cut)
		len = count * op->imm;
	len = bounded(len, FT_READ_MAX);
	if (len && read_memory(AT(scratch, op->slot), len, scratch->run.acc))
		fail(scratch, op, FT_V_FAULT);
	else
		set_status(scratch, op, cut ? FT_V_CUT : FT_V_OK);
}

/* The smaller of two numbers below 2^63, without a branch: the verifier follows each way on its own. */
static __always_inline __u64 smaller(__u64 a, __u64 b)
{
	__s64 less = (__s64)(a - b) >> 63;

	barrier_var(less);
	return b + ((a - b) & less);
}

static __always_inline __u64 larger(__u64 a, __u64 b)
{
	return a + b - smaller(a, b);
}

/* A text that is not empty: where, and as many bytes as its slot holds. */
static __always_inline bool has_text(struct ft_scratch *scratch, const struct ft_op *op,
				     __u64 *from, __u64 *len)
{
	__u64 count = *(__u64 *)AT(scratch, op->from);

	if (count - 1 >= FT_COUNT_MAX - 1)
		return false;
	*from = *(__u64 *)AT(scratch, op->base);
	*len = smaller(count, op->len);
	return true;
}

static __always_inline void take_into(struct ft_span *span, __u64 from, __u64 len)
{
	__u64 first, end, size;

	if (!span->texts)
		span->from = span->to = from;
	first = smaller(span->from, from);
	end = larger(span->to, from + len);
	size = end - first;
	if (size > FT_TEXTS_SPAN || size > span->to - span->from + len + FT_TEXTS_GAP)
		return;
	span->from = first;
	span->to = end;
	span->texts++;
}

/* Texts for each call of what goes through them: a call costs as much as two texts, and what the verifier does grows with
 * their square. */
#define TEXTS_EACH 4

/* Number `i` of the texts; NULL: there are fewer, or it is not to be read. */
static __always_inline const struct ft_op *text_op(struct ft_scratch *scratch, __u32 i)
{
	struct ft_run *run = &scratch->run;
	__u32 at = run->next + i;
	const struct ft_op *op;

	if (i >= run->span.count)
		return NULL;
	op = bpf_map_lookup_elem(&ops, &at);
	if (!op || scratch->bytes[sizeof(struct ft_values) + op->status] != op->reg)
		return NULL;
	return op;
}

/* Which of the texts are read in one go: those near the first one. The values reach as far as the slots of all. */
static long find_texts(__u32 group, void *arg)
{
	struct ft_scratch *scratch = *(struct ft_scratch **)arg;
	struct ft_run *run = &scratch->run;

#pragma unroll
	for (__u32 i = 0; i < TEXTS_EACH; i++) {
		const struct ft_op *op = text_op(scratch, group * TEXTS_EACH + i);
		__u64 from, len;

		if (!op || !has_text(scratch, op, &from, &len))
			continue;
		run->size = larger(run->size, op->reach);
		if (is_memory(from))
			take_into(&run->span, from, len);
	}
	return 0;
}

static __always_inline void read_span(struct ft_scratch *scratch)
{
	struct ft_run *run = &scratch->run;
	__u64 size = bounded(run->span.to - run->span.from, FT_TEXTS_SPAN);

	run->span.at = run->size;
	if (run->span.texts < 2 || run->size > FT_VALUES_MAX - FT_TEXTS_SPAN ||
	    read_memory(AT(scratch, run->size), size, run->span.from))
		run->span.to = 0;
	else
		run->size += (size + 7) / 8 * 8;
}

/* Behind all slots, or, of those that lie elsewhere, each to its own. */
static long put_texts(__u32 group, void *arg)
{
	struct ft_scratch *scratch = *(struct ft_scratch **)arg;
	struct ft_span *span = &scratch->run.span;

#pragma unroll
	for (__u32 i = 0; i < TEXTS_EACH; i++) {
		const struct ft_op *op = text_op(scratch, group * TEXTS_EACH + i);
		__u64 from, len;

		if (!op)
			continue;
		if (has_text(scratch, op, &from, &len) && from >= span->from &&
		    from + len <= span->to) {
			*(__u64 *)AT(scratch, op->slot) = span->at + (from - span->from);
			set_status(scratch, op, FT_V_ELSEWHERE);
		} else {
			scratch->run.acc = *(__u64 *)AT(scratch, op->base);
			op_readn(scratch, op);
		}
	}
	return 0;
}

/* The texts that a program ends with: out of the loop that does its operations, where the verifier would follow them
 * several times. */
static __always_inline void read_texts(struct ft_scratch *scratch)
{
	struct ft_scratch *arg = scratch;
	__u32 groups = (scratch->run.span.count + TEXTS_EACH - 1) / TEXTS_EACH;

	bpf_loop(groups, find_texts, &arg, 0);
	read_span(scratch);
	bpf_loop(groups, put_texts, &arg, 0);
}

#endif
