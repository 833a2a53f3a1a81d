/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * source_file: a source file's name as short as it can be and still be found.
 *
 * A file of the main module is given relative to the module's root, since that is where its reader
 * works; any other (standard library, other modules) by its last part.
 */
#ifndef FTRACE_SINK_SOURCE_FILE_H
#define FTRACE_SINK_SOURCE_FILE_H

/* The tail of `file` itself, good as long as that. `root` is image_info's module_root: "" or NULL
 * when unknown. */
const char *source_file_short(const char *file, const char *root);

#endif
