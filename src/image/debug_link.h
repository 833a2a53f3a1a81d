/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * debug_link: where an executable's debug information may lie by what the executable says.
 *
 * Sources: as debug_file.h.
 */
#ifndef FTRACE_IMAGE_DEBUG_LINK_H
#define FTRACE_IMAGE_DEBUG_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "image/elf.h"

/* The section .gnu_debuglink. */
struct debug_link {
	const char *name; /* of a file, without a directory; in the executable's memory */
	uint32_t crc;     /* of that file's bytes */
};

/* False when there is none that makes sense. */
bool debug_link_read(const struct elf_file *elf, struct debug_link *link);

/* Calls `each` with every path that the link stands for, until it returns non-zero, and returns that. `path` is the
 * executable's, as it was named; the directory that its file lies in by now is looked at, too. */
int debug_link_each(const struct elf_file *elf, const char *path, const struct debug_link *link,
		    int (*each)(void *arg, const char *at), void *arg);

/* CRC-32 (IEEE 802.3, as zlib has it) of the file behind `fd`. 0, or -EIO, -EFBIG for a file that no debug information is
 * as large as. */
int debug_link_crc(int fd, uint32_t *crc);

#endif
