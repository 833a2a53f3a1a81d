/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/build_id.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "image/bytes.h"

/* Bytes of the notes of one segment; a linker writes a few hundred. */
#define MAX_NOTES 65536

/* Go's src/cmd/link/internal/ld/elf.go, ELF_NOTE_GOBUILDID_TAG. */
#define NT_GO_BUILD_ID 4

static const uint8_t *find_note(const uint8_t *at, uint64_t size, const char *name, size_t namesz,
				uint32_t type, size_t *len)
{
	while (size >= 12) {
		uint64_t n = bytes_u32(at), d = bytes_u32(at + 4);
		uint64_t desc = 12 + ((n + 3) & ~3ULL), next = desc + ((d + 3) & ~3ULL);

		if (desc + d > size)
			return NULL;
		if (bytes_u32(at + 8) == type && n == namesz && memcmp(at + 12, name, n) == 0) {
			*len = d;
			return at + desc;
		}
		if (next > size)
			return NULL;
		at += next;
		size -= next;
	}
	return NULL;
}

static const uint8_t *note_at(const struct elf_file *elf, uint64_t offset, uint64_t size,
			      const char *name, uint32_t type, size_t *len)
{
	const uint8_t *bytes = size <= MAX_NOTES ? elf_bytes(elf, offset, size) : NULL;

	return find_note(bytes, bytes ? size : 0, name, 4, type, len);
}

/* The note's bytes and their length, or NULL. `name` with its NULs is 4 bytes. */
static const uint8_t *note_of(const struct elf_file *elf, const char *name, uint32_t type,
			      size_t *len)
{
	const uint8_t *note = NULL;

	for (size_t i = 0; i < elf->nsegments && !note; i++)
		if (elf->segments[i].type == PT_NOTE)
			note = note_at(elf, elf->segments[i].offset, elf->segments[i].filesz, name,
				       type, len);
	for (size_t i = 0; i < elf->nsections && !note; i++)
		if (elf->sections[i].type == SHT_NOTE)
			note = note_at(elf, elf->sections[i].offset, elf->sections[i].size, name,
				       type, len);
	return note;
}

void build_ids_read(const struct elf_file *elf, struct build_ids *ids)
{
	const uint8_t *note;
	size_t len;

	*ids = (struct build_ids){0};
	note = note_of(elf, "GNU", NT_GNU_BUILD_ID, &len);
	if (note && 2 * len < sizeof(ids->gnu))
		for (size_t i = 0; i < len; i++)
			snprintf(ids->gnu + 2 * i, 3, "%02x", note[i]);
	note = note_of(elf, "Go\0", NT_GO_BUILD_ID, &len);
	if (note && len < sizeof(ids->go) && !memchr(note, 0, len))
		memcpy(ids->go, note, len);
}
