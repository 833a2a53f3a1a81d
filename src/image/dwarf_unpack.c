/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sections that are packed with zstd, unpacked here: a libelf without zstd does not know what they are. What zlib
 * packed is left to libelf.
 */
#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <zstd.h>

#include "image/bytes.h"
#include "image/dwarf_priv.h"

/* Of the ELF gABI; older C libraries lack it. */
#ifndef ELFCOMPRESS_ZSTD
#define ELFCOMPRESS_ZSTD 2
#endif

/* The frames behind the section's header fill `room` exactly. */
static bool unpack(const uint8_t *bytes, uint64_t size, void *room, uint64_t unpacked)
{
	return ZSTD_decompress(room, unpacked, bytes + sizeof(Elf64_Chdr),
			       size - sizeof(Elf64_Chdr)) == unpacked;
}

/* From now on libelf has these bytes for the section's. */
static int exchange(Elf_Scn *section, GElf_Shdr *header, void *bytes, uint64_t size)
{
	Elf_Data *data;

	header->sh_flags &= ~(GElf_Xword)SHF_COMPRESSED;
	if (!gelf_update_shdr(section, header))
		return -EBADMSG;
	data = elf_getdata(section, NULL);
	if (!data)
		return -EBADMSG;
	data->d_buf = bytes;
	data->d_size = size;
	return 0;
}

int dwarf_unpack(struct dwarf *dw, Elf_Scn *section, const uint8_t *bytes, uint64_t size)
{
	struct dwarf_chunk *chunk;
	uint64_t unpacked;
	GElf_Shdr header;

	if (!gelf_getshdr(section, &header) || !(header.sh_flags & SHF_COMPRESSED))
		return 0;
	if (size < sizeof(Elf64_Chdr))
		return -EBADMSG;
	switch (bytes_u32(bytes + offsetof(Elf64_Chdr, ch_type))) {
	case ELFCOMPRESS_ZLIB:
		return 0;
	case ELFCOMPRESS_ZSTD:
		break;
	default:
		return -ENOTSUP;
	}
	unpacked = bytes_u64(bytes + offsetof(Elf64_Chdr, ch_size));
	chunk = malloc(sizeof(*chunk) + unpacked);
	if (!chunk)
		return -ENOMEM;
	chunk->next = dw->chunks;
	dw->chunks = chunk;
	if (!unpack(bytes, size, chunk->bytes, unpacked))
		return -EBADMSG;
	return exchange(section, &header, chunk->bytes, unpacked);
}
