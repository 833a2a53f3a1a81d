/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * moduledata: the runtime's own description of the program, in its data segment.
 *
 * It tells where Go's text begins, which is not always .text, and where the function data is. In a
 * position-independent executable its words are zero in the file and their values stand in the
 * dynamic relocations. What is found was checked against the pclntab and the segments.
 *
 * Sources: Go's src/runtime/symtab.go (moduledata), read for 1.19 to 1.27;
 * src/cmd/link/internal/ld/symtab.go and pcln.go.
 */
#ifndef FTRACE_IMAGE_MODULEDATA_H
#define FTRACE_IMAGE_MODULEDATA_H

#include <stdint.h>

#include "image/elf.h"
#include "image/pclntab.h"
#include "image/symtab.h"

struct moduledata {
	uint64_t vaddr;
	uint64_t text, etext;   /* Go's text, wholly inside an executable segment */
	uint64_t gofunc;        /* base of FUNCDATA offsets, 0 when it is not known */
	uint64_t types, etypes; /* the type descriptors and their names; 0, 0 when not known */
	uint64_t data, edata;   /* variables that hold pointers; not checked */
};

/* `go_minor` says which layout it has; 0 or a version newer than 27: gofunc comes from the symbol
 * `go:func.*` if there is one. 0, or -ENOENT when the file has none that fits `tab`. */
int moduledata_find(struct moduledata *md, const struct elf_file *elf, const struct pclntab *tab,
		    const struct symtab *st, int go_minor);

#endif
