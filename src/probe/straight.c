/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/straight.h"

#include <stdlib.h>

#include "base/vec.h"
#include "probe/straight_priv.h"

void straight_fail(struct straight *s, size_t index, uint8_t status, size_t read, size_t jump)
{
	struct straight_failure *at = vec_push(&s->failures, &s->nfailures, &s->capfailures);

	if (!at) {
		s->insns->failed = true;
		return;
	}
	*at = (struct straight_failure){
		.read = read, .jump = jump, .op = (uint16_t)index, .status = status};
}

void straight_go_to(struct straight *s, size_t jump, size_t op)
{
	struct straight_jump *at = vec_push(&s->jumps, &s->njumps, &s->capjumps);

	if (at)
		*at = (struct straight_jump){.jump = jump, .op = (uint16_t)op};
	else
		s->insns->failed = true;
}

void straight_status(struct straight *s, const struct ft_op *op, uint8_t status)
{
	if (op->status)
		insns_store_number(s->insns, BPF_B, SCRATCH, STATUS(op->status), status);
}

/* What reaches further than all before it needs no look at how far that was. */
void straight_grow(struct straight *s, const struct ft_op *op)
{
	size_t enough = NO_JUMP;

	if (!op->reach)
		return;
	if (op->reach < s->reach) {
		insns_load(s->insns, BPF_W, BPF_REG_1, SCRATCH, RUN(size));
		enough = insns_jump_if(s->insns, BPF_JGE, BPF_REG_1, op->reach);
	} else {
		s->reach = op->reach;
	}
	insns_store_number(s->insns, BPF_W, SCRATCH, RUN(size), op->reach);
	if (enough != NO_JUMP)
		insns_land(s->insns, enough);
}

/* dst = dst `op` number, by way of `spare` where it is a large one. */
static void calculate(struct insns *insns, uint8_t op, uint8_t dst, int64_t number, uint8_t spare)
{
	if ((int32_t)number == number) {
		insns_number(insns, op, dst, (int32_t)number);
		return;
	}
	insns_word(insns, spare, (uint64_t)number);
	insns_reg(insns, op, dst, spare);
}

static void load_reg(struct straight *s, uint32_t reg)
{
	insns_load(s->insns, BPF_DW, ACC, FRAME, 8u * s->arch->frame[reg & (FT_REGS - 1)]);
}

static void put_regs(struct straight *s, const struct ft_op *op)
{
	uint64_t names = (uint64_t)op->imm;

	for (uint32_t i = 0; i < op->reg; i++, names >>= 8) {
		load_reg(s, names & 0xff);
		insns_store(s->insns, BPF_DW, SCRATCH, SLOT(op->slot + 8 * i), ACC);
		if (op->status)
			insns_store_number(s->insns, BPF_B, SCRATCH, STATUS(op->status + i),
					   FT_V_OK);
	}
}

/* REG_1 is the address of scratch + offset. */
static void take_address(struct insns *insns, uint32_t offset)
{
	insns_reg(insns, BPF_MOV, BPF_REG_1, SCRATCH);
	insns_number(insns, BPF_ADD, BPF_REG_1, (int32_t)offset);
}

/* What lies where there is no memory is not tried: to fail takes the kernel long. The jump that is taken then. */
static size_t leave_unmapped(struct insns *insns)
{
	return insns_jump_if(insns, BPF_JLT, ACC, FT_FIRST_PAGE);
}

/* Memory at ACC to scratch + offset, as much as REG_2 says; the jump that is taken when it cannot be read. */
static size_t read_memory(struct insns *insns, uint32_t offset)
{
	take_address(insns, offset);
	insns_reg(insns, BPF_MOV, BPF_REG_3, ACC);
	insns_call(insns, BPF_FUNC_probe_read_user);
	return insns_jump_if(insns, BPF_JNE, BPF_REG_0, 0);
}

static void put_load(struct straight *s, size_t index)
{
	size_t unmapped = leave_unmapped(s->insns);

	insns_number(s->insns, BPF_MOV, BPF_REG_2, 8);
	straight_fail(s, index, s->ops[index].reg, read_memory(s->insns, RUN(word)), unmapped);
	insns_load(s->insns, BPF_DW, ACC, SCRATCH, RUN(word));
}

