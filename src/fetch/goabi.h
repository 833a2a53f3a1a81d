/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * goabi: where a Go function finds its parameters at entry and leaves its results at
 * return.
 *
 * Each value goes wholly into registers or wholly to the stack. Results start the register
 * sequence anew, and follow the parameters on the stack. docs/abi.md has the rules. Debug
 * information has no usable place for results, so all is computed from the types; where Go 1.21
 * and older leave parameters out of it, the compiler's own places of the others show the gaps.
 *
 * Sources: Go's src/cmd/compile/abi-internal.md, src/cmd/compile/internal/abi/abiutils.go,
 * src/cmd/compile/internal/types/size.go.
 */
#ifndef FTRACE_FETCH_GOABI_H
#define FTRACE_FETCH_GOABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "image/dwarf.h"

enum goabi_file {
	GOABI_INT,   /* general register */
	GOABI_FLOAT, /* vector register */
};

/* A part of a value in one register. Its upper bits hold rubbish when size is less than 8. */
struct goabi_piece {
	uint32_t offset; /* bytes from the start of the value */
	uint8_t size;    /* bytes: 1, 2, 4 or 8; 16, 32 or 64 for a vector type */
	uint8_t file;    /* enum goabi_file */
	uint8_t index;   /* in the sequence of its file, struct arch_abi */
	uint8_t pad;
};

struct goabi_value {
	bool known; /* false: a type is unknown, here or before; nothing else is set */
	bool in_stack;
	/* of the value in memory, from the stack pointer at entry, which is that at return, too. Set when in_stack; also for values of size 0. */
	uint64_t stack_offset;
	/* in order of offset; 0 of them when in_stack */
	struct goabi_piece pieces[ARCH_ABI_REGISTERS];
	uint32_t npieces;
};

struct goabi {
	struct goabi_value *params, *results; /* as many as the signature has */
	uint64_t stack_size;                  /* bytes of stack-assigned parameters and results */
};

/* Fills `abi` for `sig`; `abi0` for a function of the stack-only ABI of assembly. 0 or -ENOMEM. */
int goabi_assign(const struct arch *arch, const struct dwarf_signature *sig, bool abi0,
		 struct goabi *abi);
void goabi_release(struct goabi *abi);

#endif
