/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * debug_file: the file that an executable's debug information was moved to. ftrace does not read it, but spares it.
 *
 * Its name is in the section .gnu_debuglink, and it lies where debuggers look for it: beside the executable, in
 * .debug there, and in /usr/lib/debug. Source: "Debugging Information in Separate Files" of GDB's manual.
 */
#ifndef FTRACE_CLI_TARGET_DEBUG_FILE_H
#define FTRACE_CLI_TARGET_DEBUG_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include "image/image.h"

/* Whether that file is the executable's. False also when the executable cannot be read any more. */
bool debug_file_is(const struct image *img, const struct stat *file);

#endif
