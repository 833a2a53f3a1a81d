/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * amd64: the parts that the struct of x86-64 is made of. Nothing but src/arch/ and the tests of these parts
 * includes it.
 *
 * Sources: Intel SDM volume 2; the kernel's arch/x86/kernel/uprobes.c (which instructions it accepts, which it
 * emulates and which it steps out of line), tried on Linux 6.18; Go's src/cmd/internal/obj/x86/obj6.go.
 */
#ifndef FTRACE_ARCH_AMD64_AMD64_H
#define FTRACE_ARCH_AMD64_AMD64_H

#include "arch/arch.h"

extern const struct arch arch_amd64;

/* Condition codes as the low nibble of the opcode has them (SDM vol. 2, appendix B.1.4.7). */
enum amd64_cond { AMD64_CC_B = 2, AMD64_CC_E = 4, AMD64_CC_BE = 6 };

/* registers.c: see struct arch. */
extern const struct arch_abi amd64_abi;
extern const uint8_t amd64_frame[];
bool amd64_find_register(const char *name, size_t len, struct arch_register *found);
void amd64_each_register(void (*each)(const char *name, void *arg), void *arg);

/* sample.c: see struct arch. */
#if defined(__x86_64__)
extern const struct arch_sample amd64_sample;
#endif

/* decode.c: see struct arch. */
int amd64_decode(const uint8_t *code, size_t len, uint64_t addr, struct insn *insn);

/* What an instruction has to do with thread-local memory. */
enum amd64_tls_kind {
	AMD64_TLS_NONE,
	AMD64_TLS_ABS,  /* reads or writes 8 bytes at %fs:value */
	AMD64_TLS_REG,  /* reads or writes 8 bytes at %fs:value(reg) */
	AMD64_TLS_SET,  /* reg = value, a 64-bit register set to a constant */
	AMD64_TLS_LOAD, /* reg = 8 bytes at address `value`, RIP-relative (a slot of the GOT) */
};

struct amd64_tls {
	uint8_t kind; /* enum amd64_tls_kind */
	uint8_t reg;  /* 0 to 15 as the instruction encodes it */
	int64_t value;
};

/* As amd64_decode(), but tells only about thread-local memory. */
int amd64_decode_tls(const uint8_t *code, size_t len, uint64_t addr, struct amd64_tls *tls);

/* prologue.c: see struct arch. */
struct arch_prologue amd64_prologue(const struct insn *insns, size_t count);

/* effects.c: see struct arch. */
bool amd64_effects(const uint8_t *code, size_t len, struct arch_effects *effects);

/* step.c: see struct arch. */
struct arch_step amd64_step(const uint8_t *code, size_t len);
/* syscalls.c: see struct arch. */
#define AMD64_SYSCALLS 470
extern const char *const amd64_syscalls[AMD64_SYSCALLS];

/* tls.c: see struct arch. */
int64_t amd64_tls_start(uint64_t size);
void amd64_tls_accesses(const uint8_t *code, size_t len, uint64_t addr,
			const struct arch_tls_search *search);

#endif
