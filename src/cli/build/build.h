/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * build: the program that --package and --test make with the go command.
 *
 *     build_make      go build or go test -c, as the user who called sudo, doas or pkexec
 *     build_how       how that program is started
 *     build_release   takes the temporary file away
 *
 * From build_make() on SIGINT, SIGTERM and SIGHUP are blocked, so that nothing ends ftrace before
 * build_release(); one that comes in between stays pending. The caller owns the struct, which
 * must not move; zero-initialised is empty.
 */
#ifndef FTRACE_CLI_BUILD_BUILD_H
#define FTRACE_CLI_BUILD_BUILD_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/rights/account.h"
#include "cli/run/child.h"
#include "cli/build/go.h"
#include "cli/rights/inherited.h"
#include "cli/options/options.h"
#include "cli/build/scratch.h"

struct build {
	struct account caller; /* when `as_caller` */
	bool as_caller;
	struct go go;
	struct scratch scratch;
	char *program;   /* path of what was built, absolute */
	char *directory; /* --test: where it is to run, absolute */
	const struct inherited *given;
};

/* 0, or a negative errno with `err` filled: -E2BIG DIR is several packages; -ENOENT there is none; -EINTR it was
 * interrupted by the signal go.signal; others for all else. What the go command says goes to stderr. */
int build_make(struct build *build, const struct options *opt, const struct inherited *given,
	       struct error *err);

/* Fills in all but path and argv. With --user it is that user who runs it, else the one who built it. */
void build_how(struct build *build, const struct options *opt, struct child_how *how);

void build_release(struct build *build);

#endif
