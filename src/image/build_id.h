/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * build_id: what tells one build of an executable from the next, from its notes.
 */
#ifndef FTRACE_IMAGE_BUILD_ID_H
#define FTRACE_IMAGE_BUILD_ID_H

#include "image/elf.h"

/* The GNU build id in hexadecimal, else Go's own as it is, else "": the caller's, or NULL when memory is out. */
char *build_id_read(const struct elf_file *elf);

#endif
