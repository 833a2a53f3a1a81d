/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lookup: which file a BINARY without a slash is. One with a slash is itself.
 *
 * Paths are allocated, the caller frees them; NULL: out of memory. Source: POSIX.1-2024, XBD 8.3 (PATH) and
 * execvp(3).
 */
#ifndef FTRACE_CLI_TARGET_LOOKUP_H
#define FTRACE_CLI_TARGET_LOOKUP_H

#include "base/error.h"

/* One that is traced is a file here, else a program in PATH. Where there is neither it is the name. */
char *lookup_traced(const char *name);

/*
 * One that is started is looked for as a shell does, in PATH only: root must not run what lies about where
 * it stands. An empty element of PATH is the current directory, the first executable file is taken, and one
 * that is not executable when there is no other. NULL with `err` filled: -ENOENT no such file; -ENOMEM.
 */
char *lookup_started(const char *name, struct error *err);

#endif
