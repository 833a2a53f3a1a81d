/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * go_marks: what tells at a glance that a file is no Go program, so that not all of it need be gone through.
 *
 * Go's linker, and the C linker of what Go gave it, make sections that no other has: .go.buildinfo, .note.go.buildid,
 * .gopclntab (cmd/link/internal/ld/data.go, elf.go). Only where a file has sections is their absence a proof.
 */
#ifndef FTRACE_IMAGE_GO_MARKS_H
#define FTRACE_IMAGE_GO_MARKS_H

#include <stdbool.h>

/* Whether the file behind `fd`, which stays the caller's, may be a Go program: false when it is none, or not ELF. */
bool go_marks_any(int fd);

#endif
