/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * elf: a 64-bit ELF executable, and where its parts are.
 *
 * The caller owns the struct and releases it with elf_release(); pointers handed out live until
 * then. The file may be replaced, cut short or rewritten at any time: what was read of it stays as it was,
 * and what is read later is either of the same contents or not there (content.h). What nobody looks at
 * costs nothing. Every range in the tables below was checked against the file's size.
 *
 * Source: the System V ABI's ELF-64 chapters (headers, notes, dynamic section).
 */
#ifndef FTRACE_IMAGE_ELF_H
#define FTRACE_IMAGE_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "base/error.h"
#include "image/content.h"

struct elf_segment {
	uint64_t vaddr, memsz;
	uint64_t offset, filesz; /* within the file; filesz <= memsz for a loaded segment */
	uint64_t align;
	uint32_t type, flags; /* PT_, PF_ */
};

struct elf_section {
	const char *name;
	uint64_t addr, offset, size; /* offset and size within the file unless type is NOBITS */
	uint32_t type, link;         /* SHT_, index of the section it goes with */
};

struct elf_rela {
	uint64_t offset; /* address that is relocated */
	uint32_t type;   /* R_, as struct arch has some */
	uint32_t symbol; /* index into the dynamic symbols, 0 for none */
	int64_t addend;
};

struct elf_file {
	struct content content;
	const struct arch *arch; /* by its header's machine */
	bool cut;                /* a section reaches beyond the end of the file */
	bool pie;                /* ET_DYN */
	bool apart;              /* holds debug information only: see elf_open_apart() */
	bool shared; /* ET_DYN without an interpreter and not marked as a program: a library */
	struct elf_segment *segments;
	size_t nsegments, capsegments;
	struct elf_section *sections; /* index as in the file; the first is the null section */
	size_t nsections, capsections;
	const uint8_t *rela; /* dynamic relocations, nrela entries of 24 bytes; NULL when none */
	size_t nrela;
	uint64_t dynsym; /* address of the dynamic symbols, 0 when none */
};

/* Checks the file behind `fd` and reads its headers. 0, or -ENOEXEC, -EIO, -ENOMEM with `err` filled; there is
 * nothing to release then. */
int elf_open(struct elf_file *elf, int fd, const char *path, struct error *err);
void elf_release(struct elf_file *elf);

/* The same of a file that an executable's debug information was moved to, which has the sections that are not loaded:
 * its segments tell of the executable, and may lie beyond the file's end. None of them is there then. */
int elf_open_apart(struct elf_file *elf, int fd, const char *path, struct error *err);

/* Reads the headers that libelf looks at by itself, as far as they are in the file. */
void elf_read_headers(const struct content *content);

/* Reads what may be wanted after the file has changed and was not read yet: all loaded segments but the code,
 * and the symbols. What cannot be read is not there later. */
void elf_keep(const struct elf_file *elf);

/* Gives back the memory of the code that was looked at so far: what is wanted again is read again. */
void elf_idle(const struct elf_file *elf);

/* The file's bytes, or NULL: beyond its end, or it has changed before they were read. */
const uint8_t *elf_bytes(const struct elf_file *elf, uint64_t offset, uint64_t len);

/* The first section of that name whose bytes are in the file, or NULL. */
const struct elf_section *elf_section(const struct elf_file *elf, const char *name);

/* Whether there is a section of debug information's units, packed or not, that has bytes. */
bool elf_has_units(const struct elf_file *elf);

/* Whether an address range lies in one loaded segment's file part that has all of `flags` (PF_). */
bool elf_holds(const struct elf_file *elf, uint64_t vaddr, uint64_t len, uint32_t flags);

/* The bytes of such a range, or NULL. */
const uint8_t *elf_at(const struct elf_file *elf, uint64_t vaddr, uint64_t len, uint32_t flags);

/* The same of what cannot have been changed: in a segment that may only be read, and on no page of one that may
 * be written or run; or NULL. */
const uint8_t *elf_constant(const struct elf_file *elf, uint64_t vaddr, uint64_t len);

/* A walk over the loaded bytes of the file, to look for something in all of them. */
struct elf_scan {
	const uint8_t *bytes; /* `size` of them, loaded at `vaddr` */
	uint64_t vaddr, size;
	size_t next;   /* segment */
	uint64_t done; /* bytes walked over so far */
};

/* Goes to the next loaded segment that has all of `flags` (PF_); false at the end. `scan` is zero at first. Segments
 * may lie over each other, any number of times: in all there are no more bytes than in the file. */
bool elf_scan_next(const struct elf_file *elf, struct elf_scan *scan, uint32_t flags);

/* How many bytes of the file follow `vaddr` in its loaded segment, 0 when it is in none. */
uint64_t elf_room(const struct elf_file *elf, uint64_t vaddr);

/* File offset of an address in a loaded executable segment: 0, or -ENOENT. */
int elf_code_offset(const struct elf_file *elf, uint64_t vaddr, uint64_t *offset);

/* Where a byte of the file is loaded, by the first segment that holds it: 0, or -ENOENT. */
int elf_address(const struct elf_file *elf, uint64_t offset, uint64_t *vaddr);

/* The first segment of a type (PT_), or NULL. */
const struct elf_segment *elf_segment(const struct elf_file *elf, uint32_t type);

/* Entry `index` < nrela of the dynamic relocations. */
struct elf_rela elf_rela(const struct elf_file *elf, size_t index);

#endif
