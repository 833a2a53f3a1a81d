/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pids: the processes of -p, and which of them have ended.
 *
 * The caller owns the struct; zero-initialised there are none.
 */
#ifndef FTRACE_CLI_RUN_PIDS_H
#define FTRACE_CLI_RUN_PIDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct pids {
	const pid_t *pids; /* the caller's */
	int *fds;          /* one each, readable when it ends; -1: that has been seen */
	size_t count;
};

/* 0, or a negative errno with `err` filled, -ESRCH when all have ended; to be closed in any case. */
int pids_open(struct pids *pids, const pid_t *list, size_t count, struct error *err);
void pids_close(struct pids *pids);

/* That one has ended. */
void pids_end(struct pids *pids, size_t i);

static inline bool pids_has_ended(const struct pids *pids, size_t i)
{
	return pids->fds[i] < 0;
}

/* Whether there were any, and all of them have ended. */
bool pids_all_ended(const struct pids *pids);

/* Whether it is one of them. */
bool pids_has(const struct pids *pids, uint32_t pid);

#endif
