/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/target/debug_file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "image/elf.h"

/* Whether the file of that name, in one of the places, is the file. */
static bool is_named(const char *path, const char *name, const struct stat *file)
{
	static const char *const places[] = {"%.*s/%s", "%.*s/.debug/%s", "/usr/lib/debug%.*s/%s"};
	const char *base = strrchr(path, '/');
	const char *dir = base ? path : ".";
	int len = base ? (int)(base - path) : 1;
	char full[PATH_MAX];
	struct stat st;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (snprintf(full, sizeof(full), places[i], len, dir, name) < (int)sizeof(full) &&
		    !stat(full, &st) && st.st_dev == file->st_dev && st.st_ino == file->st_ino)
			return true;
	return false;
}

bool debug_file_is(const struct image *img, const struct stat *file)
{
	const char *path = image_info(img)->path, *name;
	const struct elf_section *link;
	struct elf_file elf;
	struct error err;
	bool is = false;

	if (elf_open(&elf, image_fd(img), path, &err))
		return false;
	link = elf_section(&elf, ".gnu_debuglink");
	name = link && link->size && link->size < PATH_MAX
		       ? (const char *)elf_bytes(&elf, link->offset, link->size)
		       : NULL;
	if (name && memchr(name, 0, link->size) && !strchr(name, '/'))
		is = is_named(path, name, file);
	elf_release(&elf);
	return is;
}
