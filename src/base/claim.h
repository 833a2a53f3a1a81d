/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * claim: a file that is still written says so, to whoever reads it meanwhile.
 *
 * It is a lock of the open file (fcntl(2), F_OFD_SETLK): it keeps nobody from anything, and goes when its last descriptor is
 * closed, however the writer ends.
 */
#ifndef FTRACE_BASE_CLAIM_H
#define FTRACE_BASE_CLAIM_H

#include <stdbool.h>

/* Where that cannot be (a pipe, a file system without locks, somebody else has it) nothing happens. */
void claim_take(int fd);

/* Whether somebody has claimed the file, through another open file than this one. */
bool claim_is_taken(int fd);

#endif
