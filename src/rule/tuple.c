/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A value of several words that are written one by one: (EXPR, EXPR[, EXPR]).
 */
#include <errno.h>
#include <stdlib.h>

#include "rule/expr.h"

/* The words behind the first one; the cursor is on the comma. */
static int parse_words(struct scan *s, enum rule_side side, size_t open, struct rule_expr *tuple)
{
	struct rule_expr **end = &tuple->child->next;

	while (scan_take(s, ',')) {
		if (tuple->number == RULE_WORDS)
			return scan_fail(s, s->at, "more than %d words; no TYPE has more",
					 RULE_WORDS);
		*end = rule_expr_parse(s, side);
		if (!*end)
			return -EINVAL;
		end = &(*end)->next;
		tuple->number++;
	}
	if (scan_take(s, ')'))
		return 0;
	if (scan_peek(s))
		return scan_unexpected(s, "',' or ')'");
	return scan_fail(s, s->at, "')' is missing for the '(' of column %u; write it",
			 scan_column(s, open));
}

struct rule_expr *rule_tuple_parse(struct scan *s, enum rule_side side)
{
	struct rule_expr *first, *tuple;
	size_t from;

	if (scan_peek(s) != '(')
		return rule_expr_parse(s, side);
	from = s->at++;
	first = rule_expr_parse(s, side);
	if (!first)
		return NULL;
	if (scan_peek(s) != ',') {
		/* Parentheses around one EXPR, which is read with what belongs to them. */
		rule_expr_free(first);
		s->at = from;
		return rule_expr_parse(s, side);
	}
	tuple = calloc(1, sizeof(*tuple));
	if (!tuple) {
		rule_expr_free(first);
		scan_nomem(s);
		return NULL;
	}
	*tuple = (struct rule_expr){
		.kind = RULE_TUPLE,
		.column = scan_column(s, from),
		.child = first,
		.number = 1,
	};
	if (!parse_words(s, side, from, tuple))
		return tuple;
	rule_expr_free(tuple);
	return NULL;
}

int rule_tuple_check(struct scan *s, size_t at, const struct rule_expr *tuple,
		     const struct rule_type *type)
{
	uint64_t words = type->bits / 64u;

	switch (type->kind) {
	case RULE_GOSTRING:
	case RULE_GOBYTES:
	case RULE_GOERROR:
		break;
	case RULE_NO_TYPE:
		return scan_fail(
			s, at,
			"a value of several words needs a TYPE; write gostring, gobytes or "
			"goerror behind a ':'");
	default:
		return scan_fail(
			s, at, "'%s' is one word; write one EXPR, or gostring, gobytes or goerror",
			type->text);
	}
	if (type->count)
		return scan_fail(s, at, "'%s' lies in memory; write the EXPR of its address",
				 type->text);
	/* The capacity is never shown. */
	if (tuple->number == words || (type->kind == RULE_GOBYTES && tuple->number == 2))
		return 0;
	return scan_fail(s, at, "%s is %llu words, and %llu are written", type->text,
			 (unsigned long long)words, (unsigned long long)tuple->number);
}
