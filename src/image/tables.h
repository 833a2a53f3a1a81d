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
	const char *path;       /* for messages */
	const char *go_version; /* of the build info; "" when there is none */
	int go_minor;           /* 0: not known */
};

/* Fills both: 0, or -ENOPKG with `err` filled when the file is no Go executable that can be read, or too old. */
int tables_read(const struct tables_wanted *wanted, struct pclntab *tab, struct moduledata *md,
		struct error *err);

#endif
