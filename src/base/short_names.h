/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * short_names: Go names with as much of their packages' paths as tells these apart.
 *
 *     github.com/caddyserver/caddy/v2/modules/caddyhttp.(*Server).ServeHTTP     caddyhttp.(*Server).ServeHTTP
 *     gopkg.in/yaml%2ev3.Unmarshal                                              yaml.v3.Unmarshal
 *     main.Map[github.com/a/b/util.T], where there is github.com/c/util         main.Map[b/util.T]
 *
 * A path's last element stays; of packages whose last elements are the same, as many more as it takes. Elements that
 * are a major version are left out, where no other package is told apart by one. Paths inside of a name, of receivers
 * and type arguments, are shortened likewise.
 *
 * The caller owns the struct; zero-initialised is empty. First all packages are added, then it is sealed; a sealed one
 * does not change.
 */
#ifndef FTRACE_BASE_SHORT_NAMES_H
#define FTRACE_BASE_SHORT_NAMES_H

#include <stddef.h>

#include "base/buf.h"

struct short_package {
	const char *path; /* as in a symbol; not NUL-terminated */
	size_t len;
};

struct short_names {
	struct short_package *packages; /* when sealed: by their elements, the last one first */
	size_t count, cap;
};

/* Adds the package of a function by its symbol, which must outlive the struct. It is the cheaper the more often one
 * package's functions come one after the other. 0 or -ENOMEM. */
int short_names_add(struct short_names *names, const char *symbol);
void short_names_seal(struct short_names *names);
void short_names_release(struct short_names *names);

/*
 * Appends a function's symbol, or a type's name, in short. Of packages that were not added (those that have types only)
 * as much is left as tells them from those that were. With NULL for `names` the paths are whole. In both cases %xx
 * are the bytes that they stand for. Nothing is escaped.
 */
void short_names_put(const struct short_names *names, struct buf *buf, const char *text);

#endif
