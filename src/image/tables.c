/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/tables.h"

#include <errno.h>

#include "image/releases.h"

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
			if (!*magic && *wanted->go_version)
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

/* 0, or -ENOENT; *magic is that of any table seen. */
static int find(const struct tables_wanted *wanted, struct pclntab *tab, struct moduledata *md,
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

static int refuse_old(const struct tables_wanted *wanted, const char *version, struct error *err)
{
	return error_set(
		err, -ENOPKG,
		"%s: built with %s, and ftrace needs go1.%d or newer; build it again with a "
		"newer Go",
		wanted->path, version, GO_OLDEST);
}

int tables_read(const struct tables_wanted *wanted, struct pclntab *tab, struct moduledata *md,
		struct error *err)
{
	uint32_t magic = 0;

	if (wanted->go_minor && wanted->go_minor < GO_OLDEST)
		return refuse_old(wanted, wanted->go_version, err);
	if (find(wanted, tab, md, &magic) == 0)
		return 0;
	if (magic == PCLNTAB_GO12)
		return refuse_old(wanted, "go1.15 or older", err);
	if (magic == PCLNTAB_GO116)
		return refuse_old(wanted, "go1.16 or go1.17", err);
	if (magic)
		return error_set(
			err, -ENOPKG,
			"%s: its Go function table (pclntab) is damaged or its runtime data "
			"does not fit it; copy or build it again",
			wanted->path);
	if (*wanted->go_version)
		return error_set(
			err, -ENOPKG,
			"%s: built with %s, but its Go function table (pclntab) is missing; "
			"unpack it if it was packed, or build it again",
			wanted->path, wanted->go_version);
	return error_set(err, -ENOPKG,
			 "%s: not a Go program (no Go function table in it); give a Go executable, "
			 "unpacked if it was packed",
			 wanted->path);
}
