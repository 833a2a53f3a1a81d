/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/late.h"

#include <ftrace/cookie.h>

#include "plan/plan.h"

/* Instructions that are looked at. Long stretches without a branch are assembly's, with vectors. */
#define STRETCH_MAX 64

static bool has_target(const struct insn *insn)
{
	return insn->kind == INSN_JMP || insn->kind == INSN_JCC;
}

/*
 * Whether a jump leads to where the call would be seen again, or past where it is not yet. Where jumps through registers or
 * tables lead is not known.
 */
static bool is_entered_elsewhere(const struct body *body, const struct insn *site)
{
	for (size_t i = 0; i < body->ninsns; i++) {
		const struct insn *insn = &body->insns[i];

		if (insn->kind == INSN_JMP_REG || insn->kind == INSN_JMP_MEM)
			return true;
		if (has_target(insn) && insn->target >= body->func.entry &&
		    insn->target <= site->addr)
			return true;
	}
	return false;
}

/* The way that a call takes ends at this instruction: a branch, or what is not known enough. */
static bool ends_stretch(const struct insn *insn)
{
	switch (insn->kind) {
	case INSN_OTHER:
	case INSN_ADDRESS:
	case INSN_NOP:
		return insn->emulated;
	default:
		return true;
	}
}

/* A place for the only probe of a call: its end, which it runs straight to. */
static bool is_leaf(struct body *body, const struct insn *insn)
{
	if (!insn->probeable)
		return false;
	return insn->kind == INSN_RET ? insn->plain_return
				      : insn->kind == INSN_JMP && body_leaves(body, insn);
}

/* What the stretch up to `insn` changes, one more instruction of it: false when it is too much. */
static bool add_effects(const struct body *body, const struct insn *insn, struct late *late)
{
	const struct arch *arch = image_info(body->image)->arch;
	const uint8_t *code = image_code(body->image, insn->addr, insn->len);
	struct arch_effects effects;

	if (!code || !arch->effects(code, insn->len, &effects))
		return false;
	late->written |= effects.written;
	late->stores |= effects.stores;
	/* The frame pointer leads to the callers, SP says how deep the frame lies. */
	return !(effects.written & (1u << arch->abi->sp | 1u << arch->abi->fp));
}

struct late late_find(struct body *body)
{
	const struct late none = {0};
	struct late late = {0};
	const struct insn *insn = body->insns;
	const struct insn *end = insn + (body->ninsns < STRETCH_MAX ? body->ninsns : STRETCH_MAX);

	for (; insn < end && !ends_stretch(insn); insn++)
		if (!add_effects(body, insn, &late))
			return none;
	if (insn == end || is_entered_elsewhere(body, insn))
		return none;
	late.leaf = is_leaf(body, insn);
	/* What is emulated from the start stays, unless both ends of the call stand there. */
	if (!late.leaf && (!insn->emulated || insn == body->insns || body_leaves(body, insn)))
		return none;
	late.addr = insn->addr;
	return late;
}

/* Whether an operation finds at the late site what it would have found at the entry. */
static bool reads_the_same(const struct arch_abi *abi, const struct late *late,
			   const struct ft_op *op)
{
	uint32_t differ = late->written | 1u << abi->ip;
	uint64_t names = (uint64_t)op->imm;

	switch (op->code) {
	case FT_OP_REG:
		return !(differ >> op->reg & 1);
	case FT_OP_REGS:
		for (unsigned int i = 0; i < op->reg; i++, names >>= 8)
			if (differ >> (names & (FT_REGS - 1)) & 1)
				return false;
		return true;
	case FT_OP_LOAD:
	case FT_OP_READ:
	case FT_OP_READN:
	case FT_OP_GUESS:
	case FT_OP_STR:
		return !late->stores;
	default:
		return true;
	}
}

static bool fits(const struct plan *plan, const struct plan_func *func)
{
	const struct arch_abi *abi = image_info(plan->images[func->image].image)->arch->abi;

	for (size_t i = 0; func->args && i < func->args->nops; i++)
		if (!reads_the_same(abi, &func->late, &func->args->ops[i]))
			return false;
	return true;
}

static void move_entry(struct site *entry, uint64_t addr)
{
	entry->offset += addr - entry->addr;
	entry->addr = addr;
	entry->emulated = true;
}

/* The end is the site that follows the entry's, and is not attached by itself. */
static void join_ends(const struct plan *plan, const struct plan_func *func)
{
	struct site *entry = &plan->sites[func->first_site], *exit = entry + 1;

	entry->flags |= exit->flags & (FT_C_RET | FT_C_FETCH);
	entry->leaf = exit->leaf = true;
}

void late_settle(struct plan *plan, struct plan_func *func)
{
	struct site *sites = &plan->sites[func->first_site];

	if (!func->late.addr || !fits(plan, func))
		return;
	/* Code behind the end of a leaf, which nothing leads to, may have ends of its own. */
	if (func->late.leaf && (func->nsites != 2 || sites[1].addr != func->late.addr))
		return;
	move_entry(&sites[0], func->late.addr);
	plan->nlate++;
	if (func->late.leaf)
		join_ends(plan, func);
}
