/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shown_name: the names of functions as text has them: in short where the executable's entry in the
 * catalog knows how (call/catalog.h), else whole, and escaped. To be called once for a function or a caller, and its
 * result kept (func_names.h, call_site.h); types in values: short_texts.h.
 */
#ifndef FTRACE_SINK_SHOWN_NAME_H
#define FTRACE_SINK_SHOWN_NAME_H

#include "base/buf.h"
#include "call/catalog.h"

/* A function, or a variable, by its symbol, without the longest of the `ntrim` prefixes that fits what is shown, or
 * the whole name. `exe` is whose. */
void shown_name_put(struct buf *buf, const struct catalog_exe *exe, const char *symbol,
		    char *const *trim, size_t ntrim);

/* `name` without the longest of the prefixes that fits; never empty unless `name` is. */
const char *shown_name_trim(const char *name, char *const *trim, size_t ntrim);

#endif
