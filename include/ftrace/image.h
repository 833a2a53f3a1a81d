/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image: what the programs know of a traced executable.
 */
#ifndef FTRACE_IMAGE_H
#define FTRACE_IMAGE_H

#include <ftrace/states.h>
#include <ftrace/types.h>

/* Executables traced at once. */
#define FT_MAX_IMAGES 64

/*
 * The head of runtime.g, as far as it is read in one go: the bounds of its stack, which are its first members, and goid
 * where Go 1.19 to 1.27 have it (src/runtime/runtime2.go). Offsets in bytes.
 */
#define FT_G_STACK_LO     0
#define FT_G_STACK_HI     8
#define FT_G_GOID         152
#define FT_G_GOID_SHIFTED 160 /* 1.23 and 1.24, behind syscallbp, which 1.25 made up for */
#define FT_G_HEAD         (FT_G_GOID_SHIFTED + 8)

/* Where the runtime of one executable keeps g; indexed by the cookie's image. */
struct ft_image {
	__ft_s64 tls;  /* of the g pointer from the thread pointer */
	__ft_u32 goid; /* offset in runtime.g */
	__ft_u32 m;    /* offset in runtime.g */
	__ft_u32 curg; /* offset in runtime.m */
	/* Offsets in runtime.g: */
	__ft_u32 status;
	__ft_u32 waitreason;
	__ft_u32 bp;
	__ft_u32 parent; /* 0: this release has none */
	__ft_u32 gopc;
	__ft_u32 startpc;
	__ft_u32 ctxt; /* closure that it is going to run, until it does */
};

_Static_assert(sizeof(struct ft_image) == 48, "wire size");

#endif
