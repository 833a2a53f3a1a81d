/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * insn: one x86-64 instruction, seen as a place for a probe.
 *
 * Sources: Intel SDM volume 2; the kernel's arch/x86/kernel/uprobes.c (which instructions it
 * accepts, which it emulates and which it steps out of line); tried on Linux 6.18.
 */
#ifndef FTRACE_IMAGE_INSN_H
#define FTRACE_IMAGE_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum insn_kind {
	INSN_OTHER,
	INSN_PUSH, /* push r64 */
	INSN_RET,  /* near ret, with or without immediate */
	INSN_CALL, /* call rel32: target is known */
	INSN_CALL_INDIRECT,
	INSN_JMP,     /* jmp rel8/rel32: target is known */
	INSN_JMP_REG, /* jmp through a register */
	INSN_JMP_MEM, /* jmp through memory */
	INSN_JCC,     /* conditional jump, target is known, condition in cond */
	INSN_NOP,     /* any nop */
	INSN_TRAP,    /* int3, ud2, hlt: never falls through */
	INSN_LEA,     /* lea N(%rip): target is the address that it makes */
};

/* x86 condition codes as the low nibble of the opcode has them (SDM vol. 2, appendix B.1.4.7). */
enum insn_cond { INSN_CC_B = 2, INSN_CC_BE = 6, INSN_CC_NONE = 0xff /* jrcxz, loop */ };

struct insn {
	uint64_t addr;
	uint64_t target; /* CALL, JMP, JCC, LEA */
	uint8_t len;
	uint8_t kind;           /* enum insn_kind */
	uint8_t cond;           /* JCC: enum insn_cond or any other x86 condition code */
	bool scaled_index;      /* JMP_MEM with an index register: a jump table */
	bool probeable;         /* the kernel accepts a uprobe on it */
	bool emulated;          /* every kernel since 5.15 emulates it: one trap instead of two */
	bool reads_stack_guard; /* cmp of a register with 0x10(%r14), g.stackguard0; also 0x18 */
};

/* Decodes the instruction at `code`, of which `len` bytes may be read, and which stands at `addr`.
 * Returns its length, or -EILSEQ when the bytes are no instruction. */
int insn_decode(const uint8_t *code, size_t len, uint64_t addr, struct insn *insn);

/* What an instruction has to do with thread-local memory. */
enum insn_tls_kind {
	INSN_TLS_NONE,
	INSN_TLS_ABS,  /* reads or writes 8 bytes at %fs:value */
	INSN_TLS_REG,  /* reads or writes 8 bytes at %fs:value(reg) */
	INSN_TLS_SET,  /* reg = value, a 64-bit register set to a constant */
	INSN_TLS_LOAD, /* reg = 8 bytes at address `value`, RIP-relative (a slot of the GOT) */
};

struct insn_tls {
	uint8_t kind; /* enum insn_tls_kind */
	uint8_t reg;  /* 0 to 15 as the instruction encodes it */
	int64_t value;
};

/* As insn_decode(), but tells only about thread-local memory. */
int insn_decode_tls(const uint8_t *code, size_t len, uint64_t addr, struct insn_tls *tls);

#endif
