/* SPDX-License-Identifier: GPL-2.0-only */
#include "arch/amd64/amd64.h"

#include <Zydis/Zydis.h>
#include <errno.h>
#include <string.h>

#include "arch/amd64/plain.h"

/* First opcode bytes (also the opcode byte after a VEX or EVEX prefix) that uprobes.c takes in
 * 64-bit code, one bit each: its good_insns_64, the same in 5.15 and 7.3. The byte 0x0f is among
 * them, so that every instruction of the two- and three-byte maps is taken. */
static const uint32_t good_opcodes[256 / 32] = {
	0x3f3fbf3f, /* 00-1f: not 06 07 0e 16 17 1e 1f */
	0x7f7f7f7f, /* 20-3f: not 27 2f 37 3f */
	0xffffffff, /* 40-5f */
	0xffff0ff8, /* 60-7f: not 60-62 6c-6f */
	0xfbfffffb, /* 80-9f: not 82 9a */
	0xffffffff, /* a0-bf */
	0xff8f0fff, /* c0-df: not cc-cf d4-d6 */
	0xf3ed0b0f, /* e0-ff: not e4-e7 ea ec-ef f1 f4 fa fb */
};

static bool opcode_is_good(uint8_t opcode)
{
	return good_opcodes[opcode / 32] >> (opcode % 32) & 1;
}

/* What is looked at needs no operands in nine of ten instructions, and they are half of the work. */
static bool needs_operands(const ZydisDecodedInstruction *in)
{
	switch (in->mnemonic) {
	case ZYDIS_MNEMONIC_CALL:
	case ZYDIS_MNEMONIC_CMP:
	case ZYDIS_MNEMONIC_JMP:
	case ZYDIS_MNEMONIC_LEA:
	case ZYDIS_MNEMONIC_MOV:
	case ZYDIS_MNEMONIC_PUSH:
		return true;
	default:
		return in->meta.category == ZYDIS_CATEGORY_COND_BR;
	}
}

/* `all`: mov, too, which is the most frequent, and which only amd64_decode_tls() looks at. */
static int decode(const uint8_t *code, size_t len, bool all, ZydisDecodedInstruction *in,
		  ZydisDecodedOperand *ops)
{
	static const size_t longest = ZYDIS_MAX_INSTRUCTION_LENGTH;
	ZydisDecoderContext context;
	ZydisDecoder decoder;

	if (!ZYAN_SUCCESS(
		    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)))
		return -EILSEQ;
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, &context, code,
							len < longest ? len : longest, in)))
		return -EILSEQ;
	if (!needs_operands(in) || (in->mnemonic == ZYDIS_MNEMONIC_MOV && !all))
		return in->length;
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeOperands(&decoder, &context, in, ops,
						     in->operand_count_visible)))
		return -EILSEQ;
	return in->length;
}

static bool has_prefix(const ZydisDecodedInstruction *in, uint8_t value)
{
	for (uint8_t i = 0; i < in->raw.prefix_count; i++)
		if (in->raw.prefixes[i].value == value)
			return true;
	return false;
}

/* is_prefix_bad() and insn_masking_exception() of uprobes.c and insn.h of the kernel. */
static bool kernel_refuses(const ZydisDecodedInstruction *in)
{
	static const uint8_t bad[] = {0x26, 0x2e, 0x36, 0x3e, 0xf0}; /* ES CS SS DS LOCK */

	for (size_t i = 0; i < sizeof(bad); i++)
		if (has_prefix(in, bad[i]))
			return true;
	return in->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && in->opcode == 0x8e &&
	       in->raw.modrm.reg == 2; /* mov to SS holds off the debug trap */
}

