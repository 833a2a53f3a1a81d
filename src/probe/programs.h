/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * programs: what is read at the sites, in the kernel's two maps.
 *
 *     plan            map "programs", by site       map "ops"
 *     site 7 -------> {first 0, count 2, ...} --+-> 0  REGS  \
 *     site 9 -------> {first 0, count 2, ...} --+   1  READN /
 *     site 12 ------> {first 2, count 1, ...} ----> 2  REGS
 *
 * Most functions have one of few signatures, so that equal sequences of operations are there once,
 * whatever the values are called. Without any the struct is all zero. The plan must stay as it is
 * between the two calls; programs_release().
 */
#ifndef FTRACE_PROBE_PROGRAMS_H
#define FTRACE_PROBE_PROGRAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/fetch.h>

#include "plan/plan.h"

struct ftrace_bpf;

/* Where the operations of one function's two sides begin; meaningful where it has that side. */
struct programs_first {
	uint32_t args, results;
};

struct programs {
	struct ft_op *ops; /* each sequence once */
	size_t nops, capops;
	bool texts;                   /* some of them ends with TEXTS */
	struct programs_first *first; /* by index of the function */
};

/* Collects what the sites of `plan` read. 0 or -ENOMEM. */
int programs_collect(struct programs *programs, const struct plan *plan);

/* Fills the maps, which are sized for it (nops, plan->nsites), once they are loaded. 0 or a negative
 * errno. */
int programs_put(const struct programs *programs, const struct plan *plan,
		 const struct ftrace_bpf *skel);

/* Where each `ret` is, for the programs that carry it out: likewise. */
int programs_put_rets(const struct plan *plan, const struct ftrace_bpf *skel);

void programs_release(struct programs *programs);

#endif
