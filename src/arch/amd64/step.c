/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The instructions with which Go's compiler exchanges a word of memory, by their bytes:
 *
 *     b8+r           mov    $imm32,reg        31 /r (reg = rm)   xor    reg,reg
 *     8d /r          lea    disp(base),reg    05, 81 /0, 83 /0   add    $imm,reg (of 64 bits)
 *     89 /r          mov    base,reg (of 64 bits, which is an address at 0)
 *     f0 0f b1 /r    lock cmpxchg reg,disp(base)
 *     0f 94 /0       sete   reg8              84 /r (reg = rm)   test   reg8,reg8
 *
 * Source: Intel SDM volume 2 (2.1.5, 2.2.1, and the instructions); Go's src/cmd/compile/internal/amd64/ssa.go.
 */
#include <string.h>

#include <ftrace/regs_amd64.h>

#include "arch/amd64/amd64.h"

#define PREFIX_LOCK 0xf0
#define REX_W       8
#define REX_R       4
#define REX_X       2
#define REX_B       1

/* By the number that instructions encode (SDM vol. 2, table 3-1). */
static const uint8_t numbers[16] = {
	FT_REG_AX,  FT_REG_CX,  FT_REG_DX,  FT_REG_BX,  FT_REG_SP,  FT_REG_BP,
	FT_REG_SI,  FT_REG_DI,  FT_REG_R8,  FT_REG_R9,  FT_REG_R10, FT_REG_R11,
	FT_REG_R12, FT_REG_R13, FT_REG_R14, FT_REG_R15,
};

/* What an instruction is made of; `rest` is what is left of it to read. */
struct parts {
	const uint8_t *code;
	size_t rest;
	bool lock, two; /* `two`: the opcode is behind 0f */
	uint8_t rex, opcode;
	/* Of ModRM and what it asks for: */
	uint8_t reg, rm; /* registers as encoded, with their REX bits; rm: the base in memory */
	bool memory;
	int32_t disp;
};

static bool take(struct parts *p, void *to, size_t len)
{
	if (len > p->rest)
		return false;
	memcpy(to, p->code, len);
	p->code += len;
	p->rest -= len;
	return true;
}

static bool take_opcode(struct parts *p)
{
	if (p->rest && *p->code == PREFIX_LOCK) {
		p->lock = true;
		p->code++;
		p->rest--;
	}
	if (p->rest && (*p->code & 0xf0) == 0x40 && !take(p, &p->rex, 1))
		return false;
	if (!take(p, &p->opcode, 1))
		return false;
	p->two = p->opcode == 0x0f;
	return !p->two || take(p, &p->opcode, 1);
}

static bool take_disp(struct parts *p, uint8_t mod)
{
	int8_t brief = 0;

	if (mod == 2)
		return take(p, &p->disp, sizeof(p->disp));
	if (mod == 1 && !take(p, &brief, sizeof(brief)))
		return false;
	p->disp = brief;
	return true;
}

/* A register, or memory at a register and a displacement: no index, and not beside the instruction. */
static bool take_modrm(struct parts *p)
{
	uint8_t modrm, sib, mod;

	if (!take(p, &modrm, 1))
		return false;
	mod = modrm >> 6;
	p->reg = (uint8_t)((modrm >> 3 & 7) | (p->rex & REX_R ? 8 : 0));
	p->rm = (uint8_t)((modrm & 7) | (p->rex & REX_B ? 8 : 0));
	p->memory = mod != 3;
	if (!p->memory)
		return true;
	if ((modrm & 7) == 4) {
		if (!take(p, &sib, 1) || (sib >> 3 & 7) != 4 || p->rex & REX_X)
			return false;
		p->rm = (uint8_t)((sib & 7) | (p->rex & REX_B ? 8 : 0));
	}
	/* Without a displacement, 5 says that there is no base. */
	if (!mod && (p->rm & 7) == 5)
		return false;
	return take_disp(p, mod);
}

