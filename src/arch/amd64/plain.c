/* SPDX-License-Identifier: GPL-2.0-only */
#include "arch/amd64/plain.h"

#include <string.h>

/* What follows an opcode, and when it is not plain after all. */
enum {
	BARE = 1,      /* nothing */
	MODRM = 2,     /* ModRM, SIB and displacement as it says */
	BYTE = 4,      /* an immediate byte */
	DWORD = 8,     /* an immediate of 4 bytes, which a 66 would make 2 */
	FULL = 16,     /* the same, of 8 bytes with REX.W */
	GROUP = 32,    /* ModRM.reg is a part of the opcode */
	COMPARE = 64,  /* may look at the stack guard, whose base is R14 */
	ADDRESS = 128, /* lea */
};

/* add, or, adc, sbb, and, sub, xor, cmp: four forms with ModRM, two with an immediate. */
#define ARITHMETIC(first, flags) \
	[(first)...(first) + 3] = MODRM | (flags), [(first) + 4] = BYTE, [(first) + 5] = DWORD

static const uint8_t one_byte[256] = {
	ARITHMETIC(0x00, 0),
	ARITHMETIC(0x08, 0),
	ARITHMETIC(0x10, 0),
	ARITHMETIC(0x18, 0),
	ARITHMETIC(0x20, 0),
	ARITHMETIC(0x28, 0),
	ARITHMETIC(0x30, 0),
	ARITHMETIC(0x38, COMPARE),
	[0x58 ... 0x5f] = BARE, /* pop */
	[0x63] = MODRM,         /* movsxd */
	[0x69] = MODRM | DWORD, /* imul */
	[0x6b] = MODRM | BYTE,
	[0x80] = MODRM | BYTE,
	[0x81] = MODRM | DWORD,
	[0x83] = MODRM | BYTE,
	[0x84 ... 0x8b] = MODRM, /* test, xchg, mov */
	[0x8d] = MODRM | ADDRESS,
	[0x98 ... 0x99] = BARE, /* cdqe, cqo */
	[0xa8] = BYTE,          /* test */
	[0xa9] = DWORD,
	[0xb0 ... 0xb7] = BYTE, /* mov */
	[0xb8 ... 0xbf] = FULL,
	[0xc0 ... 0xc1] = MODRM | BYTE, /* shifts */
	[0xc6] = MODRM | BYTE | GROUP,  /* mov */
	[0xc7] = MODRM | DWORD | GROUP,
	[0xd0 ... 0xd3] = MODRM,         /* shifts */
	[0xf6 ... 0xf7] = MODRM | GROUP, /* test, not, neg, mul, div */
	[0xfe ... 0xff] = MODRM | GROUP, /* inc, dec */
};

/* Opcodes behind 0f, all with ModRM but bswap: under which prefixes they are plain. */
enum { P_NONE = 1, P_66 = 2, P_F3 = 4, P_F2 = 8, P_ALL = 15 };

static const uint8_t two_byte[256] = {
	[0x10 ... 0x11] = P_ALL,         /* movups, movss, movsd */
	[0x14] = P_NONE | P_66,          /* unpcklps */
	[0x1f] = P_NONE | P_66,          /* nop */
	[0x28 ... 0x29] = P_NONE | P_66, /* movaps */
	[0x2a] = P_F3 | P_F2,            /* cvtsi2ss */
	[0x2c ... 0x2d] = P_F3 | P_F2,
	[0x2e ... 0x2f] = P_NONE | P_66, /* ucomiss */
	[0x40 ... 0x4f] = P_NONE | P_66, /* cmov */
	[0x51] = P_ALL,                  /* sqrt */
	[0x54 ... 0x57] = P_NONE | P_66, /* and, andn, or, xor */
	[0x58 ... 0x5a] = P_ALL,         /* add, mul, convert */
	[0x5c ... 0x5f] = P_ALL,         /* sub, min, div, max */
	[0x6e] = P_66,                   /* movd */
	[0x6f] = P_66 | P_F3,            /* movdqa, movdqu */
	[0x7e ... 0x7f] = P_66 | P_F3,
	[0x90 ... 0x9f] = P_NONE, /* setcc */
	[0xa3] = P_NONE,          /* bt, bts, btr */
	[0xab] = P_NONE,
	[0xaf] = P_NONE | P_66, /* imul */
	[0xb3] = P_NONE,
	[0xb6 ... 0xb7] = P_NONE | P_66, /* movzx */
	[0xb8] = P_F3,                   /* popcnt */
	[0xba] = P_NONE,                 /* bt with an immediate byte */
	[0xbb] = P_NONE,
	[0xbc ... 0xbd] = P_NONE | P_F3, /* bsf, tzcnt */
	[0xbe ... 0xbf] = P_NONE | P_66, /* movsx */
	[0xc8 ... 0xcf] = P_NONE,        /* bswap */
	[0xd6] = P_66,                   /* movq */
	[0xef] = P_66,                   /* pxor */
};