static void put_wants(struct straight *s, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		insns_store_number(s->insns, BPF_B, SCRATCH, STATUS(first + i), FT_V_WANTED);
}

static void put_read(struct straight *s, size_t index)
{
	const struct ft_op *op = &s->ops[index];
	size_t unmapped;

	if (op->imm)
		calculate(s->insns, BPF_ADD, ACC, op->imm, BPF_REG_1);
	unmapped = leave_unmapped(s->insns);
	insns_number(s->insns, BPF_MOV, BPF_REG_2, op->len);
	straight_fail(s, index, FT_V_FAULT, read_memory(s->insns, SLOT(op->slot)), unmapped);
	straight_status(s, op, FT_V_OK);
	put_wants(s, op->status + 1u, FT_READ_WANTS(op->reg));
}

/* REG_2 is the count. */
static void take_count(struct straight *s, size_t index)
{
	insns_load(s->insns, BPF_DW, BPF_REG_2, SCRATCH, SLOT(s->ops[index].from));
}

/* A count that makes no sense fails. */
static void check_count(struct straight *s, size_t index)
{
	insns_reg(s->insns, BPF_MOV, BPF_REG_1, BPF_REG_2);
	insns_number(s->insns, BPF_RSH, BPF_REG_1, FT_COUNT_BITS);
	straight_fail(s, index, FT_V_LENGTH, NO_JUMP,
		      insns_jump_if(s->insns, BPF_JNE, BPF_REG_1, 0));
}

void straight_readn(struct straight *s, size_t index)
{
	const struct ft_op *op = &s->ops[index];
	size_t whole, empty, unmapped;

	take_count(s, index);
	if (op->imm != 1) {
		check_count(s, index);
		calculate(s->insns, BPF_MUL, BPF_REG_2, op->imm, BPF_REG_1);
	}
	/* A read that fails sets another. */
	straight_status(s, op, FT_V_OK);
	whole = insns_jump_if(s->insns, BPF_JLE, BPF_REG_2, op->len);
	if (op->imm == 1)
		check_count(s, index);
	straight_status(s, op, FT_V_CUT);
	insns_number(s->insns, BPF_MOV, BPF_REG_2, op->len);
	insns_land(s->insns, whole);
	empty = insns_jump_if(s->insns, BPF_JEQ, BPF_REG_2, 0);
	unmapped = leave_unmapped(s->insns);
	straight_fail(s, index, FT_V_FAULT, read_memory(s->insns, SLOT(op->slot)), unmapped);
	insns_land(s->insns, empty);
}

/* REG_2 is at most `len`. */
static void cut(struct insns *insns, uint32_t len)
{
	size_t whole = insns_jump_if(insns, BPF_JLE, BPF_REG_2, (int32_t)len);

	insns_number(insns, BPF_MOV, BPF_REG_2, (int32_t)len);
	insns_land(insns, whole);
}

static void put_guess(struct straight *s, size_t index)
{
	const struct ft_op *op = &s->ops[index];
	size_t empty, unmapped, less, failed;

	take_count(s, index);
	check_count(s, index);
	straight_status(s, op, FT_V_OK);
	insns_number(s->insns, BPF_LSH, BPF_REG_2, 3);
	cut(s->insns, op->len);
	empty = insns_jump_if(s->insns, BPF_JEQ, BPF_REG_2, 0);
	unmapped = leave_unmapped(s->insns);
	less = read_memory(s->insns, SLOT(op->slot));
	straight_go_to(s, insns_jump(s->insns), index + 1);
	insns_land(s->insns, less);
	straight_status(s, op, FT_V_CUT);
	insns_load(s->insns, BPF_DW, BPF_REG_2, SCRATCH, SLOT(op->from));
	cut(s->insns, op->len);
	failed = read_memory(s->insns, SLOT(op->slot));
	straight_fail(s, index, FT_V_FAULT, failed, unmapped);
	insns_land(s->insns, empty);
}

