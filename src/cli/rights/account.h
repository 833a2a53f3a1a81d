/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * account: a user of this machine, whom a program runs as.
 *
 * The caller owns the struct and releases it; zero-initialised is empty. Sources: getpwnam(3),
 * credentials(7); sudo(8) and run0(1) for SUDO_UID and SUDO_GID, doas(1) for DOAS_USER, pkexec(1) for
 * PKEXEC_UID.
 */
#ifndef FTRACE_CLI_RIGHTS_ACCOUNT_H
#define FTRACE_CLI_RIGHTS_ACCOUNT_H

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

/*
 * Who called sudo, doas or pkexec to become root: only root's environment is believed. One that was called
 * by root says nothing. 1, or 0 when nobody else than root did; -EINVAL with `err` filled when the
 * variables make no sense, or do not agree on the user: none of them can be told to be the last. -ENOMEM.
 */
int account_caller(struct account *account, struct error *err);

/*
 * Makes the calling process theirs for good: groups and IDs, where they are not so already; HOME, USER and
 * LOGNAME, which a user without an entry has none of; no XDG_RUNTIME_DIR, which is another user's. 0, or a
 * negative errno; then it must not go on.
 */
int account_become(const struct account *account);

void account_release(struct account *account);

#endif