/* Where the decoding stands. */
struct plain {
	const uint8_t *code;
	size_t len, at;
	uint8_t prefix; /* P_* */
	uint8_t rex;    /* 0: none */
	uint8_t opcode;
};

/* Immediate bytes of an instruction whose opcode goes on in ModRM.reg, `imm` for the first; -1: not
 * plain. */
static int group_immediate(const struct plain *p, int imm, unsigned int reg)
{
	switch (p->opcode) {
	case 0xc6:
	case 0xc7:
		return reg ? -1 : imm;
	case 0xf6:
	case 0xf7:
		if (reg > 1)
			return 0;
		if (reg == 1 || (p->opcode == 0xf7 && p->prefix == P_66))
			return -1;
		return p->opcode == 0xf6 ? 1 : 4;
	default:
		return reg > 1 ? -1 : 0;
	}
}

/* Bytes of ModRM at code[at] with what it brings along; 0: not all there. */
static size_t modrm_length(const struct plain *p)
{
	uint8_t modrm = p->code[p->at], mod = modrm >> 6, rm = modrm & 7;
	size_t length = 1;

	if (mod == 3)
		return 1;
	if (rm == 4) {
		if (p->at + 1 >= p->len)
			return 0;
		length = 2;
		rm = p->code[p->at + 1] & 7;
	}
	if (mod == 0)
		return length + (rm == 5 ? 4 : 0);
	return length + (mod == 1 ? 1 : 4);
}

static int64_t signed_at(const uint8_t *bytes, size_t size)
{
	int32_t value;

	if (size == 1)
		return (int8_t)bytes[0];
	memcpy(&value, bytes, sizeof(value));
	return value;
}

/* Ends a plain instruction of `length` bytes in all; 0: they are not all there. */
static int finish(const struct plain *p, size_t length, uint64_t addr, enum insn_kind kind,
		  struct insn *insn)
{
	if (length > p->len)
		return 0;
	*insn = (struct insn){
		.addr = addr,
		.len = (uint8_t)length,
		.kind = (uint8_t)kind,
		.probeable = true,
	};
	return (int)length;
}

/* What the kernel carries out itself. */
static int emulated(const struct plain *p, uint64_t addr, enum insn_kind kind, struct insn *insn)
{
	int length = finish(p, p->at, addr, kind, insn);

	insn->emulated = length > 0;
	return length;
}

static int plain_return(const struct plain *p, uint64_t addr, struct insn *insn)
{
	int length = finish(p, p->at, addr, INSN_RET, insn);

	insn->plain_return = length > 0;
	return length;
}

/* A branch to where the last `size` bytes say, relative to its end. */
static int branch(const struct plain *p, size_t size, uint64_t addr, enum insn_kind kind,
		  struct insn *insn)
{
	int length = finish(p, p->at + size, addr, kind, insn);

	if (!length)
		return 0;
	insn->target = addr + (uint64_t)length + (uint64_t)signed_at(p->code + p->at, size);
	insn->emulated = true;
	if (kind == INSN_JCC)
		insn->cond = p->opcode & 0x0f;
	return length;
}

