/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arch: what differs from one processor architecture to the next, one struct of facts and functions for each.
 *
 * Only src/arch/NAME/ knows instructions, registers, relocations and calling convention of one; all others ask the
 * struct, which an executable's image hands out. Inputs are bytes, addresses and small structs: no file, no
 * process, no memory to be given back. Kernel side: bpf/arch/NAME.bpf.h, include/ftrace/regs_NAME.h,
 * vmlinux/NAME/.
 */
#ifndef FTRACE_ARCH_ARCH_H
#define FTRACE_ARCH_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/insn.h"

/* Instructions of Go's stack check at the head of a function; both point into what was looked at. */
struct arch_prologue {
	/* The jump to morestack, taken when there is too little stack, behind a comparison with g.stackguard0. It
	 * proves that the code has g in its register. NULL: no check of a known form. */
	const struct insn *check;
	/* The instruction behind it, where a probe costs one trap and finds SP and arguments as at entry; or NULL. */
	const struct insn *behind;
};

/* What is wanted of code that reads g from thread-local memory. */
struct arch_tls_search {
	/* What the word at `slot`, an address, will hold when the program runs: false when that cannot be known. */
	bool (*slot_value)(void *arg, uint64_t slot, int64_t *value);
	/* The code reads or writes 8 bytes at `offset` from the thread pointer. Goes on when it returns true. */
	bool (*access)(void *arg, int64_t offset);
	void *arg;
};

/* A register in which Go passes values. */
struct arch_abi_register {
	const char *name; /* "AX", "X0", as Go says it */
	uint8_t dwarf;    /* its number in DWARF */
	uint8_t number;   /* FT_REG_* of ftrace/regs_NAME.h, of an integer register */
};

/* Integer and vector registers of any architecture's sequence, together. */
#define ARCH_ABI_REGISTERS 24

/* Where Go's ABIInternal has values, and its stack (abi-internal.md). Bytes count from SP at entry, as at return. */
struct arch_abi {
	const struct arch_abi_register *ints,
		*floats; /* in the order in which they are given out */
	uint8_t nints, nfloats;
	uint8_t sp;      /* FT_REG_* */
	uint8_t fp;      /* FT_REG_*: the frame pointer */
	uint8_t ip;      /* FT_REG_* */
	uint8_t closure; /* FT_REG_*: points to the closure object at entry */
	uint8_t stack;   /* bytes to the first argument on the stack */
	uint8_t cfa;     /* bytes to what DWARF calls the canonical frame address */
};

/* A function of this program itself, to measure on what a probe costs. Two of its instructions: */
struct arch_sample {
	void (*call)(void);
	const char *emulated; /* one that the kernel carries out itself */
	const char *stepped;  /* one that it runs out of line, with a second trap behind it */
};

/* A register, or a part of one, by the name that users write. */
struct arch_register {
	uint8_t number; /* FT_REG_* */
	uint8_t bits;   /* 8, 16, 32 or 64 ... */
	uint8_t shift;  /* ... from this one on */
};

/* What running one instruction changes. */
struct arch_effects {
	uint32_t written; /* registers, in whole or in part: bits 1 << FT_REG_* */
	bool stores;      /* it writes memory */
};

/* What an instruction has to do with the exchange of a word in memory, which is compared with a register before. */
enum arch_step_kind {
	ARCH_STEP_OTHER,
	ARCH_STEP_EXCHANGE, /* the 32 bits at base + value become `reg`, if they are what arch.compared holds */
	ARCH_STEP_EQUAL,    /* reg, its low 8 bits, becomes 1 where they were, else 0 */
	ARCH_STEP_TEST,     /* reg, its low 8 bits, is compared with 0 */
	ARCH_STEP_CONSTANT, /* reg becomes value */
	ARCH_STEP_ADDRESS,  /* reg becomes base + value */
};

struct arch_step {
	uint8_t kind;      /* enum arch_step_kind */
	uint8_t reg, base; /* FT_REG_* */
	int64_t value;
};

struct arch {
	const char *name;       /* "x86-64", as messages say it */
	const char *goarch;     /* "amd64", as Go says it */
	uint16_t machine;       /* EM_ of an ELF header */
	uint32_t rela_relative; /* R_: the addend plus the load bias */
	uint32_t rela_tpoff;    /* R_: a thread-local variable's offset from the thread pointer */
	uint8_t pc_quantum; /* instructions stand at multiples of it (pcHeader.minLC of the pclntab) */
	uint8_t breakpoint;   /* the byte that is put over an instruction to stop there */
	uint8_t filler;       /* linkers fill the room between functions with it */
	uint8_t address_bits; /* of addresses of a program's memory */
	const uint8_t *
		frame; /* by FT_REG_*: which word it is in what a BPF program sees (struct pt_regs); FT_REGS of them */

	const struct arch_abi *abi;
	const struct arch_sample *sample; /* NULL where this program is of another architecture */

	/* Names of system calls by number; NULL where a number is not used. */
	const char *const *syscalls;
	uint16_t nsyscalls;

	/* The register of that name: false when there is none. */
	bool (*find_register)(const char *name, size_t len, struct arch_register *found);
	/* Calls `each` with all names of registers. */
	void (*each_register)(void (*each)(const char *name, void *arg), void *arg);
	const char *registers; /* what a message says of them */

	/* Decodes the instruction at `code`, of which `len` bytes may be read, and which stands at `addr`. Its length, or
	 * -EILSEQ when the bytes are no instruction. */
	int (*decode)(const uint8_t *code, size_t len, uint64_t addr, struct insn *insn);

	/* The stack check among the first of a function's `count` instructions. */
	struct arch_prologue (*prologue)(const struct insn *insns, size_t count);

	/* What the instruction at `code`, of at most `len` bytes, changes: false when that is more than can be told
	 * (a system call, the thread pointer), or the bytes are none. */
	bool (*effects)(const uint8_t *code, size_t len, struct arch_effects *effects);

	/* What the instruction at `code`, which is `len` bytes long, does in such an exchange. Only the forms that Go's compiler
	 * makes are told. */
	struct arch_step (*step)(const uint8_t *code, size_t len);
	uint8_t compared; /* the register that ARCH_STEP_EXCHANGE compares with, and that holds what the word was */
	uint8_t equal; /* INSN_JCC: the condition that two things compared were equal; `equal` ^ 1: that they were not */

	/* Where a TLS block of `size` bytes (rounded up to its alignment) begins, from the thread pointer. */
	int64_t (*tls_start)(uint64_t size);

	/* Tells of every access to thread-local memory in a piece of the runtime's own assembly, as far as it can be
	 * decoded and the search wants to go on. */
	void (*tls_accesses)(const uint8_t *code, size_t len, uint64_t addr,
			     const struct arch_tls_search *search);
};

/* By the machine of an ELF header (EM_): NULL when it is not known here. */
const struct arch *arch_of(unsigned int machine);

/* That of this program, and so of all processes that it can trace. */
const struct arch *arch_native(void);

#endif
