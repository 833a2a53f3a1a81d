/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/exchange.h"

#include <errno.h>

/* Instructions that are looked at before an exchange, for what registers hold. */
#define BEFORE_MAX 8

static const struct arch *arch_of_body(const struct body *body)
{
	return image_info(body->image)->arch;
}

static struct arch_step step_at(const struct body *body, size_t index)
{
	const struct insn *insn = &body->insns[index];
	const uint8_t *code = image_code(body->image, insn->addr, insn->len);

	if (!code)
		return (struct arch_step){0};
	return arch_of_body(body)->step(code, insn->len);
}

static bool is_jumped_to(const struct body *body, size_t index)
{
	uint64_t addr = body->insns[index].addr;

	for (size_t i = 0; i < body->ninsns; i++) {
		const struct insn *insn = &body->insns[i];

		if ((insn->kind == INSN_JMP || insn->kind == INSN_JCC) && insn->target == addr)
			return true;
	}
	return false;
}

/* Whether whoever comes to the instruction has just run the one before it, which leaves other registers alone than those
 * it says. */
static bool follows(const struct body *body, size_t index)
{
	if (!index || is_jumped_to(body, index))
		return false;
	switch (body->insns[index - 1].kind) {
	case INSN_OTHER:
	case INSN_ADDRESS:
	case INSN_NOP:
	case INSN_JCC:
		return true;
	default:
		return false;
	}
}

static bool writes(const struct body *body, size_t index, uint8_t reg)
{
	const struct insn *insn = &body->insns[index];
	const uint8_t *code = image_code(body->image, insn->addr, insn->len);
	struct arch_effects effects;

	return !code || !arch_of_body(body)->effects(code, insn->len, &effects) ||
	       effects.written >> reg & 1;
}

/* The instruction that gave the register what it holds at `index`, copies from others followed; an OTHER where that is not
 * known. */
static struct arch_step origin(const struct body *body, size_t index, uint8_t reg)
{
	for (size_t n = 0; n < BEFORE_MAX && follows(body, index); n++) {
		struct arch_step step = step_at(body, --index);

		if (!writes(body, index, reg))
			continue;
		if (step.reg != reg)
			break;
		if (step.kind != ARCH_STEP_ADDRESS || step.value || step.base == reg)
			return step;
		reg = step.base;
	}
	return (struct arch_step){0};
}

/* A state that is in the register at `index`, or which register it is. */
static uint8_t operand(const struct body *body, size_t index, uint8_t reg)
{
	struct arch_step step = origin(body, index, reg);
	int64_t state = step.value & ~(int64_t)FT_G_SCAN;

	if (step.kind == ARCH_STEP_CONSTANT && state >= 0 && state < FT_G_STATES)
		return (uint8_t)(FT_STATE_CONST | state);
	return reg;
}

static bool uses(const struct ft_state_site *at, uint8_t reg)
{
	return at->g == reg || at->from == reg || at->to == reg;
}

/* The jump that tests what the exchange behind which `index` stands has come to; 0 when there is none that all pass. */
static size_t find_jump(const struct body *body, size_t index, const struct ft_state_site *at)
{
	struct arch_step equal = step_at(body, index), test;

	if (equal.kind != ARCH_STEP_EQUAL || uses(at, equal.reg))
		return 0;
	do {
		if (++index == body->ninsns || is_jumped_to(body, index))
			return 0;
	} while (body->insns[index].kind == INSN_NOP);
	test = step_at(body, index);
	if (test.kind != ARCH_STEP_TEST || test.reg != equal.reg)
		return 0;
	return index + 1 < body->ninsns && !is_jumped_to(body, index + 1) ? index + 1 : 0;
}

static bool tests_equal(const struct body *body, size_t index)
{
	const struct insn *insn = &body->insns[index];

	return insn->kind == INSN_JCC && insn->probeable &&
	       (insn->cond | 1) == (arch_of_body(body)->equal | 1);
}

/* Behind the exchange itself. */
static int place(const struct body *body, size_t index, struct exchange *found)
{
	uint8_t equal = arch_of_body(body)->equal;
	size_t next = index + 1, jump;

	if (next >= body->ninsns || is_jumped_to(body, next))
		return -ENOTSUP;
	jump = find_jump(body, next, &found->at);
	if (jump && tests_equal(body, jump)) {
		/* Equal to 0 is what says that they were not equal. */
		found->insn = &body->insns[jump];
		found->cond = found->insn->cond;
		found->only_if = found->cond != equal;
		found->only_if_not = !found->only_if;
		return 1;
	}
	if (!body->insns[next].probeable)
		return -ENOTSUP;
	found->insn = &body->insns[next];
	found->cond = equal;
	found->only_if = true;
	return 1;
}

static int find_inline(const struct body *body, size_t index, const struct arch_step *step,
		       struct exchange *found)
{
	found->at = (struct ft_state_site){
		.g = step->base,
		.from = operand(body, index, arch_of_body(body)->compared),
		.to = operand(body, index, step->reg),
	};
	return place(body, index, found);
}

/* The first argument is the word's address: only of one that is made right before the call it is known whose it is. */
static int find_call(const struct body *body, size_t index, const struct exchange_search *search,
		     struct exchange *found)
{
	const struct arch_abi *abi = arch_of_body(body)->abi;
	struct arch_step address = origin(body, index, abi->ints[0].number);

	if (address.kind != ARCH_STEP_ADDRESS || address.value != search->status)
		return 0;
	if (!body->insns[index].probeable)
		return -ENOTSUP;
	found->insn = &body->insns[index];
	found->at = (struct ft_state_site){
		.g = abi->ints[0].number,
		.offset = search->status,
		.from = operand(body, index, abi->ints[1].number),
		.to = operand(body, index, abi->ints[2].number),
		.ahead = 1,
	};
	return 1;
}

int exchange_find(const struct body *body, size_t index, const struct exchange_search *search,
		  struct exchange *found)
{
	const struct insn *insn = &body->insns[index];
	struct arch_step step;

	*found = (struct exchange){.cond = INSN_COND_NONE};
	if (insn->kind == INSN_CALL && insn->target &&
	    (insn->target == search->functions[0] || insn->target == search->functions[1]))
		return find_call(body, index, search, found);
	if (insn->kind != INSN_OTHER)
		return 0;
	step = step_at(body, index);
	if (step.kind != ARCH_STEP_EXCHANGE || step.value != search->status)
		return 0;
	return find_inline(body, index, &step, found);
}
