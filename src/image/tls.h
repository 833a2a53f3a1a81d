/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tls: where a thread keeps its pointer to the running goroutine (g), from the FS register.
 *
 * The symbol runtime.tlsg tells it. Where there is none (no symbols, or a static program of Go
 * alone) the runtime's own assembly code is read: every access that it makes must name the same
 * place.
 *
 * Sources: the x86-64 TLS ABI, variant II (a variable is at its offset minus the segment's size
 * rounded up to its alignment); Go's src/runtime/asm_amd64.s (get_tls, g) and
 * src/cmd/internal/obj/x86/obj6.go (how the access is written for each build mode).
 */
#ifndef FTRACE_IMAGE_TLS_H
#define FTRACE_IMAGE_TLS_H

#include <stdint.h>

#include "image/elf.h"
#include "image/pclntab.h"
#include "image/symtab.h"

/* 0 with a negative displacement, or -ENOENT when it cannot be known (and never for a shared
 * library). */
int tls_g_offset(const struct elf_file *elf, const struct symtab *st, const struct pclntab *tab,
		 uint64_t text, int64_t *offset);

#endif
