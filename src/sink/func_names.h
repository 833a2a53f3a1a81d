/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * func_names: the names of a plan's functions, escaped once for one output format.
 *
 * The caller owns the struct; zero-initialised is empty. Indexes are those of plan->funcs.
 */
#ifndef FTRACE_SINK_FUNC_NAMES_H
#define FTRACE_SINK_FUNC_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/put.h"
#include "plan/plan.h"

struct func_name {
	const char *text; /* not NUL-terminated; PUT_SLACK bytes of it can be read */
	uint32_t len;     /* bytes */
	uint32_t width;   /* characters */
};

struct func_names {
	struct func_name *names;
	size_t count;
	struct buf text;
};

/* How to make bytes printable: one of escape.h. */
typedef void escape_fn(struct buf *buf, const char *bytes, size_t len);

/* `trim`: prefixes to leave off, may be NULL with `ntrim` 0. 0 or -ENOMEM. */
int func_names_init(struct func_names *names, const struct plan *plan, escape_fn *escape,
		    char *const *trim, size_t ntrim);
void func_names_release(struct func_names *names);

/* `name` without the longest of the prefixes that fits; never empty unless `name` is. */
const char *func_name_trim(const char *name, char *const *trim, size_t ntrim);

/* Characters in UTF-8 text. */
uint32_t text_width(const char *text, size_t len);

static inline const struct func_name *func_names_get(const struct func_names *names, uint32_t index)
{
	static const char text[PUT_SLACK] = "?";
	static const struct func_name unknown = {text, 1, 1};

	return index < names->count ? &names->names[index] : &unknown;
}

#endif
