/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * symtab: the ELF symbol table, and which symbol names which Go function.
 *
 * The strings point into the mapped file; the struct owns only the list that leads from a function
 * to its symbol. The caller owns the struct and releases it with symtab_release().
 *
 * Several symbols may stand at one address (aliases, `runtime.text`). The pclntab's name decides:
 * a symbol says the same when it is equal, apart from an ABI suffix and from type arguments, which
 * the pclntab of Go 1.20 and older writes as "[...]".
 *
 * Sources: the ELF-64 symbol table; Go's src/cmd/link/internal/ld/symtab.go and pcln.go.
 */
#ifndef FTRACE_IMAGE_SYMTAB_H
#define FTRACE_IMAGE_SYMTAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/elf.h"
#include "image/pclntab.h"

struct symtab {
	const uint8_t *syms; /* nsyms entries of 24 bytes, NULL when there is no table */
	size_t nsyms;
	const char *strs; /* strsize bytes, the last one NUL */
	size_t strsize;
	uint32_t *of_func; /* by function: its symbol's index, 0 when there is none */
	uint32_t nfunc;
};

/* Finds .symtab; without one the struct is empty and every lookup says so. */
void symtab_init(struct symtab *st, const struct elf_file *elf);

/* Makes the list for the functions of `tab`, whose text begins at `text`: 0, or -ENOMEM. */
int symtab_match(struct symtab *st, const struct pclntab *tab, uint64_t text);
void symtab_release(struct symtab *st);

/* The symbol of a function: its name, and its size in *size (0 when not known); or NULL. */
const char *symtab_func(const struct symtab *st, uint32_t func, uint64_t *size);

/* The first symbol of that name, which is defined: its address and size, and whether it is
 * thread-local (the address then is an offset into the TLS segment). 0, or -ENOENT. */
int symtab_find(const struct symtab *st, const char *name, uint64_t *vaddr, uint64_t *size,
		bool *tls);

/* Calls `each` for every variable that is defined and not thread-local. */
void symtab_variables(const struct symtab *st,
		      void (*each)(const char *name, uint64_t vaddr, uint64_t size, void *arg),
		      void *arg);

/* Calls `each` with the name of every symbol that is defined. */
void symtab_each(const struct symtab *st, void (*each)(const char *name, void *arg), void *arg);

/* How well a symbol's name fits the pclntab's: 0 not, 1 as described above, 2 equal. */
int symtab_agree(const char *symbol, const char *name);

#endif
