/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/one_catalog.h"

#include <string.h>

void one_catalog_release(struct one_catalog *one)
{
	catalog_release(&one->catalog);
	map_release(&one->names);
	*one = (struct one_catalog){0};
}

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 14695981039346656037u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return hash;
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* 1 + the executable's id in the catalog of all; 0 when memory is out. */
static uint32_t exe_of(struct one_catalog *one, const struct catalog_exe *exe)
{
	struct catalog *all = &one->catalog;

	for (size_t i = 0; i < all->nexes; i++)
		if (is_same(all->exes[i].path, exe->path) && is_same(all->exes[i].root, exe->root))
			return (uint32_t)i + 1;
	return catalog_add_exe(all, exe) ? 0 : (uint32_t)all->nexes;
}

uint32_t one_catalog_func(struct one_catalog *one, const struct catalog *catalog, uint32_t id)
{
	struct catalog_func func = *catalog_func(catalog, id);
	uint32_t exe = exe_of(one, catalog_exe_of(catalog, id));
	const struct catalog_func *known;
	uint64_t *place;

	if (!exe)
		return 0;
	func.exe = exe - 1;
	place = map_put(&one->names, (struct map_key){.a = hash_of(func.name), .b = exe});
	if (!place)
		return 0;
	known = *place ? catalog_func(&one->catalog, (uint32_t)*place - 1) : NULL;
	if (known && is_same(known->name, func.name) && is_same(known->file, func.file) &&
	    known->line == func.line)
		return (uint32_t)*place;
	if (catalog_add_func(&one->catalog, &func))
		return 0;
	if (!*place)
		*place = one->catalog.nfuncs;
	return (uint32_t)one->catalog.nfuncs;
}
