/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * catalog: what calls are calls of: functions, and the executables that they are in.
 *
 * Ids count up from 0 in the order in which entries are added. Entries are never changed nor taken out, and functions
 * keep their addresses: whoever reads may remember them, and sees by the count that there are more. The strings are
 * those of whoever adds an entry, and outlive the catalog. The caller owns the struct; zero-initialised is empty.
 */
#ifndef FTRACE_CALL_CATALOG_H
#define FTRACE_CALL_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct short_names;

struct catalog_exe {
	const char *path; /* NULL: not known */
	const char *root; /* directory of the main module's sources; "" or NULL: not known */
	const struct short_names *names; /* how text shortens its names; NULL: it does not */
};

struct catalog_func {
	const char *name; /* the symbol, "main.(*T).String" */
	const char *file; /* of its declaration; NULL or "?": not known */
	int line;
	uint32_t exe; /* id */
	bool errors_known; /* whether a call failed is known when it returns: its last result is an error */
};

/* Functions lie in parts, each twice as long as the one before it. */
#define CATALOG_FIRST 64
#define CATALOG_PARTS 26

struct catalog {
	struct catalog_func *parts[CATALOG_PARTS];
	size_t nfuncs;
	struct catalog_exe *exes;
	size_t nexes, capexes;
};

void catalog_release(struct catalog *catalog);

/* Each copies the struct; the new one's id is the count before. 0 or -ENOMEM. */
int catalog_add_func(struct catalog *catalog, const struct catalog_func *func);
int catalog_add_exe(struct catalog *catalog, const struct catalog_exe *exe);

/* Where the function of an id is: part 0 has the first CATALOG_FIRST, part 1 twice as many, and so on. */
static inline unsigned int catalog_part(size_t id, size_t *at)
{
	size_t from = id + CATALOG_FIRST;
	unsigned int part = (unsigned int)(__builtin_clzll(CATALOG_FIRST) - __builtin_clzll(from));

	*at = from - ((size_t)CATALOG_FIRST << part);
	return part;
}

/* The function of that id, or NULL. */
static inline const struct catalog_func *catalog_func(const struct catalog *catalog, uint32_t id)
{
	size_t at;
	unsigned int part = catalog_part(id, &at);

	return id < catalog->nfuncs ? &catalog->parts[part][at] : NULL;
}

/* The executable of that id, and whose function it is: never NULL, but nothing may be known of it. Good until an
 * executable is added. */
const struct catalog_exe *catalog_exe(const struct catalog *catalog, uint32_t id);
const struct catalog_exe *catalog_exe_of(const struct catalog *catalog, uint32_t func);

#endif
