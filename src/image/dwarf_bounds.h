/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dwarf_bounds: what debug information may cost, by the size of its sections. No other file than those of the
 * DWARF reader includes it.
 *
 * libdw unpacks whole sections, and reads every table of abbreviations once for each unit that names it. The
 * file decides how large and how many these are; so both are found out before libdw sees them. What is
 * counted down here is what the reader itself goes over again because the file says so: texts, children,
 * fields that several DIEs share.
 *
 * Sources: the ELF gABI (Elf64_Chdr); binutils' .zdebug_ sections; DWARF 5, 7.5.3 (abbreviations).
 */
#ifndef FTRACE_IMAGE_DWARF_BOUNDS_H
#define FTRACE_IMAGE_DWARF_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bytes that the sections of one file may take, packed and unpacked together. What a reader of the whole file
 * may take (cli/reading/reading.h) has room for that and for the loaded part of a program of such size. A server of 100 MB
 * has 60 MB of these sections.
 */
#define DWARF_SECTIONS_MAX (256ull << 20)

/* How many times its packed size a section may be: DWARF packs to a third, and zlib to a thousandth at most. */
#define DWARF_UNPACKED_MAX 200

/* What is left. */
struct dwarf_bounds {
	uint64_t sections; /* bytes of all sections, unpacked: what the others go by */
	uint64_t text;     /* bytes of strings */
	uint64_t dies;     /* bytes of DIEs that are walked over */
	uint64_t alloc;    /* bytes of memory */
	uint64_t ranges;   /* of addresses */
};

/* Counts a section's bytes. False when there are too many, or it says of itself that it is larger unpacked than it
 * can be. */
bool dwarf_bounds_section(struct dwarf_bounds *bounds, const char *name, uint64_t flags,
			  const uint8_t *bytes, uint64_t size);

/* To be called when all are counted. */
void dwarf_bounds_begin(struct dwarf_bounds *bounds);

/* Takes `amount` from what is left: false when it is not there. */
bool dwarf_bounds_take(uint64_t *left, uint64_t amount);

/* Bytes of the table of abbreviations at `offset`, at most what follows in the section. */
uint64_t dwarf_abbrev_length(const uint8_t *section, uint64_t size, uint64_t offset);

#endif
