/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inline: what the compiler inlined into a function, as the runtime's tracebacks see it.
 *
 * A function's inline tree is an array in FUNCDATA 3; the table PCDATA 2 tells which entry an
 * instruction belongs to, -1 being the function itself. Each entry names the inlined function and
 * an instruction, parent pc, whose own position is the call.
 *
 * The struct holds no memory of its own.
 *
 * Sources: Go's src/runtime/symtabinl.go and src/runtime/symtab.go (inlinedCall), where the
 * entry's layout changed in 1.20, together with the pclntab's magic number;
 * src/cmd/link/internal/ld/pcln.go (genInlTreeSym).
 */
#ifndef FTRACE_IMAGE_INLINE_H
#define FTRACE_IMAGE_INLINE_H

#include <stdint.h>

#include "image/elf.h"
#include "image/pclntab.h"

struct inline_tree {
	const struct pclntab *tab;
	const struct pclntab_func *func;
	const uint8_t *entries; /* NULL when nothing was inlined, or nothing is known of it */
	uint64_t room;          /* bytes that may be read at entries */
	uint32_t index_table;   /* PCDATA 2 */
	uint32_t limit;         /* entries at or beyond it are not believed */
};

struct inline_call {
	const char *name;    /* of the inlined function, as the pclntab has it */
	uint32_t parent_rel; /* an instruction at the place of the call, bytes from the entry */
};

/* `gofunc` is moduledata.gofunc, 0 for not known. `func` and `tab` must outlive the tree. */
void inline_init(struct inline_tree *tree, const struct elf_file *elf, const struct pclntab *tab,
		 const struct pclntab_func *func, uint64_t gofunc);

/* The entry that the instruction at `rel` belongs to, or -1 for the function itself. */
int32_t inline_index(const struct inline_tree *tree, uint32_t rel);

/* How many entries the function's code refers to. */
uint32_t inline_count(const struct inline_tree *tree);

/* Entry `index`: 0, or -EINVAL when it is outside the tree or does not hold together. */
int inline_call(const struct inline_tree *tree, uint32_t index, struct inline_call *call);

#endif
