/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * objects: the variables of an executable by address, from its ELF symbol table.
 *
 * Left out is what holds data of many owners and is nobody's variable: go:string.*, type:* and their
 * like. The list is made when somebody asks; names are the symbol table's. The caller frees it with
 * objects_free(). Not to be shared between threads.
 *
 * Sources: the ELF-64 symbol table; Go's src/cmd/link/internal/ld/data.go for the names.
 */
#ifndef FTRACE_IMAGE_OBJECTS_H
#define FTRACE_IMAGE_OBJECTS_H

#include <stddef.h>
#include <stdint.h>

#include "image/symtab.h"

struct objects;

struct objects *objects_new(void);
void objects_free(struct objects *objects);

/*
 * The name of the variable that `at` lies in, the one that begins last, and where it begins in *vaddr; NULL
 * when there is none. The first call makes the list, of `st`, which is the same in all of them; out of
 * memory it is empty.
 */
const char *objects_find(struct objects *objects, const struct symtab *st, uint64_t at,
			 uint64_t *vaddr);

#endif
