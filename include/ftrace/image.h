/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image: what the programs know of a traced executable.
 */
#ifndef FTRACE_IMAGE_H
#define FTRACE_IMAGE_H

#include <ftrace/types.h>

/* Executables traced at once. */
#define FT_MAX_IMAGES 64

/* Where the runtime of one executable keeps g; indexed by the cookie's image. */
struct ft_image {
	__ft_s64 tls;  /* of the g pointer from the thread pointer */
	__ft_u32 goid; /* offset in runtime.g */
	__ft_u32 m;    /* offset in runtime.g */
	__ft_u32 curg; /* offset in runtime.m */
	__ft_u32 pad;
};

_Static_assert(sizeof(struct ft_image) == 24, "wire size");

#endif
