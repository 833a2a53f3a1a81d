/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bpf/texts.bpf.h does, for the texts of one program.
 *
 * What is found of them is kept in the scratch, or comes from there: of what is in a register the verifier knows
 * which way led to it, and would follow each of the ways by itself.
 */
#include "probe/straight_priv.h"

/* Registers that no helper changes, while the texts are looked at ... */
#define SPAN_FROM BPF_REG_6
#define SPAN_END  BPF_REG_8 /* 0: there is no text yet */
/* ... and while they are put in their places. */
#define SPAN_AT BPF_REG_9

#define TEXT  BPF_REG_2 /* where it is */
#define COUNT BPF_REG_3
#define SPARE BPF_REG_1

/* The jumps that a text takes which is left out. */
struct ways_out {
	size_t jumps[8];
	size_t count;
};

static void leave(struct ways_out *ways, size_t jump)
{
	ways->jumps[ways->count++] = jump;
}

static void come_back(struct insns *insns, const struct ways_out *ways)
{
	for (size_t i = 0; i < ways->count; i++)
		insns_land(insns, ways->jumps[i]);
}

static void ask_status(struct insns *insns, const struct ft_op *op, struct ways_out *ways)
{
	insns_load(insns, BPF_B, SPARE, SCRATCH, STATUS(op->status));
	leave(ways, insns_jump_if(insns, BPF_JNE, SPARE, op->reg));
}

/* COUNT is how much of the text its slot holds, TEXT where it is; one of no sensible length leaves. */
static void take_text(struct insns *insns, const struct ft_op *op, struct ways_out *ways)
{
	size_t whole;

	insns_load(insns, BPF_DW, TEXT, SCRATCH, SLOT(op->base));
	whole = insns_jump_if(insns, BPF_JLE, COUNT, op->len);
	insns_number(insns, BPF_RSH, COUNT, FT_COUNT_BITS);
	leave(ways, insns_jump_if(insns, BPF_JNE, COUNT, 0));
	insns_number(insns, BPF_MOV, COUNT, op->len);
	insns_land(insns, whole);
}

/* Stretches the span over the text, where that leaves it short and without a large gap. */
static void stretch(struct insns *insns, struct ways_out *ways)
{
	const uint8_t from = BPF_REG_4, end = BPF_REG_5, size = BPF_REG_0;
	size_t same;

	insns_reg(insns, BPF_MOV, from, SPAN_FROM);
	same = insns_jump_if_reg(insns, BPF_JLE, from, TEXT);
	insns_reg(insns, BPF_MOV, from, TEXT);
	insns_land(insns, same);
	insns_reg(insns, BPF_MOV, end, TEXT);
	insns_reg(insns, BPF_ADD, end, COUNT);
	same = insns_jump_if_reg(insns, BPF_JGE, end, SPAN_END);
	insns_reg(insns, BPF_MOV, end, SPAN_END);
	insns_land(insns, same);
	insns_reg(insns, BPF_MOV, size, end);
	insns_reg(insns, BPF_SUB, size, from);
	leave(ways, insns_jump_if(insns, BPF_JGT, size, FT_TEXTS_SPAN));
	insns_reg(insns, BPF_MOV, SPARE, SPAN_END);
	insns_reg(insns, BPF_SUB, SPARE, SPAN_FROM);
	insns_reg(insns, BPF_ADD, SPARE, COUNT);
	insns_number(insns, BPF_ADD, SPARE, FT_TEXTS_GAP);
	leave(ways, insns_jump_if_reg(insns, BPF_JGT, size, SPARE));
	insns_reg(insns, BPF_MOV, SPAN_FROM, from);
	insns_reg(insns, BPF_MOV, SPAN_END, end);
	insns_store_number(insns, BPF_W, SCRATCH, RUN(span.texts), 2);
}

static void find_text(struct straight *s, const struct ft_op *op)
{
	struct insns *insns = s->insns;
	struct ways_out ways = {0};
	size_t some, further;

	ask_status(insns, op, &ways);
	insns_load(insns, BPF_DW, COUNT, SCRATCH, SLOT(op->from));
	some = insns_jump_if(insns, BPF_JNE, COUNT, 0);
	straight_status(s, op, FT_V_OK);
	leave(&ways, insns_jump(insns));
	insns_land(insns, some);
	take_text(insns, op, &ways);
	straight_grow(s, op);
	leave(&ways, insns_jump_if(insns, BPF_JLT, TEXT, FT_FIRST_PAGE));
	if (op->len > FT_TEXTS_SPAN)
		leave(&ways, insns_jump_if(insns, BPF_JGT, COUNT, FT_TEXTS_SPAN));
	further = insns_jump_if(insns, BPF_JNE, SPAN_END, 0);
	insns_reg(insns, BPF_MOV, SPAN_FROM, TEXT);
	insns_reg(insns, BPF_MOV, SPAN_END, TEXT);
	insns_reg(insns, BPF_ADD, SPAN_END, COUNT);
	leave(&ways, insns_jump(insns));
	insns_land(insns, further);
	stretch(insns, &ways);
	come_back(insns, &ways);
}

