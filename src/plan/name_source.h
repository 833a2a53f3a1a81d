/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * name_source: where there are functions that a person can name: an executable, or a recording's catalog.
 *
 * The first member of what its maker needs besides.
 */
#ifndef FTRACE_PLAN_NAME_SOURCE_H
#define FTRACE_PLAN_NAME_SOURCE_H

#include <stddef.h>

#include "image/image.h"

struct name_source {
	const char *path;   /* of the file, for messages */
	const char *module; /* path of the main module; "": not known */
	/* How many there are; in a catalog they get more. */
	size_t (*count)(const struct name_source *source);
	/* The symbol of one, or NULL where it has none. */
	const char *(*name)(const struct name_source *source, size_t i);
	/* Those that have no body of their own; NULL: there are none. `each` returns 0 to go on. */
	void (*inlined)(const struct name_source *source,
			int (*each)(const struct image_inline *call, void *arg), void *arg);
};

/* That of an executable, which outlives it. */
struct image_names {
	struct name_source source;
	const struct image *img;
};

void image_names_init(struct image_names *names, const struct image *img);

#endif
