/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fips: where the code of Go's FIPS 140 module is.
 *
 * From 1.24 on the linker puts that code together, between two symbols of one byte each, go:textfipsstart
 * and go:textfipsend. A program may check it against a sum at any start: the package
 * crypto/internal/fips140/check does when GODEBUG or the build asks for it, and panics when one byte is
 * another. Where the range is stands in the variable go:fipsinfo, which has a section of its own:
 *
 *     magic [16]byte, sum [32]byte, self uintptr, {start, end uintptr} of text, rodata, noptrdata, data
 *
 * `self` is the variable's own address: a copy of the magic elsewhere is none. In a position-independent
 * program the words stand in the file, in the dynamic relocations, or in both. Where the section headers
 * are gone too the variable is looked for in the writable segments. A file that does not tell at all has its
 * functions' names left: the module is what lies between the first and the last function of its packages,
 * assembly without a package's name included.
 *
 * Sources: Go's src/cmd/link/internal/ld/fips140.go, src/cmd/internal/obj/fips140.go (which
 * packages), src/crypto/internal/fips140/check/check.go (1.24 to 1.27).
 */
#ifndef FTRACE_IMAGE_FIPS_H
#define FTRACE_IMAGE_FIPS_H

#include <stdint.h>

#include "image/elf.h"
#include "image/image.h"
#include "image/symtab.h"

/* 0, or -ENOENT when the file does not tell. An empty range (start == end) is a program without the module. */
int fips_find(const struct elf_file *elf, const struct symtab *st, uint64_t *start, uint64_t *end);

/* By the names of functions: 0, or -ENOENT when there is none of the module. */
int fips_find_by_names(const struct image *img, uint64_t *start, uint64_t *end);

#endif
