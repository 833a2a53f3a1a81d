/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * caller: what stands at a return address of an executable, cached.
 *
 * The cache is bounded: when it is full it is emptied. Not thread-safe.
 */
#ifndef FTRACE_TRACE_CALLER_H
#define FTRACE_TRACE_CALLER_H

#include <stdbool.h>
#include <stdint.h>

#include "call/caller.h"
#include "plan/plan.h"

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
