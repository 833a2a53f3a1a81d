/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * package: the one Go package that the user names, found with `go list`.
 *
 * DIR is a directory, a .go file, or what the go command takes for packages where one stands: an import
 * path, a pattern with "...". A pattern has to come down to one package that can be built. The caller
 * owns the struct and releases it. Source: `go help list`, `go help packages`.
 */
#ifndef FTRACE_CLI_BUILD_PACKAGE_H
#define FTRACE_CLI_BUILD_PACKAGE_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/build/go.h"
#include "cli/options/words.h"

struct package {
	char *from;     /* the directory to run the go command in; NULL: where one stands */
	char *argument; /* what names the package there */
	char *path;     /* import path; "command-line-arguments" for a .go file */
	char *dir;      /* its own directory, absolute */
};

/*
 * 0, or a negative errno with `err` filled ("DIR: CAUSE; REMEDY"): -ENOENT no such directory, file or
 * package; -E2BIG several; -EINTR interrupted; -ENOEXEC the go command said why; -ENOPKG not a program
 * or, with `test`, nothing to test. `flags` are go build's.
 */
int package_find(struct package *package, struct go *go, const char *dir, bool test,
		 const struct words *flags, struct error *err);
void package_release(struct package *package);

#endif