static int with_modrm(const struct plain *p, uint8_t flags, uint64_t addr, struct insn *insn)
{
	size_t length = p->at < p->len ? modrm_length(p) : 0;
	uint8_t modrm = length ? p->code[p->at] : 0;
	int imm = flags & BYTE ? 1 : flags & DWORD ? 4 : 0;

	if (!length || (flags & COMPARE && p->rex & 1))
		return 0;
	if (flags & GROUP)
		imm = group_immediate(p, imm, modrm >> 3 & 7);
	if (imm < 0)
		return 0;
	if (flags & ADDRESS && modrm >> 6 == 3)
		return 0;
	if (!(flags & ADDRESS) || (modrm & 0xc7) != 0x05)
		return finish(p, p->at + length + (size_t)imm, addr, INSN_OTHER, insn);
	if (!finish(p, p->at + length, addr, INSN_ADDRESS, insn))
		return 0;
	insn->target = addr + insn->len + (uint64_t)signed_at(p->code + p->at + 1, 4);
	return insn->len;
}

static int from_one_byte(const struct plain *p, uint64_t addr, struct insn *insn)
{
	uint8_t flags = one_byte[p->opcode];
	size_t imm = 0;

	if (p->prefix == P_NONE && !p->rex) {
		switch (p->opcode) {
		case 0x50 ... 0x57:
			return emulated(p, addr, INSN_PUSH, insn);
		case 0x70 ... 0x7f:
			return branch(p, 1, addr, INSN_JCC, insn);
		case 0x90:
			return emulated(p, addr, INSN_NOP, insn);
		case 0xc3:
			return plain_return(p, addr, insn);
		case 0xe8:
			return branch(p, 4, addr, INSN_CALL, insn);
		case 0xe9:
			return branch(p, 4, addr, INSN_JMP, insn);
		case 0xeb:
			return branch(p, 1, addr, INSN_JMP, insn);
		}
	}
	if (!flags || p->prefix > P_66 || (p->prefix == P_66 && flags & (DWORD | FULL)))
		return 0;
	if (flags & MODRM)
		return with_modrm(p, flags, addr, insn);
	if (flags & BYTE)
		imm = 1;
	else if (flags & DWORD)
		imm = 4;
	else if (flags & FULL)
		imm = p->rex & 8 ? 8 : 4;
	return finish(p, p->at + imm, addr, INSN_OTHER, insn);
}

static int from_two_bytes(const struct plain *p, uint64_t addr, struct insn *insn)
{
	int length;

	if (p->prefix == P_NONE && !p->rex && p->opcode >> 4 == 8)
		return branch(p, 4, addr, INSN_JCC, insn);
	if (!(two_byte[p->opcode] & p->prefix))
		return 0;
	if (p->opcode >= 0xc8 && p->opcode <= 0xcf)
		return finish(p, p->at, addr, INSN_OTHER, insn);
	if (p->at >= p->len)
		return 0;
	if (p->opcode == 0xba) /* below 4 there is none */
		return p->code[p->at] & 0x20 ? with_modrm(p, BYTE, addr, insn) : 0;
	length = with_modrm(p, 0, addr, insn);
	if (length && p->opcode == 0x1f)
		insn->kind = INSN_NOP;
	return length;
}

int amd64_plain(const uint8_t *code, size_t len, uint64_t addr, struct insn *insn)
{
	struct plain p = {.code = code, .len = len, .prefix = P_NONE};

	if (!len)
		return 0;
	if (code[0] == 0x66 || code[0] == 0xf2 || code[0] == 0xf3) {
		p.prefix = code[0] == 0x66 ? P_66 : code[0] == 0xf2 ? P_F2 : P_F3;
		p.at++;
	}
	if (p.at < len && code[p.at] >> 4 == 4)
		p.rex = code[p.at++];
	if (p.at >= len)
		return 0;
	p.opcode = code[p.at++];
	if (p.opcode != 0x0f)
		return from_one_byte(&p, addr, insn);
	if (p.at >= len)
		return 0;
	p.opcode = code[p.at++];
	return from_two_bytes(&p, addr, insn);
}
