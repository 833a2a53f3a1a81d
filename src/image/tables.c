/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/tables.h"

#include <errno.h>

/* Headers that hold together and have no moduledata, before the search is given up: for each of them all data
 * is gone through. A program has one table. */
#define MAX_TABLES 16

/* Looks for a pcHeader where no section name tells, which is so in externally linked
 * position-independent executables up to 1.25: takes the first whose moduledata is found too. */
static int scan_pclntab(const struct tables_wanted *wanted, struct pclntab *tab,
			struct moduledata *md, uint32_t *magic)
{
	const struct elf_file *elf = wanted->elf;
	const uint8_t quantum = elf->arch->pc_quantum;
	struct elf_scan scan = {0};
	int tried = 0;

	while (elf_scan_next(elf, &scan, 0)) {
		for (uint64_t at = -scan.vaddr & 7; at + 8 <= scan.size; at += 8) {
			uint32_t found = pclntab_magic(scan.bytes + at, 8, quantum);

			if (!found)
				continue;
			/* Eight bytes alone prove no Go: tools that know the magic hold it too. */
			if (!*magic && wanted->is_go)
				*magic = found;
			if (pclntab_init(tab, scan.bytes + at, scan.size - at, scan.vaddr + at,
					 quantum))
				continue;
			if (moduledata_find(md, elf, tab, wanted->symtab, wanted->go_minor) == 0)
				return 0;
			if (++tried == MAX_TABLES)
				return -ENOENT;
		}
	}
	return -ENOENT;
}

int tables_find(const struct tables_wanted *wanted, struct pclntab *tab, struct moduledata *md,
		uint32_t *magic)
{
	static const char *const names[] = {".gopclntab", ".data.rel.ro.gopclntab"};
	const uint8_t quantum = wanted->elf->arch->pc_quantum;

	for (size_t i = 0; i < 2; i++) {
		const struct elf_section *sec = elf_section(wanted->elf, names[i]);
		const uint8_t *data = sec ? elf_bytes(wanted->elf, sec->offset, sec->size) : NULL;

		if (!data || elf_at(wanted->elf, sec->addr, sec->size, 0) != data)
			continue;
		*magic = pclntab_magic(data, sec->size, quantum);
		if (pclntab_init(tab, data, sec->size, sec->addr, quantum) == 0 &&
		    moduledata_find(md, wanted->elf, tab, wanted->symtab, wanted->go_minor) == 0)
			return 0;
	}
	return scan_pclntab(wanted, tab, md, magic);
}
