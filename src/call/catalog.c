/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/catalog.h"

#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"

void catalog_release(struct catalog *catalog)
{
	for (size_t i = 0; i < CATALOG_PARTS; i++)
		free(catalog->parts[i]);
	free(catalog->exes);
	*catalog = (struct catalog){0};
}

int catalog_add_func(struct catalog *catalog, const struct catalog_func *func)
{
	size_t at;
	unsigned int part = catalog_part(catalog->nfuncs, &at);

	if (part >= CATALOG_PARTS)
		return -ENOMEM;
	if (!catalog->parts[part])
		catalog->parts[part] =
			calloc((size_t)CATALOG_FIRST << part, sizeof(*catalog->parts[part]));
	if (!catalog->parts[part])
		return -ENOMEM;
	catalog->parts[part][at] = *func;
	catalog->nfuncs++;
	return 0;
}

int catalog_add_exe(struct catalog *catalog, const struct catalog_exe *exe)
{
	struct catalog_exe *to = vec_push(&catalog->exes, &catalog->nexes, &catalog->capexes);

	if (!to)
		return -ENOMEM;
	*to = *exe;
	return 0;
}

const struct catalog_exe *catalog_exe(const struct catalog *catalog, uint32_t id)
{
	static const struct catalog_exe unknown;

	return id < catalog->nexes ? &catalog->exes[id] : &unknown;
}

const struct catalog_exe *catalog_exe_of(const struct catalog *catalog, uint32_t func)
{
	const struct catalog_func *entry = catalog_func(catalog, func);

	return catalog_exe(catalog, entry ? entry->exe : UINT32_MAX);
}
