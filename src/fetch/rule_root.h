/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_root: the parameter, result or captured variable that a NAME, $argN or $retN is.
 */
#ifndef FTRACE_FETCH_RULE_ROOT_H
#define FTRACE_FETCH_RULE_ROOT_H

#include "fetch/rule_path.h"

/*
 * Fills `path` and emits what leads to a value in memory. At entry parameters and what a closure
 * brought along, at return results. Errors as rule_path_resolve(). A value in registers whose type
 * is not known has path->place.known false and is no error here.
 */
int rule_root_find(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path);

/*
 * Without debug information $argN and $retN are words, each the next one of Go's ABI as if every parameter, or result, were an
 * integer or a pointer: a string is two of them then, a slice three, an interface two; a float is none. Whether
 * TYPE can be read from that: 0, or -ENODATA or -EINVAL with `err` filled.
 */
int rule_root_check_type(struct rule_compile *c, const struct rule_expr *expr,
			 const struct rule_type *type);

/* True when the NAME, $argN or $retN at the bottom of `expr` is a result of the function. */
bool rule_root_is_result(const struct fetch_context *ctx, const struct rule_expr *expr);

#endif
