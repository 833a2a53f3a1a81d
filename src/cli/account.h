/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * account: a user of this machine, whom a program runs as.
 *
 * The caller owns the struct and releases it; zero-initialised is empty. Sources: getpwnam(3),
 * credentials(7), sudo(8) for SUDO_UID and SUDO_GID.
 */
#ifndef FTRACE_CLI_ACCOUNT_H
#define FTRACE_CLI_ACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

struct account {
	uid_t uid;
	gid_t gid;
	char *name; /* NULL: the user has no entry in the user database */
	char *home; /* likewise; it need not exist */
};

/* The user of that name, or of that number. 0, -ENOENT with `err` filled, -ENOMEM. */
int account_find(struct account *account, const char *name, struct error *err);

/* Who called sudo. 1, or 0 when nobody did or it was root; -EINVAL with `err` filled when sudo's
 * variables make no sense, -ENOMEM. */
int account_caller(struct account *account, struct error *err);

/* Makes the calling process theirs for good: groups, IDs, and HOME, USER and LOGNAME. A process that is
 * theirs already stays as it is. 0, or a negative errno; then it must not go on. */
int account_become(const struct account *account);

/* Runs `work` in a process of its own as that user (NULL: as ftrace), and waits for it. True when it
 * returned 0. */
bool account_do(const struct account *account, int (*work)(void *arg), void *arg);

void account_release(struct account *account);

#endif
