/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * expr: the parsers of EXPR and TYPE, for rules and, of names and variables, for filters.
 *
 * Each begins at the cursor, goes over what it understood and leaves the rest to its caller. NULL
 * or a negative errno means that the message is in s->err. Trees are the caller's:
 * rule_expr_free().
 */
#ifndef FTRACE_RULE_EXPR_H
#define FTRACE_RULE_EXPR_H

#include "rule/rule.h"
#include "rule/scan.h"

/* Which list an EXPR stands in; a filter may name things of both sides. */
enum rule_side {
	RULE_AT_ENTRY,
	RULE_AT_RETURN,
	RULE_IN_FILTER,
};

struct rule_expr *rule_expr_parse(struct scan *s, enum rule_side side);

/* The same, or (EXPR, EXPR[, EXPR]): tuple.c. */
struct rule_expr *rule_tuple_parse(struct scan *s, enum rule_side side);

/* Whether the TYPE has as many words as were written; `at` is where it stands, or should. 0 or -EINVAL. */
int rule_tuple_check(struct scan *s, size_t at, const struct rule_expr *tuple,
		     const struct rule_type *type);

/* NAME, NAME.FIELD, NAME[3], *NAME, len(NAME), cap(NAME) and what they combine to. */
struct rule_expr *rule_name_parse(struct scan *s);

/* The .FIELD and [INDEX] behind a name that was parsed already; takes `expr` over. */
struct rule_expr *rule_steps_parse(struct scan *s, struct rule_expr *expr);

/* True for a node that .FIELD, [INDEX], *, len() and cap() may be applied to. */
bool rule_is_name(const struct rule_expr *expr);

/* $comm and its like. In a filter only what is no memory and no register. */
struct rule_expr *rule_variable_parse(struct scan *s, enum rule_side side);

/* What stands behind the colon. Fills all of *type, whose text is the caller's, also on failure. */
int rule_type_parse(struct scan *s, struct rule_type *type);

/* A register; the cursor is on the `%`. */
struct rule_expr *rule_register_parse(struct scan *s);

/* True when `c` begins a NAME. */
bool rule_starts_name(char c);

void rule_expr_free(struct rule_expr *expr);

#endif