static void put_text(struct straight *s, size_t index)
{
	const struct ft_op *op = &s->ops[index];
	size_t whole;

	insns_number(s->insns, BPF_MOV, BPF_REG_2, op->len);
	take_address(s->insns, SLOT(op->slot));
	insns_reg(s->insns, BPF_MOV, BPF_REG_3, ACC);
	insns_call(s->insns, BPF_FUNC_probe_read_user_str);
	straight_fail(s, index, FT_V_FAULT, insns_jump_if(s->insns, BPF_JSLT, BPF_REG_0, 0),
		      NO_JUMP);
	straight_status(s, op, FT_V_OK);
	whole = insns_jump_if(s->insns, BPF_JNE, BPF_REG_0, op->len);
	straight_status(s, op, FT_V_CUT);
	insns_land(s->insns, whole);
}

static void put_more(struct straight *s, size_t index)
{
	const struct ft_op *op = &s->ops[index];
	size_t jump;

	insns_load(s->insns, BPF_DW, BPF_REG_1, SCRATCH, SLOT(op->from));
	insns_word(s->insns, BPF_REG_2, (uint64_t)op->imm);
	jump = insns_jump_if_reg(s->insns, BPF_JSLE, BPF_REG_1, BPF_REG_2);
	straight_fail(s, index, FT_V_INDEX, NO_JUMP, jump);
}

static void put_task(struct straight *s, const struct ft_op *op)
{
	switch (op->reg) {
	case FT_TASK_PID:
		insns_load(s->insns, BPF_W, BPF_REG_1, SCRATCH, RUN(tgid));
		break;
	case FT_TASK_TID:
		insns_load(s->insns, BPF_W, BPF_REG_1, SCRATCH, RUN(tid));
		break;
	case FT_TASK_GOID:
		insns_load(s->insns, BPF_DW, BPF_REG_1, SCRATCH, RUN(goid));
		break;
	default:
		take_address(s->insns, SLOT(op->slot));
		insns_number(s->insns, BPF_MOV, BPF_REG_2, 16);
		insns_call(s->insns, BPF_FUNC_get_current_comm);
	}
	if (op->reg != FT_TASK_COMM)
		insns_store(s->insns, BPF_DW, SCRATCH, SLOT(op->slot), BPF_REG_1);
	straight_status(s, op, FT_V_OK);
}

static void put_nil(struct straight *s, size_t index)
{
	straight_fail(s, index, FT_V_NIL, NO_JUMP, insns_jump_if(s->insns, BPF_JEQ, ACC, 0));
}

/* `dst` = an address of the executable, where it is loaded. */
static void take_loaded(struct straight *s, uint8_t dst, int64_t addr)
{
	insns_load(s->insns, BPF_DW, dst, SCRATCH, RUN(bias));
	calculate(s->insns, BPF_ADD, dst, addr, BPF_REG_3);
}

static void put_same(struct straight *s, size_t index)
{
	take_loaded(s, BPF_REG_1, s->ops[index].imm);
	straight_go_to(s, insns_jump_if_reg(s->insns, BPF_JEQ, ACC, BPF_REG_1),
		       straight_skips_to(s, index));
}

static void put_range(struct straight *s, size_t index)
{
	const struct ft_op *op = &s->ops[index];

	if (op->reg)
		put_nil(s, index);
	take_loaded(s, BPF_REG_2, op->imm);
	insns_reg(s->insns, BPF_MOV, BPF_REG_1, ACC);
	insns_reg(s->insns, BPF_SUB, BPF_REG_1, BPF_REG_2);
	insns_word(s->insns, BPF_REG_2, (uint64_t)op->len * FT_RANGE_UNIT);
	straight_go_to(s, insns_jump_if_reg(s->insns, BPF_JLT, BPF_REG_1, BPF_REG_2),
		       straight_skips_to(s, index));
}

