/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * buildinfo: what the go command wrote into the executable about its making.
 *
 * The strings are copies, owned by the struct and released with buildinfo_release().
 *
 * Sources: Go's src/debug/buildinfo/buildinfo.go (the blob), src/runtime/debug/mod.go (the text),
 * src/internal/buildcfg and src/cmd/dist/buildtool.go (what a version looks like).
 */
#ifndef FTRACE_IMAGE_BUILDINFO_H
#define FTRACE_IMAGE_BUILDINFO_H

#include <stddef.h>
#include <stdint.h>

#include "image/elf.h"

struct buildinfo {
	char *version; /* "go1.26.8", "" when unknown */
	char *path;    /* import path of the main package, "" when unknown */
	char *module;  /* path of the main module, "" when unknown */
};

/* 0, or -ENOENT when the file has none (all strings are ""), or -ENOMEM (nothing to release). */
int buildinfo_read(struct buildinfo *info, const struct elf_file *elf);
void buildinfo_release(struct buildinfo *info);

/* The 26 of "go1.26.8", "go1.27rc1", "devel go1.28-abcdef", "go1.26.8 X:fips"; 0 when the text
 * names no version of Go 1. */
int buildinfo_minor(const char *version);

#endif
