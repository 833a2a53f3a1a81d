/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/dwarf_bounds.h"

#include <dwarf.h>
#include <elf.h>
#include <string.h>

#include "image/bytes.h"

/* Go over what there is this many times: each function's signature is looked at for a rule, a filter, a list. */
#define TEXT_TIMES  64
#define DIES_TIMES  32
#define ALLOC_TIMES 8
#define ALLOC_LEAST (16ull << 20)
#define ALLOC_MOST  (192ull << 20)
#define RANGES      (4ull << 20)

/* Unpacked size as the section has it, or its own. False when there is no room for what would say so. */
static bool unpacked_size(const char *name, uint64_t flags, const uint8_t *bytes, uint64_t size,
			  uint64_t *unpacked)
{
	*unpacked = size;
	if (flags & SHF_COMPRESSED) {
		if (size < sizeof(Elf64_Chdr))
			return false;
		*unpacked = bytes_u64(bytes + offsetof(Elf64_Chdr, ch_size));
	} else if (!strncmp(name, ".zdebug_", 8)) {
		if (size < 12 || memcmp(bytes, "ZLIB", 4) != 0)
			return false;
		*unpacked = 0;
		for (int i = 4; i < 12; i++)
			*unpacked = *unpacked << 8 | bytes[i];
	} else {
		return true;
	}
	return *unpacked / DWARF_UNPACKED_MAX <= size;
}

bool dwarf_bounds_section(struct dwarf_bounds *bounds, const char *name, uint64_t flags,
			  const uint8_t *bytes, uint64_t size)
{
	uint64_t unpacked, held;

	if (!unpacked_size(name, flags, bytes, size, &unpacked))
		return false;
	held = unpacked + (unpacked == size ? 0 : size);
	if (unpacked > DWARF_SECTIONS_MAX || held > DWARF_SECTIONS_MAX - bounds->sections)
		return false;
	bounds->sections += held;
	return true;
}

void dwarf_bounds_begin(struct dwarf_bounds *bounds)
{
	bounds->text = bounds->sections * TEXT_TIMES;
	bounds->dies = bounds->sections * DIES_TIMES;
	bounds->alloc = ALLOC_LEAST + bounds->sections * ALLOC_TIMES;
	if (bounds->alloc > ALLOC_MOST)
		bounds->alloc = ALLOC_MOST;
	bounds->ranges = RANGES;
}

bool dwarf_bounds_take(uint64_t *left, uint64_t amount)
{
	if (amount > *left) {
		*left = 0;
		return false;
	}
	*left -= amount;
	return true;
}

/* False at the end of the section. */
static bool skip_number(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
	*value = 0;
	for (unsigned int shift = 0; *at < end; shift += 7) {
		uint8_t b = *(*at)++;

		if (shift < 63)
			*value |= (uint64_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return true;
	}
	return false;
}

uint64_t dwarf_abbrev_length(const uint8_t *section, uint64_t size, uint64_t offset)
{
	const uint8_t *at, *end = section + size;
	uint64_t code, tag, attr, form, ignored;

	if (offset >= size)
		return 0;
	at = section + offset;
	while (skip_number(&at, end, &code) && code) {
		if (!skip_number(&at, end, &tag) || at == end)
			break;
		at++; /* whether it has children */
		do {
			if (!skip_number(&at, end, &attr) || !skip_number(&at, end, &form))
				return size - offset;
			if (form == DW_FORM_implicit_const && !skip_number(&at, end, &ignored))
				return size - offset;
		} while (attr || form);
	}
	return (uint64_t)(at - section) - offset;
}
