/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/fold.h"

#include <stdbool.h>
#include <string.h>

struct fold {
	struct ft_op *ops;
	size_t count; /* of the operations there were */
	size_t done;  /* of these, folded */
	size_t made;
	/* By index of an operation before folding; one more for the end. */
	bool reached[FT_PROGRAM_MAX + 1]; /* some operation's skip leads there */
	uint16_t to[FT_PROGRAM_MAX + 1];  /* its index now */
};

static size_t skips_to(const struct fold *fold, size_t index)
{
	size_t to = index + 1 + fold->ops[index].skip;

	return to < fold->count ? to : fold->count;
}

/* The next two operations, when they can become one. */
static bool are_two(const struct fold *fold, enum ft_opcode first)
{
	return fold->done + 1 < fold->count && fold->ops[fold->done].code == first &&
	       !fold->reached[fold->done + 1];
}

/* Operations that begin with another acc. */
static bool sets_acc(const struct ft_op *op)
{
	switch (op->code) {
	case FT_OP_REG:
	case FT_OP_REGS:
	case FT_OP_IMM:
	case FT_OP_WORD:
	case FT_OP_TASK:
		return true;
	default:
		return op->base;
	}
}

static void emit(struct fold *fold, size_t count, struct ft_op op)
{
	for (size_t i = 0; i < count; i++)
		fold->to[fold->done + i] = (uint16_t)fold->made;
	fold->done += count;
	/* What `skip` becomes is known when all are folded: until then, where it leads. */
	op.skip = (uint16_t)skips_to(fold, fold->done - 1);
	fold->ops[fold->made++] = op;
}

/* Appends a REG and its PUT to the REGS before them, when their words are neighbours. */
static bool join(struct fold *fold, const struct ft_op *reg, const struct ft_op *put)
{
	struct ft_op *regs = fold->made ? &fold->ops[fold->made - 1] : NULL;

	if (!regs || regs->code != FT_OP_REGS || fold->reached[fold->done] ||
	    regs->reg == FT_REGS_MAX || put->slot != regs->slot + 8 * regs->reg ||
	    put->status != (regs->status ? regs->status + regs->reg : 0))
		return false;
	regs->imm |= (int64_t)((uint64_t)reg->reg << (8 * regs->reg));
	regs->reg++;
	fold->to[fold->done] = fold->to[fold->done + 1] = (uint16_t)(fold->made - 1);
	fold->done += 2;
	return true;
}

static void fold_put(struct fold *fold)
{
	struct ft_op reg = fold->ops[fold->done], put = fold->ops[fold->done + 1];

	if (join(fold, &reg, &put))
		return;
	put.code = FT_OP_REGS;
	put.imm = reg.reg;
	put.reg = 1;
	emit(fold, 2, put);
}

static void fold_word(struct fold *fold)
{
	struct ft_op op = fold->ops[fold->done + 1];

	op.base = fold->ops[fold->done].from;
	emit(fold, 2, op);
}

static void fold_small(struct fold *fold)
{
	const struct ft_op *next = &fold->ops[fold->done + 1];

	if (are_two(fold, FT_OP_REG) && next->code == FT_OP_PUT)
		fold_put(fold);
	else if (are_two(fold, FT_OP_WORD) && !sets_acc(next))
		fold_word(fold);
	else
		emit(fold, 1, fold->ops[fold->done]);
}

static bool is_add_of_read(const struct fold *fold)
{
	const struct ft_op *next = &fold->ops[fold->done + 1];

	return are_two(fold, FT_OP_ADD) && next->code == FT_OP_READ && !next->base &&
	       !next->reg && !next->imm;
}

static bool is_nil_of_range(const struct fold *fold)
{
	const struct ft_op *next = &fold->ops[fold->done + 1];

	return are_two(fold, FT_OP_NIL) && next->code == FT_OP_RANGE && !next->base &&
	       skips_to(fold, fold->done) == skips_to(fold, fold->done + 1);
}

static void fold_way(struct fold *fold)
{
	const struct ft_op *op = &fold->ops[fold->done];
	struct ft_op both = fold->done + 1 < fold->count ? op[1] : *op;

	both.base = op->base;
	if (is_add_of_read(fold)) {
		both.imm = op->imm;
		emit(fold, 2, both);
	} else if (is_nil_of_range(fold)) {
		both.status = op->status;
		both.reg = 1;
		emit(fold, 2, both);
	} else {
		emit(fold, 1, *op);
	}
}

/* Each step takes one operation, or several. */
static size_t fold_all(struct ft_op *ops, size_t count, void (*step)(struct fold *))
{
	struct fold fold = {.ops = ops, .count = count};

	for (size_t i = 0; i < count; i++)
		fold.reached[skips_to(&fold, i)] |= ops[i].skip != 0;
	while (fold.done < count)
		step(&fold);
	fold.to[count] = (uint16_t)fold.made;
	for (size_t i = 0; i < fold.made; i++)
		ops[i].skip =
			ops[i].code == FT_OP_REGS ? 0 : (uint16_t)(fold.to[ops[i].skip] - i - 1);
	return fold.made;
}

size_t fetch_fold(struct ft_op *ops, size_t count)
{
	return fold_all(ops, fold_all(ops, count, fold_small), fold_way);
}
