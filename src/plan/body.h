/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * body: the decoded instructions of one function, and the probe sites found in them.
 *
 * The code is decoded once from its first byte to its last; a body whose instructions do not fill it
 * exactly, or into the middle of whose instructions one of its own jumps leads, is refused, so that
 * no probe ever stands inside an instruction. The caller owns the struct; body_decode() reuses its memory.
 *
 * What the stack check at the head of a function looks like, and what it proves, arch.h knows.
 */
#ifndef FTRACE_PLAN_BODY_H
#define FTRACE_PLAN_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "image/image.h"

struct body {
	const struct image *image;
	size_t index; /* of the function in its image */
	struct image_func func;
	struct insn *insns;
	size_t ninsns, capinsns;
	struct image_sp sp; /* where jumps were looked up last */
};

/* 0, or -EILSEQ with the reason in `why` (a sentence for the user), -ENOMEM. */
int body_decode(struct body *body, const struct image *img, size_t index, char *why, size_t size);
void body_release(struct body *body);

/* One probe site in a body. */
struct body_site {
	const struct insn *insn;
	bool g_in_register; /* the function's own prologue has g in the register that Go keeps it in */
	bool only_if;       /* a conditional jump: counts when it is taken ... */
	bool only_if_not; /* ... or when it is not (the jump to morestack) */
	bool may_repeat; /* runs again for the same call: after morestack, or at the head of a loop */
};

/* The cheapest instruction that runs exactly once a call with SP and argument registers as at entry.
 * 0, or -ENOTSUP with the reason in `why`. */
int body_entry(const struct body *body, struct body_site *site, char *why, size_t size);

/* Calls `each` for every way out: returns, and jumps that leave with SP at its entry value. Stops
 * when it returns non-zero, and returns that. */
int body_each_exit(struct body *body, int (*each)(const struct body_site *, void *), void *arg);

/* A jump out of the function with SP at its entry value: a tail call. False for all that is no jump. Cheapest in
 * order of address. */
bool body_leaves(struct body *body, const struct insn *insn);

/* Address of the first instruction that calls the function at `target`, or 0. */
uint64_t body_call_of(const struct body *body, uint64_t target);

#endif
