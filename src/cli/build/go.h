/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * go: the go command, found and run as the user whom builds run as.
 *
 * It runs in a session of its own, without a terminal: nothing below it can ask a question. SIGINT,
 * SIGTERM and SIGHUP, which must be blocked while it runs, are passed on as SIGINT, which it obeys by
 * cleaning up; a second one kills it. Source: `go help environment`, `go help cache`; sudo(8), which
 * leaves neither PATH nor HOME as its caller had them.
 */
#ifndef FTRACE_CLI_BUILD_GO_H
#define FTRACE_CLI_BUILD_GO_H

#include "base/buf.h"
#include "base/error.h"
#include "cli/rights/account.h"
#include "cli/rights/inherited.h"

struct go {
	char *path;                    /* of the command; owned */
	char *bin;                     /* the directory it is in; owned */
	const struct account *account; /* NULL: whoever runs ftrace */
	const char *scratch;           /* directory for what is made on the way; that user's own */
	const struct inherited *given; /* to ftrace, for the command */
	int signal;                    /* that interrupted it, or 0 */
};

/* Looks in PATH, then where installers put it and in the user's home directory, the newest first. 0, or
 * -ENOENT with `err` filled. The other members must be set already. */
int go_find(struct go *go, struct error *err);

/*
 * Runs it in `directory` with `argv`, whose first word is replaced. Its messages go to stderr; what it
 * prints to `out`, at most GO_OUTPUT_MAX bytes, or to stderr when that is NULL. Returns its exit status
 * (128 + signal), or a negative errno with `err` filled.
 */
int go_run(struct go *go, const char *directory, char **argv, struct buf *out, struct error *err);
#define GO_OUTPUT_MAX (16u << 20)

void go_release(struct go *go);

#endif
