/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * position: from an instruction to the places in the source that it comes from.
 *
 * Used by image.c only; the functions for everybody are image_position() and
 * image_each_inline() of image.h.
 *
 * Sources: as pclntab.h and inline.h.
 */
#ifndef FTRACE_IMAGE_POSITION_H
#define FTRACE_IMAGE_POSITION_H

#include "image/image.h"
#include "image/inline.h"
#include "image/pclntab.h"

/* What is read to find positions within one machine function. */
struct position_source {
	const struct pclntab *tab;
	struct pclntab_func func;
	struct inline_tree tree; /* points to func: the struct must not be copied */
	const struct elf_file *elf;
	uint64_t gofunc; /* moduledata.gofunc, 0: not known */
};

/* Fills `src` for a function of the image: 0, or -EINVAL when its record is damaged. */
int position_source(const struct image *img, size_t index, struct position_source *src);

/* File and line of the instruction at `rel` in the machine function itself: where the outermost of
 * the calls stands that were inlined there. func is left alone. */
void position_outermost(const struct position_source *src, uint32_t rel, struct image_pos *pos);

/* Directory of the module's source, from the file names of its functions; free() it. "" when they
 * do not tell, NULL when memory is out. `package` is the import path of the main package. */
char *position_module_root(const struct image *img, const char *package, const char *module);

#endif
