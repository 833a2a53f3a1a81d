/* SPDX-License-Identifier: GPL-2.0-only */
#include <elf.h>

#include "image/elf.h"

bool elf_scan_next(const struct elf_file *elf, struct elf_scan *scan, uint32_t flags)
{
	while (scan->next < elf->nsegments && scan->done < elf->content.size) {
		const struct elf_segment *seg = &elf->segments[scan->next++];
		uint64_t left = elf->content.size - scan->done;

		if (seg->type != PT_LOAD || (seg->flags & flags) != flags)
			continue;
		scan->size = seg->filesz < left ? seg->filesz : left;
		scan->vaddr = seg->vaddr;
		scan->bytes = elf_bytes(elf, seg->offset, scan->size);
		scan->done += scan->size;
		if (scan->bytes)
			return true;
	}
	return false;
}
