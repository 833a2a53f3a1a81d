/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/build_id.h"

#include <elf.h>
#include <string.h>

#include "base/buf.h"
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

/* The note's bytes and their length, or NULL. `name` with its NUL is `namesz` bytes. */
static const uint8_t *note_of(const struct elf_file *elf, const char *name, size_t namesz,
			      uint32_t type, size_t *len)
{
	for (size_t i = 0; i < elf->nsegments; i++) {
		const struct elf_segment *seg = &elf->segments[i];
		const uint8_t *bytes, *desc;

		if (seg->type != PT_NOTE || seg->filesz > MAX_NOTES)
			continue;
		bytes = elf_bytes(elf, seg->offset, seg->filesz);
		desc = find_note(bytes, bytes ? seg->filesz : 0, name, namesz, type, len);
		if (desc)
			return desc;
	}
	return NULL;
}

char *build_id_read(const struct elf_file *elf)
{
	struct buf text = {0};
	const uint8_t *note;
	size_t len;
	char *copy;

	note = note_of(elf, "GNU", 4, NT_GNU_BUILD_ID, &len);
	if (note && len <= 64) {
		for (size_t i = 0; i < len; i++)
			buf_addf(&text, "%02x", note[i]);
	} else {
		note = note_of(elf, "Go\0", 4, NT_GO_BUILD_ID, &len);
		if (note && len <= 256 && !memchr(note, 0, len))
			buf_add(&text, note, len);
	}
	copy = text.failed ? NULL : strdup(buf_str(&text));
	buf_release(&text);
	return copy;
}
