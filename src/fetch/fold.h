/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fold: fewer operations for the same values.
 *
 * Whoever makes a program puts it together from the smallest operations. Each of them costs as much
 * as what it does, so before the program goes to the kernel
 *
 *     WORD x; OP              become  OP with base x
 *     REG a; PUT s; REG b; PUT s + 8   become  REGS {a, b} to s
 *     ADD n; READ                      become  READ of acc + n
 *     NIL; RANGE                       become  RANGE that does
 *
 * A group that an operation's `skip` leads into is left as it is.
 */
#ifndef FTRACE_FETCH_FOLD_H
#define FTRACE_FETCH_FOLD_H

#include <stddef.h>

#include <ftrace/fetch.h>

/* Folds `count` operations, at most FT_PROGRAM_MAX, in place; how many are left. */
size_t fetch_fold(struct ft_op *ops, size_t count);

#endif
