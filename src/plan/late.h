/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * late: a cheaper place for the probe that sees a call begin.
 *
 * An instruction that the kernel cannot emulate costs a second trap. Where the first one of a function is such, a later
 * one does as well if every call passes it, and once, with SP as it was and all that is to be read where it was:
 *
 *     mov (%rax),%rcx                     mov 8(%rax),%rax
 *     test %rcx,%rcx                      ret                <- sees the whole call
 *     je ...          <- the entry
 *
 * At a `ret`, or a jump out of the function, that the code runs straight to, one probe stands for both ends of the call: a
 * *leaf*. A call that never comes so far, because the code before it touched memory that is not there, is told by the
 * runtime's way into the panic (SITE_FAULT).
 *
 * What is to be read is known last: late_find() says what may be done, late_settle() does it.
 */
#ifndef FTRACE_PLAN_LATE_H
#define FTRACE_PLAN_LATE_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/body.h"

struct plan;
struct plan_func;

struct late {
	uint64_t addr;    /* of the instruction; 0: there is none */
	uint32_t written; /* registers that differ there: bits 1 << FT_REG_* */
	bool stores;      /* memory may differ */
	bool leaf;        /* the call ends with it */
};

/* Of a decoded body whose entry is its first instruction. */
struct late late_find(struct body *body);

/* To be called once for each function, when it is known what is read of it; its sites change. */
void late_settle(struct plan *plan, struct plan_func *func);

/*
 * The function of that image in whose code `pc` lies before the site that sees a call begin, or NULL: a fault there is of a
 * call that nobody has seen. `pc` is a vaddr of the file.
 */
const struct plan_func *late_unseen_at(const struct plan *plan, uint8_t image, uint64_t pc);

#endif
