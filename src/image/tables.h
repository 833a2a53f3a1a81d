/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tables: where a Go executable has its table of functions (pclntab), and the moduledata that goes with it.
 */
#ifndef FTRACE_IMAGE_TABLES_H
#define FTRACE_IMAGE_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "image/elf.h"
#include "image/moduledata.h"
#include "image/pclntab.h"
#include "image/symtab.h"

struct tables_wanted {
	const struct elf_file *elf;
	const struct symtab *symtab;
	int go_minor; /* 0: not known */
	bool is_go;   /* something else than the tables has told so */
};

/* Fills both: 0, or -ENOENT. *magic is that of any table seen, for a message. */
int tables_find(const struct tables_wanted *wanted, struct pclntab *tab, struct moduledata *md,
		uint32_t *magic);

#endif
