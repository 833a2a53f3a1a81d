/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scratch: a temporary directory that belongs to the user whom a build runs as.
 *
 * It is made and taken away by a process of that user, so that nothing which the user can do below it
 * makes a process of root touch another file.
 */
#ifndef FTRACE_CLI_SCRATCH_H
#define FTRACE_CLI_SCRATCH_H

#include "base/error.h"
#include "cli/account.h"

/* Makes one in TMPDIR, or where the user may not, in /tmp; everybody may enter it. Returns its path,
 * which the caller frees, or NULL with `err` filled. `account` NULL: whoever runs ftrace. */
char *scratch_make(const struct account *account, struct error *err);

/* Removes it with all that is in it, and frees the path; NULL is allowed. What cannot be removed stays. */
void scratch_remove(char *path, const struct account *account);

#endif
