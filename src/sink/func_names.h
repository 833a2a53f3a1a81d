/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * func_names: the names of a catalog's functions, escaped once for one output format.
 *
 * The caller owns the struct; zero-initialised is empty. Functions that the catalog gets later are found as well.
 */
#ifndef FTRACE_SINK_FUNC_NAMES_H
#define FTRACE_SINK_FUNC_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/put.h"
#include "base/width.h"
#include "call/catalog.h"

struct func_name {
	const char *text; /* not NUL-terminated; PUT_SLACK bytes of it can be read */
	uint32_t len;     /* bytes */
	uint32_t width;   /* columns */
	uint32_t exe;     /* id in the catalog */
};

struct func_names {
	const struct catalog *catalog;
	bool json; /* symbols as they are, for a JSON string; else what text shows (shown_name.h) */
	char *const *trim;
	size_t ntrim;
	struct func_name *names; /* by id */
	size_t count;
	struct buf text;
	bool failed; /* memory was out: some names are missing */
};

/* All that is handed over stays the caller's, and outlives the struct. `trim`: prefixes to leave off, may be NULL
 * with `ntrim` 0. */
void func_names_init_text(struct func_names *names, const struct catalog *catalog,
			  char *const *trim, size_t ntrim);
void func_names_init_json(struct func_names *names, const struct catalog *catalog);
void func_names_release(struct func_names *names);

/* For func_names_get(): takes in what the catalog has got since. */
const struct func_name *func_names_grow(struct func_names *names, uint32_t id);

/* The name of a function, good until the next call; "?" when it is none, or memory is out (`failed`). */
static inline const struct func_name *func_names_get(struct func_names *names, uint32_t id)
{
	return id < names->count ? &names->names[id] : func_names_grow(names, id);
}

#endif