static void put_op(struct straight *s, size_t index)
{
	const struct ft_op *op = &s->ops[index];

	if (op->base)
		insns_load(s->insns, BPF_DW, ACC, SCRATCH, SLOT(op->base));
	straight_grow(s, op);
	switch (op->code) {
	case FT_OP_REG:
		load_reg(s, op->reg);
		break;
	case FT_OP_IMM:
		insns_word(s->insns, ACC, (uint64_t)op->imm);
		break;
	case FT_OP_ADD:
		calculate(s->insns, BPF_ADD, ACC, op->imm, BPF_REG_1);
		break;
	case FT_OP_BIAS:
		insns_load(s->insns, BPF_DW, BPF_REG_1, SCRATCH, RUN(bias));
		insns_reg(s->insns, BPF_ADD, ACC, BPF_REG_1);
		break;
	case FT_OP_WORD:
		insns_load(s->insns, BPF_DW, ACC, SCRATCH, SLOT(op->from));
		break;
	case FT_OP_REGS:
		put_regs(s, op);
		break;
	case FT_OP_LOAD:
		put_load(s, index);
		break;
	case FT_OP_SHIFT:
		insns_number(s->insns, BPF_RSH, ACC, op->imm & 63);
		break;
	case FT_OP_MASK:
		calculate(s->insns, BPF_AND, ACC, op->imm, BPF_REG_1);
		break;
	case FT_OP_PUT:
		insns_store(s->insns, BPF_DW, SCRATCH, SLOT(op->slot), ACC);
		straight_status(s, op, FT_V_OK);
		break;
	case FT_OP_READ:
		put_read(s, index);
		break;
	case FT_OP_READN:
		straight_readn(s, index);
		break;
	case FT_OP_GUESS:
		put_guess(s, index);
		break;
	case FT_OP_STR:
		put_text(s, index);
		break;
	case FT_OP_NIL:
		put_nil(s, index);
		break;
	case FT_OP_MORE:
		put_more(s, index);
		break;
	case FT_OP_TASK:
		put_task(s, op);
		break;
	case FT_OP_SAME:
		put_same(s, index);
		break;
	case FT_OP_RANGE:
		put_range(s, index);
		break;
	case FT_OP_WANT:
		put_wants(s, op->status, op->reg);
		break;
	}
}

static void put_failure(struct straight *s, const struct straight_failure *failure)
{
	const struct ft_op *op = &s->ops[failure->op];

	if (failure->read != NO_JUMP) {
		size_t beyond;

		insns_land(s->insns, failure->read);
		insns_reg(s->insns, BPF_MOV, BPF_REG_1, ACC);
		insns_number(s->insns, BPF_RSH, BPF_REG_1, s->arch->address_bits);
		beyond = insns_jump_if(s->insns, BPF_JNE, BPF_REG_1, 0);
		insns_store_number(s->insns, BPF_W, SCRATCH, RUN(away), 1);
		insns_land(s->insns, beyond);
	}
	if (failure->jump != NO_JUMP)
		insns_land(s->insns, failure->jump);
	straight_status(s, op, failure->status);
	if (FT_V_IS_FAULT(failure->status) && op->slot)
		insns_store(s->insns, BPF_DW, SCRATCH, SLOT(op->slot), ACC);
	straight_go_to(s, insns_jump(s->insns), straight_skips_to(s, failure->op));
}

static void put_all(struct straight *s, size_t first)
{
	size_t last;

	for (size_t i = first; i < s->end; i++) {
		s->at[i] = s->insns->count;
		if (s->ops[i].code == FT_OP_TEXTS) {
			straight_texts(s, i);
			break;
		}
		put_op(s, i);
	}
	last = insns_jump(s->insns);
	for (size_t i = 0; i < s->nfailures; i++)
		put_failure(s, &s->failures[i]);
	insns_land(s->insns, last);
	s->at[s->end] = s->insns->count;
	for (size_t i = 0; i < s->njumps; i++)
		insns_lead(s->insns, s->jumps[i].jump, s->at[s->jumps[i].op]);
}

void straight_put(struct insns *insns, const struct ft_op *ops, size_t first, size_t end,
		  const struct arch *arch)
{
	struct straight s = {.insns = insns, .ops = ops, .end = end, .arch = arch};

	for (size_t i = 0; i < first; i++)
		if (s.reach < ops[i].reach)
			s.reach = ops[i].reach;
	put_all(&s, first);
	free(s.failures);
	free(s.jumps);
}