static void find_span(struct straight *s, size_t first)
{
	/* Numbers that the verifier knows would part the ways. */
	insns_store_number(s->insns, BPF_DW, SCRATCH, RUN(span.to), 0);
	insns_store_number(s->insns, BPF_W, SCRATCH, RUN(span.texts), 0);
	insns_load(s->insns, BPF_DW, SPAN_FROM, SCRATCH, RUN(span.to));
	insns_load(s->insns, BPF_DW, SPAN_END, SCRATCH, RUN(span.to));
	for (size_t i = first; i < s->end; i++)
		find_text(s, &s->ops[i]);
	insns_store(s->insns, BPF_DW, SCRATCH, RUN(span.from), SPAN_FROM);
	insns_reg(s->insns, BPF_SUB, SPAN_END, SPAN_FROM);
	insns_store(s->insns, BPF_DW, SCRATCH, RUN(span.to), SPAN_END);
}

/* The texts of the span to behind all slots, where there are two at least. From here on span.to is its length, 0: there is none. */
static void read_span(struct straight *s)
{
	struct insns *insns = s->insns;
	struct ways_out none = {0};
	size_t all;

	insns_load(insns, BPF_DW, SPAN_FROM, SCRATCH, RUN(span.from));
	insns_load(insns, BPF_W, SPAN_AT, SCRATCH, RUN(size));
	insns_load(insns, BPF_W, SPARE, SCRATCH, RUN(span.texts));
	leave(&none, insns_jump_if(insns, BPF_JEQ, SPARE, 0));
	leave(&none, insns_jump_if(insns, BPF_JGT, SPAN_AT, FT_VALUES_MAX - FT_TEXTS_SPAN));
	insns_load(insns, BPF_DW, BPF_REG_2, SCRATCH, RUN(span.to));
	leave(&none, insns_jump_if(insns, BPF_JGT, BPF_REG_2, FT_TEXTS_SPAN));
	insns_reg(insns, BPF_MOV, BPF_REG_1, SCRATCH);
	insns_number(insns, BPF_ADD, BPF_REG_1, (int32_t)SLOT(0));
	insns_reg(insns, BPF_ADD, BPF_REG_1, SPAN_AT);
	insns_reg(insns, BPF_MOV, BPF_REG_3, SPAN_FROM);
	insns_call(insns, BPF_FUNC_probe_read_user);
	leave(&none, insns_jump_if(insns, BPF_JNE, BPF_REG_0, 0));
	insns_load(insns, BPF_DW, SPARE, SCRATCH, RUN(span.to));
	insns_number(insns, BPF_ADD, SPARE, 7);
	insns_number(insns, BPF_AND, SPARE, -8);
	insns_reg(insns, BPF_ADD, SPARE, SPAN_AT);
	insns_store(insns, BPF_W, SCRATCH, RUN(size), SPARE);
	all = insns_jump(insns);
	come_back(insns, &none);
	insns_store_number(insns, BPF_DW, SCRATCH, RUN(span.to), 0);
	insns_land(insns, all);
}

/* Where the text is in what was read, or, where it is not, to its own slot. */
static void put_text(struct straight *s, size_t index)
{
	const struct ft_op *op = &s->ops[index];
	struct insns *insns = s->insns;
	struct ways_out elsewhere = {0}, own = {0};

	ask_status(insns, op, &elsewhere);
	insns_load(insns, BPF_DW, COUNT, SCRATCH, SLOT(op->from));
	take_text(insns, op, &own);
	insns_reg(insns, BPF_SUB, TEXT, SPAN_FROM);
	leave(&own, insns_jump_if(insns, BPF_JGT, TEXT, FT_TEXTS_SPAN));
	insns_reg(insns, BPF_ADD, COUNT, TEXT);
	insns_load(insns, BPF_DW, SPARE, SCRATCH, RUN(span.to));
	leave(&own, insns_jump_if_reg(insns, BPF_JGT, COUNT, SPARE));
	insns_reg(insns, BPF_ADD, TEXT, SPAN_AT);
	insns_store(insns, BPF_DW, SCRATCH, SLOT(op->slot), TEXT);
	straight_status(s, op, FT_V_ELSEWHERE);
	leave(&elsewhere, insns_jump(insns));
	come_back(insns, &own);
	insns_load(insns, BPF_DW, ACC, SCRATCH, SLOT(op->base));
	straight_readn(s, index);
	come_back(insns, &elsewhere);
}

void straight_texts(struct straight *s, size_t index)
{
	find_span(s, index + 1);
	read_span(s);
	for (size_t i = index + 1; i < s->end; i++) {
		s->at[i] = s->insns->count;
		put_text(s, i);
	}
}
