/* SPDX-License-Identifier: GPL-2.0-only */
#include "arch/amd64/amd64.h"

#include <Zydis/Zydis.h>

#include <ftrace/regs_amd64.h>

/* By the number that instructions encode (SDM vol. 2, table 3-1). */
static const uint8_t numbers[16] = {
	FT_REG_AX,  FT_REG_CX,  FT_REG_DX,  FT_REG_BX,  FT_REG_SP,  FT_REG_BP,
	FT_REG_SI,  FT_REG_DI,  FT_REG_R8,  FT_REG_R9,  FT_REG_R10, FT_REG_R11,
	FT_REG_R12, FT_REG_R13, FT_REG_R14, FT_REG_R15,
};

/* The bit of a register in `written`; 0 of those that no program reads (vectors, segments). */
static uint32_t bit_of(ZydisRegister reg)
{
	ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);

	if (ZydisRegisterGetClass(reg) == ZYDIS_REGCLASS_FLAGS)
		return 1u << FT_REG_FLAGS;
	if (ZydisRegisterGetClass(whole) == ZYDIS_REGCLASS_GPR64)
		return 1u << numbers[(uint8_t)ZydisRegisterGetId(whole) & 15];
	return 0;
}

/* What is beyond registers and memory: the kernel, another code segment, the thread pointer. */
static bool is_opaque(const ZydisDecodedInstruction *in)
{
	switch (in->meta.category) {
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
	case ZYDIS_CATEGORY_SYSTEM:
	case ZYDIS_CATEGORY_INTERRUPT:
	case ZYDIS_CATEGORY_RDWRFSGS:
	case ZYDIS_CATEGORY_IO:
		return true;
	default:
		return false;
	}
}

bool amd64_effects(const uint8_t *code, size_t len, struct arch_effects *effects)
{
	ZydisDecodedOperand ops[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction in;
	ZydisDecoder decoder;

	*effects = (struct arch_effects){0};
	if (!ZYAN_SUCCESS(
		    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)) ||
	    !ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code, len, &in, ops)) || is_opaque(&in))
		return false;
	for (uint8_t i = 0; i < in.operand_count; i++) {
		if (!(ops[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			continue;
		if (ops[i].type == ZYDIS_OPERAND_TYPE_REGISTER)
			effects->written |= bit_of(ops[i].reg.value);
		else if (ops[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			effects->stores = true;
	}
	return true;
}
