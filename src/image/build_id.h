/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * build_id: what tells one build of an executable from the next, from its notes.
 *
 * Linkers write the GNU build id (external ones, and Go's own from 1.24 on), the go command writes its own unless it is told
 * not to. Both stay in an executable that is stripped, and in the file that its debug information goes to. Sources:
 * the System V ABI (notes); ld(1), --build-id; Go's src/cmd/internal/buildid, src/cmd/link/internal/ld/elf.go.
 */
#ifndef FTRACE_IMAGE_BUILD_ID_H
#define FTRACE_IMAGE_BUILD_ID_H

#include "image/elf.h"

/* Both as text, "" where there is none. */
struct build_ids {
	char gnu[129]; /* NT_GNU_BUILD_ID in hexadecimal: at most 64 bytes of it */
	char go[257];  /* the go command's: "ACTION/.../CONTENT" */
};

/* From the notes in the segments, and in the sections where there are no segments with notes (elf_open_apart()). */
void build_ids_read(const struct elf_file *elf, struct build_ids *ids);

#endif
