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
 * whatever the values are called. Of those that most functions have, BPF instructions are made besides (made.h). Without any the struct is all zero. The plan must stay as it is
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

struct programs_sequence {
	uint32_t first; /* of its operations */
	uint16_t count, operands;
	uint16_t made; /* number of its instructions, 0: none */
	bool at_entry, at_exit;
	bool at_leaf;  /* at a probe that sees both */
	uint32_t uses; /* by sides of functions */
};

/* Which sequences are those of one function's two sides; meaningful where it has that side. */
struct programs_sides {
	uint32_t args, results;
};

struct programs {
	struct ft_op *ops; /* each sequence once */
	size_t nops, capops;
	struct programs_sequence *sequences;
	size_t nsequences, capsequences;
	bool made;                    /* of some of them instructions are made */
	bool looped;                  /* some others are gone through ... */
	bool texts;                   /* ... which end with TEXTS, some of them */
	struct programs_sides *sides; /* by index of the function */
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
