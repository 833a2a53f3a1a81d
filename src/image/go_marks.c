/* SPDX-License-Identifier: GPL-2.0-only */
#include "image/go_marks.h"

#include <string.h>

#include "image/elf.h"

static bool is_mark(const char *name)
{
	return !strncmp(name, ".go.", 4) || !strcmp(name, ".gopclntab") ||
	       !strncmp(name, ".note.go.", 9) || !strcmp(name, ".data.rel.ro.gopclntab");
}

bool go_marks_any(int fd)
{
	struct elf_file elf;
	struct error err;
	bool any;

	if (elf_open(&elf, fd, "", &err))
		return false;
	/* The first one is the null section. */
	any = elf.nsections <= 1;
	for (size_t i = 0; i < elf.nsections && !any; i++)
		any = elf.sections[i].name && is_mark(elf.sections[i].name);
	elf_release(&elf);
	return any;
}
