/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * goroutine: where the runtime keeps what identifies a goroutine, per executable.
 *
 * DWARF is asked first; without it a table by Go version; a version that the table does not know is
 * an error which names the version and the remedy. Nothing is guessed.
 *
 * Sources: Go's src/runtime/runtime2.go (g, m, stack, gobuf), read for each version as
 * DWARF of binaries which that version built shows it.
 */
#ifndef FTRACE_PLAN_GOROUTINE_H
#define FTRACE_PLAN_GOROUTINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "image/dwarf.h"
#include "image/image.h"

/* Offsets in bytes. */
struct goroutine_layout {
	uint32_t goid;     /* runtime.g.goid */
	uint32_t m;        /* runtime.g.m */
	uint32_t curg;     /* runtime.m.curg */
	uint32_t status;   /* runtime.g.atomicstatus */
	uint32_t waitreason; /* runtime.g.waitreason */
	uint32_t bp;         /* runtime.g.sched.bp: the frame pointer while it does not run, or runs on another stack */
	uint32_t ctxt;       /* runtime.g.sched.ctxt: the closure that it is going to run, before it does */
	uint32_t parent;     /* runtime.g.parentGoid; 0: before 1.21 there is none */
	uint32_t gopc;       /* runtime.g.gopc */
	uint32_t startpc;    /* runtime.g.startpc */
	uint32_t stack_lo; /* runtime.g.stack.lo, always 0 */
	uint32_t stack_hi; /* runtime.g.stack.hi, always 8 */
	int64_t tls;       /* of the g pointer from the thread pointer */
	bool from_dwarf;
};

/* `dwarf` may be NULL (none in the file). 0, or a negative errno with `err` filled. */
int goroutine_layout(const struct image *img, struct dwarf *dwarf, struct goroutine_layout *layout,
		     struct error *err);

/* The table's row for Go 1.`minor`: 0, or -ENOENT. tls and from_dwarf are left alone. */
int goroutine_table(int minor, struct goroutine_layout *layout);

#endif
