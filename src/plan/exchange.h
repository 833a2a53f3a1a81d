/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange: how code changes the word in which the runtime keeps a goroutine's state, and where that can be seen.
 *
 * Go's compiler makes one of these of g.atomicstatus.CompareAndSwap(old, new):
 *
 *     lock cmpxchg new,off(g)       sees it where the jump is, whose way tells whether the word was
 *     sete         x                `old`; one trap. Where `x` is one of the registers that are needed, and
 *     test         x,x              its value is not known, or no jump follows: at the instruction behind
 *     jne          done             the exchange, two traps
 *
 *     lea          off(g),arg 1     without inlining: at the call, which is about to exchange what it finds
 *     call         CompareAndSwap   to be `old`
 */
#ifndef FTRACE_PLAN_EXCHANGE_H
#define FTRACE_PLAN_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/states.h>

#include "plan/body.h"

/* What is looked for. */
struct exchange_search {
	uint32_t status;       /* offset of the word in runtime.g */
	uint64_t functions[2]; /* addresses of CompareAndSwap; 0: there is none */
};

struct exchange {
	const struct insn *insn; /* where the probe goes */
	struct ft_state_site at; /* what it finds there; `outside` is left alone */
	bool only_if,
		only_if_not; /* where the exchange happened: its condition `cond` holds, or does not */
	uint8_t cond;
};

/*
 * Whether the body's instruction `index` is an exchange: 1 and *found, or 0; -ENOTSUP when it is one that cannot
 * be seen anywhere.
 */
int exchange_find(const struct body *body, size_t index, const struct exchange_search *search,
		  struct exchange *found);

#endif
