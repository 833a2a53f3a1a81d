/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * caller: what stands at a return address, cached.
 *
 * The cache is bounded: when it is full it is emptied. Not thread-safe.
 */
#ifndef FTRACE_TRACE_CALLER_H
#define FTRACE_TRACE_CALLER_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/plan.h"

struct caller {
	const char *func; /* machine function that holds the return address */
	uint64_t offset;  /* of the return address in it */
	const char *file; /* of the call itself, in an inlined body if it is there; NULL: unknown */
	const char *short_file; /* the same, shortened (source_file.h) */
	const char *inlined;    /* name of that inlined body, or NULL */
	int line;
	bool more; /* what that body is inlined into is next in the array */
};

/* Bodies that are inlined into each other and are told apart; of more, the innermost. */
#define CALLER_FRAMES 16

struct callers;

struct callers *callers_new(const struct plan *plan);
void callers_free(struct callers *callers);

/* The innermost frame at a return address, those that it is inlined into behind it (`more`).
 * NULL when nothing is known of `pc` (a vaddr of image number `image`; 0 is never known). The
 * result belongs to the cache and is good until the next call of this function. */
const struct caller *callers_find(struct callers *callers, uint32_t image, uint64_t pc);

#endif