static bool is_relative(const ZydisDecodedInstruction *in, const ZydisDecodedOperand *ops)
{
	return in->operand_count_visible == 1 && ops[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE &&
	       ops[0].imm.is_relative;
}

static void classify_jump(const ZydisDecodedInstruction *in, const ZydisDecodedOperand *ops,
			  struct insn *insn)
{
	if (is_relative(in, ops))
		insn->kind = INSN_JMP;
	else if (ops[0].type == ZYDIS_OPERAND_TYPE_REGISTER)
		insn->kind = INSN_JMP_REG;
	else if (ops[0].type == ZYDIS_OPERAND_TYPE_MEMORY) {
		insn->kind = INSN_JMP_MEM;
		insn->scaled_index = ops[0].mem.index != ZYDIS_REGISTER_NONE;
	}
}

/* jrcxz and loop are conditional jumps of Zydis' category, but not of the kernel's emulation. */
static void classify_jcc(const ZydisDecodedInstruction *in, struct insn *insn)
{
	bool near = in->opcode_map == ZYDIS_OPCODE_MAP_0F && (in->opcode & 0xf0) == 0x80;
	bool brief = in->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && (in->opcode & 0xf0) == 0x70;

	insn->kind = INSN_JCC;
	insn->cond = in->opcode & 0x0f;
	insn->emulated = near || brief;
	if (!insn->emulated)
		insn->cond = INSN_COND_NONE;
}

static void classify(const ZydisDecodedInstruction *in, const ZydisDecodedOperand *ops,
		     struct insn *insn)
{
	switch (in->mnemonic) {
	case ZYDIS_MNEMONIC_PUSH:
		if (ops[0].type == ZYDIS_OPERAND_TYPE_REGISTER && in->opcode >= 0x50 &&
		    in->opcode <= 0x57 && in->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT) {
			insn->kind = INSN_PUSH;
			insn->emulated =
				in->length == 1 || (in->length == 2 && has_prefix(in, 0x41));
		}
		break;
	case ZYDIS_MNEMONIC_RET:
		/* c3 and c2 only: a far return is another instruction with the same name. */
		if (in->opcode == 0xc3 || in->opcode == 0xc2)
			insn->kind = INSN_RET;
		break;
	case ZYDIS_MNEMONIC_CALL:
		insn->kind = is_relative(in, ops) ? INSN_CALL : INSN_CALL_INDIRECT;
		insn->emulated = insn->kind == INSN_CALL;
		break;
	case ZYDIS_MNEMONIC_JMP:
		classify_jump(in, ops, insn);
		insn->emulated = insn->kind == INSN_JMP;
		break;
	case ZYDIS_MNEMONIC_NOP:
		insn->kind = INSN_NOP;
		/* Longer nops are emulated too, from 6.16 (five bytes) or 6.18 (all) on. */
		insn->emulated = in->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && in->opcode == 0x90;
		break;
	case ZYDIS_MNEMONIC_INT3:
	case ZYDIS_MNEMONIC_INT1:
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_HLT:
		insn->kind = INSN_TRAP;
		break;
	case ZYDIS_MNEMONIC_LEA:
		if (ops[1].mem.base == ZYDIS_REGISTER_RIP)
			insn->kind = INSN_ADDRESS;
		break;
	default:
		if (in->meta.category == ZYDIS_CATEGORY_COND_BR && is_relative(in, ops))
			classify_jcc(in, insn);
		break;
	}
}

static bool is_branch(const struct insn *insn)
{
	return insn->kind == INSN_CALL || insn->kind == INSN_JMP || insn->kind == INSN_JCC;
}

/* Whether uprobes.c takes the instruction. A 16-bit branch it refuses, since CPUs disagree on
 * it. `41 90` is xchg %rax,%r8, which kernels before 6.18 take for a nop. */
static bool is_probeable(const ZydisDecodedInstruction *in, const struct insn *insn)
{
	bool one_byte = in->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT;

	if (kernel_refuses(in))
		return false;
	if (is_branch(insn) && has_prefix(in, 0x66))
		return false;
	if (in->encoding == ZYDIS_INSTRUCTION_ENCODING_XOP ||
	    in->encoding == ZYDIS_INSTRUCTION_ENCODING_3DNOW)
		return false;
	if (in->encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY)
		return opcode_is_good(in->opcode);
	if (one_byte && in->opcode == 0x90 && in->mnemonic == ZYDIS_MNEMONIC_XCHG)
		return false;
	return !one_byte || opcode_is_good(in->opcode);
}

/* cmp of a register with 0x10(%r14), g.stackguard0; also 0x18 (Go's src/runtime/runtime2.go). */
static bool reads_stack_guard(const ZydisDecodedInstruction *in, const ZydisDecodedOperand *ops)
{
	const ZydisDecodedOperand *mem;

	if (in->mnemonic != ZYDIS_MNEMONIC_CMP || in->operand_count_visible != 2)
		return false;
	mem = ops[0].type == ZYDIS_OPERAND_TYPE_MEMORY ? &ops[0] : &ops[1];
	if (mem->type != ZYDIS_OPERAND_TYPE_MEMORY ||
	    (mem == &ops[0] ? &ops[1] : &ops[0])->type != ZYDIS_OPERAND_TYPE_REGISTER)
		return false;
	return mem->mem.base == ZYDIS_REGISTER_R14 && mem->mem.index == ZYDIS_REGISTER_NONE &&
	       mem->size == 64 && (mem->mem.disp.value == 0x10 || mem->mem.disp.value == 0x18);
}

int amd64_any(const uint8_t *code, size_t len, uint64_t addr, struct insn *insn)
{
	ZydisDecodedOperand ops[ZYDIS_MAX_OPERAND_COUNT_VISIBLE] = {0};
	ZydisDecodedInstruction in;
	int ret = decode(code, len, false, &in, ops);

	memset(insn, 0, sizeof(*insn));
	if (ret < 0)
		return ret;
	insn->addr = addr;
	insn->len = in.length;
	classify(&in, ops, insn);
	if (is_branch(insn))
		insn->target = addr + in.length + (uint64_t)ops[0].imm.value.s;
	if (insn->kind == INSN_ADDRESS)
		insn->target = addr + in.length + (uint64_t)ops[1].mem.disp.value;
	insn->probeable = is_probeable(&in, insn);
	insn->emulated = insn->emulated && insn->probeable;
	insn->plain_return = insn->kind == INSN_RET && in.length == 1;
	insn->reads_stack_guard = reads_stack_guard(&in, ops);
	return ret;
}

int amd64_decode(const uint8_t *code, size_t len, uint64_t addr, struct insn *insn)
{
	int length = amd64_plain(code, len, addr, insn);

	return length ? length : amd64_any(code, len, addr, insn);
}

static bool is_fs_slot(const ZydisDecodedOperand *op)
{
	return op->type == ZYDIS_OPERAND_TYPE_MEMORY && op->size == 64 &&
	       op->mem.segment == ZYDIS_REGISTER_FS && op->mem.index == ZYDIS_REGISTER_NONE;
}

static bool is_register64(const ZydisDecodedOperand *op)
{
	return op->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       ZydisRegisterGetClass(op->reg.value) == ZYDIS_REGCLASS_GPR64;
}

static void classify_tls(const ZydisDecodedInstruction *in, const ZydisDecodedOperand *ops,
			 uint64_t addr, struct amd64_tls *tls)
{
	const ZydisDecodedOperand *fs = is_fs_slot(&ops[0]) ? &ops[0] : &ops[1];

	if (is_fs_slot(fs)) {
		tls->value = fs->mem.disp.value;
		tls->kind = AMD64_TLS_ABS;
		if (fs->mem.base != ZYDIS_REGISTER_NONE) {
			tls->kind = AMD64_TLS_REG;
			tls->reg = (uint8_t)ZydisRegisterGetId(fs->mem.base);
		}
		return;
	}
	if (!is_register64(&ops[0]))
		return;
	tls->reg = (uint8_t)ZydisRegisterGetId(ops[0].reg.value);
	if (ops[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		tls->kind = AMD64_TLS_SET;
		tls->value = ops[1].imm.value.s;
	} else if (ops[1].type == ZYDIS_OPERAND_TYPE_MEMORY && ops[1].size == 64 &&
		   ops[1].mem.base == ZYDIS_REGISTER_RIP) {
		tls->kind = AMD64_TLS_LOAD;
		tls->value = (int64_t)(addr + in->length + (uint64_t)ops[1].mem.disp.value);
	}
}

int amd64_decode_tls(const uint8_t *code, size_t len, uint64_t addr, struct amd64_tls *tls)
{
	ZydisDecodedOperand ops[ZYDIS_MAX_OPERAND_COUNT_VISIBLE];
	ZydisDecodedInstruction in;
	int ret = decode(code, len, true, &in, ops);

	memset(tls, 0, sizeof(*tls));
	if (ret > 0 && in.mnemonic == ZYDIS_MNEMONIC_MOV && in.operand_count_visible == 2)
		classify_tls(&in, ops, addr, tls);
	return ret;
}
