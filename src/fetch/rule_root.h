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

/* True when the NAME, $argN or $retN at the bottom of `expr` is a result of the function. */
bool rule_root_is_result(const struct fetch_context *ctx, const struct rule_expr *expr);

#endif
