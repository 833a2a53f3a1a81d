/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * download: debug information from a debuginfod server, where DEBUGINFOD_URLS names one.
 *
 * elfutils' libdebuginfod does it, in a process of its own: that is the user's who called sudo (else the caller's own), has
 * no capabilities, and hands over a descriptor of the file in that user's cache. The library is loaded in there, and only
 * there: ftrace runs without it, and without what comes along with it.
 *
 * Source: debuginfod_find_debuginfo(3), debuginfod-client-config(7).
 */
#ifndef FTRACE_CLI_READING_DOWNLOAD_H
#define FTRACE_CLI_READING_DOWNLOAD_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/reading/watched.h"

struct download {
	struct watched *watched; /* what it takes is not the file's whose debug information it is */
	const char *file;        /* that file's name, for messages */
	bool quiet;              /* nothing is said on the terminal meanwhile */
};

/* For struct debug_search: `arg` is the struct. Waits as long as the library does; a signal that ends the caller ends
 * it, too. */
int download_debug(void *arg, const char *build_id, char **name, struct error *err);

/* The same while there is something to trace: nothing is downloaded, and where something might be that is the error.
 * `arg` is the file's name. */
int download_never(void *arg, const char *build_id, char **name, struct error *err);

#endif