/* The low 8 bits of a register; without REX the numbers from 4 on are ah to bh. */
static bool is_low(const struct parts *p, uint8_t number)
{
	return number < 4 || p->rex;
}

static struct arch_step step_two(struct parts *p)
{
	struct arch_step step = {0};

	if ((p->opcode != 0xb1 && p->opcode != 0x94) || !take_modrm(p) || p->rest)
		return step;
	if (p->opcode == 0xb1 && p->lock && p->memory && !(p->rex & REX_W))
		step = (struct arch_step){ARCH_STEP_EXCHANGE, numbers[p->reg], numbers[p->rm],
					  p->disp};
	if (p->opcode == 0x94 && !p->lock && !p->memory && is_low(p, p->rm))
		step = (struct arch_step){.kind = ARCH_STEP_EQUAL, .reg = numbers[p->rm]};
	return step;
}

static struct arch_step constant(struct parts *p)
{
	uint8_t number = (uint8_t)((p->opcode & 7) | (p->rex & REX_B ? 8 : 0));
	uint32_t value;

	if (p->rex & REX_W || !take(p, &value, sizeof(value)) || p->rest)
		return (struct arch_step){0};
	return (struct arch_step){
		.kind = ARCH_STEP_CONSTANT, .reg = numbers[number], .value = value};
}

static struct arch_step added(uint8_t number, int32_t value)
{
	return (struct arch_step){ARCH_STEP_ADDRESS, numbers[number], numbers[number], value};
}

/* add, of which 81 and 83 are one of eight. */
static struct arch_step addition(struct parts *p)
{
	int32_t value = 0;
	int8_t brief = 0;

	if (!(p->rex & REX_W))
		return (struct arch_step){0};
	if (p->opcode == 0x05)
		return take(p, &value, sizeof(value)) && !p->rest ? added(0, value)
								  : (struct arch_step){0};
	if (!take_modrm(p) || p->memory || p->reg & 7)
		return (struct arch_step){0};
	if (p->opcode == 0x81 && take(p, &value, sizeof(value)) && !p->rest)
		return added(p->rm, value);
	if (p->opcode == 0x83 && take(p, &brief, sizeof(brief)) && !p->rest)
		return added(p->rm, brief);
	return (struct arch_step){0};
}

static struct arch_step step_one(struct parts *p)
{
	struct arch_step step = {0};

	if (p->lock)
		return step;
	if (p->opcode >= 0xb8 && p->opcode <= 0xbf)
		return constant(p);
	if (p->opcode == 0x05 || p->opcode == 0x81 || p->opcode == 0x83)
		return addition(p);
	if ((p->opcode != 0x8d && p->opcode != 0x89 && p->opcode != 0x84 && p->opcode != 0x31) ||
	    !take_modrm(p) || p->rest)
		return step;
	if (p->opcode == 0x8d && p->memory && p->rex & REX_W)
		step = (struct arch_step){ARCH_STEP_ADDRESS, numbers[p->reg], numbers[p->rm],
					  p->disp};
	if (p->opcode == 0x89 && !p->memory && p->rex & REX_W)
		step = (struct arch_step){ARCH_STEP_ADDRESS, numbers[p->rm], numbers[p->reg], 0};
	if (p->opcode == 0x84 && !p->memory && p->reg == p->rm && is_low(p, p->rm))
		step = (struct arch_step){.kind = ARCH_STEP_TEST, .reg = numbers[p->rm]};
	if (p->opcode == 0x31 && !p->memory && p->reg == p->rm)
		step = (struct arch_step){.kind = ARCH_STEP_CONSTANT, .reg = numbers[p->rm]};
	return step;
}

struct arch_step amd64_step(const uint8_t *code, size_t len)
{
	struct parts p = {.code = code, .rest = len};

	if (!take_opcode(&p))
		return (struct arch_step){0};
	return p.two ? step_two(&p) : step_one(&p);
}
