/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * regular: opening a file of which nobody knows what it is. The kind comes first: opening alone sets some devices to
 * work, and waits for others (open(2), O_PATH).
 */
#ifndef FTRACE_BASE_REGULAR_H
#define FTRACE_BASE_REGULAR_H

/* A descriptor for reading, the caller's; or a negative errno: -EISDIR for a directory, -ENXIO for all else that is no
 * regular file, and open(2)'s. */
int regular_open(const char *path);

#endif
