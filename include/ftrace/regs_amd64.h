/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * regs_amd64: the numbers of the registers of x86-64 in programs and cookies (fetch.h, cookie.h).
 */
#ifndef FTRACE_REGS_AMD64_H
#define FTRACE_REGS_AMD64_H

#include <ftrace/fetch.h>

enum ft_reg {
	FT_REG_AX,
	FT_REG_BX,
	FT_REG_CX,
	FT_REG_DX,
	FT_REG_SI,
	FT_REG_DI,
	FT_REG_BP,
	FT_REG_SP,
	FT_REG_R8,
	FT_REG_R9,
	FT_REG_R10,
	FT_REG_R11,
	FT_REG_R12,
	FT_REG_R13,
	FT_REG_R14,
	FT_REG_R15,
	FT_REG_IP,
	FT_REG_FLAGS,
	FT_REG_CS,
	FT_REG_SS,
	FT_REG_ORIG_AX,
	FT_REG_COUNT,
};

/* Of programs with four levels of page tables. */
#define FT_ADDRESS_BITS 47

_Static_assert(FT_REG_COUNT <= FT_REGS, "wire numbers");

#endif
