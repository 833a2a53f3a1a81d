/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * insn: one machine instruction, seen as a place for a probe. What fills it is the architecture's decoder
 * (arch.h).
 */
#ifndef FTRACE_ARCH_INSN_H
#define FTRACE_ARCH_INSN_H

#include <stdbool.h>
#include <stdint.h>

enum insn_kind {
	INSN_OTHER,
	INSN_PUSH, /* puts a register on the stack */
	INSN_RET,  /* near return, whatever else it takes off the stack */
	INSN_CALL, /* target is known */
	INSN_CALL_INDIRECT,
	INSN_JMP,     /* target is known */
	INSN_JMP_REG, /* through a register */
	INSN_JMP_MEM, /* through memory */
	INSN_JCC,     /* conditional jump, target is known, condition in cond */
	INSN_NOP,     /* any nop */
	INSN_TRAP,    /* never falls through */
	INSN_ADDRESS, /* makes an address from its own: target */
};

/* No condition that a program could test in saved flags. */
#define INSN_COND_NONE 0xff

struct insn {
	uint64_t addr;
	uint64_t target; /* CALL, JMP, JCC, ADDRESS */
	uint8_t len;
	uint8_t kind; /* enum insn_kind */
	uint8_t cond; /* JCC: the architecture's number of the condition, 7 bits, or INSN_COND_NONE */
	bool scaled_index; /* JMP_MEM with an index register: a jump table */
	bool plain_return; /* RET that takes nothing but the return address off the stack */
	bool probeable;    /* the kernel accepts a uprobe on it */
	bool emulated;     /* every kernel since 5.15 emulates it: one trap instead of two */
	bool reads_stack_guard; /* compares a register with g.stackguard0 (or 1), g being in its register */
};

#endif
