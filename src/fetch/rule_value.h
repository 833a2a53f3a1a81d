/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_value: operations that leave the value of an EXPR, or the address that it stands for, in the
 * accumulator.
 *
 * What may fail among them has an open status, for rule_path_guard().
 */
#ifndef FTRACE_FETCH_RULE_VALUE_H
#define FTRACE_FETCH_RULE_VALUE_H

#include "fetch/rule_path.h"

/* acc = the address of a memory EXPR (rule_expr_is_memory()). 0 or as rule_value_load(). */
int rule_value_address(struct rule_compile *c, const struct rule_expr *expr);

/*
 * acc = the value of any EXPR, 64 bits; of a name its own bits without sign, of a string or slice the
 * pointer. 0, -ENOENT, -ENODATA, -EINVAL with the message in c->err, or -ENXIO with c->missing.
 */
int rule_value_load(struct rule_compile *c, const struct rule_expr *expr);

/* True for NAME and what leads on from it, $argN and $retN; not for len() and cap(). */
bool rule_value_is_named(const struct rule_expr *expr);

#endif
