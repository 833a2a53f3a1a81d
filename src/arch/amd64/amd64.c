/* SPDX-License-Identifier: GPL-2.0-only */
#include "arch/amd64/amd64.h"

#include <elf.h>

#include <ftrace/regs_amd64.h>

#define INT3 0xcc

const struct arch arch_amd64 = {
	.name = "x86-64",
	.goarch = "amd64",
	.machine = EM_X86_64,
	.rela_relative = R_X86_64_RELATIVE,
	.rela_tpoff = R_X86_64_TPOFF64,
	.pc_quantum = 1,
	.breakpoint = INT3,
	.filler = INT3,
	.address_bits = FT_ADDRESS_BITS,
	.frame = amd64_frame,
	.abi = &amd64_abi,
#if defined(__x86_64__)
	.sample = &amd64_sample,
#endif
	.find_register = amd64_find_register,
	.each_register = amd64_each_register,
	.registers = "ax bx cx dx si di bp sp r8 to r15 ip flags cs ss orig_ax and their parts "
		     "(eax, al, r8d)",
	.syscalls = amd64_syscalls,
	.nsyscalls = AMD64_SYSCALLS,
	.decode = amd64_decode,
	.prologue = amd64_prologue,
	.effects = amd64_effects,
	.step = amd64_step,
	.compared = FT_REG_AX,
	.equal = AMD64_CC_E,
	.tls_start = amd64_tls_start,
	.tls_accesses = amd64_tls_accesses,
};
