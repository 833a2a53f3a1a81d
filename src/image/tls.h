/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tls: where a thread keeps its pointer to the running goroutine (g), from its thread pointer.
 *
 * The symbol runtime.tlsg tells it. Where there is none (no symbols, or a static program of Go
 * alone) the runtime's own assembly code is read: every access that it makes must name the same
 * place.
 *
 * How code reaches it, and where a TLS block begins, arch.h knows.
 */
#ifndef FTRACE_IMAGE_TLS_H
#define FTRACE_IMAGE_TLS_H

#include <stdint.h>

#include "image/elf.h"
#include "image/pclntab.h"
#include "image/symtab.h"

/* 0 with a displacement that is not 0, or -ENOENT when it cannot be known (and never for a shared
 * library). */
int tls_g_offset(const struct elf_file *elf, const struct symtab *st, const struct pclntab *tab,
		 uint64_t text, int64_t *offset);

#endif
