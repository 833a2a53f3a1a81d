/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter: the condition of --filter 'GLOB: EXPR', as a syntax tree.
 *
 *     EXPR    = AND { "||" AND }
 *     AND     = TEST { "&&" TEST }
 *     TEST    = "!" TEST | "(" EXPR ")" | OPERAND [ OP OPERAND ]
 *     OP      = "==" "!=" "<" "<=" ">" ">=" "&" "~"
 *     OPERAND = NAME and what rules make of it (s.x, s[3], *p, len(s), cap(s)), $pid, $tid, $goid,
 *               $comm, $argN, $retN, $retval, $duration, $error, %REG, a number, a TIME, a string, true,
 *               false, nil
 *
 * GLOB and EXPR are parted by the first colon outside brackets that a blank follows; without such
 * a one by the first with a blank behind it; without one at all by the last colon. (EXPR has
 * colons in strings only, a GLOB has no `"` outside brackets.)
 *
 * Precedence is Go's but for `&`, which is a test as the others are: true when the two have any bit
 * in common. Tests do not chain. An operand alone is a test: it must be a bool, which only its type
 * can tell. A %REG is what a rule calls so, else the register at entry.
 *
 * Text in, tree out: what a name is, and whether two types compare, is not known here. Refused is
 * what no types could make right: a number as a test, `~` without a string on its right, an order of
 * nil, true or false, $duration against anything but a TIME or a NAME.
 */
#ifndef FTRACE_RULE_FILTER_H
#define FTRACE_RULE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "rule/rule.h"

#define FILTER_NODES    256
#define FILTER_NESTING  64  /* parentheses and `!` around each other */
#define FILTER_TEXT_MAX 256 /* bytes of a string */

enum filter_kind {
	/* tests */
	FILTER_OR,
	FILTER_AND, /* left, right */
	FILTER_NOT, /* left */
	FILTER_EQ,
	FILTER_NE,
	FILTER_LT,
	FILTER_LE,
	FILTER_GT,
	FILTER_GE,
	FILTER_BITS,  /* left & right, any bit */
	FILTER_MATCH, /* left ~ right: right is a glob, a FILTER_TEXT without NUL */
	/* operands; ITEM, BOOL and ERROR may stand as tests */
	FILTER_ITEM,     /* expr, text */
	FILTER_BOOL,     /* number: 0 or 1 */
	FILTER_ERROR,    /* whether the call returned an error, or a panic took it away */
	FILTER_DURATION, /* of the call, nanoseconds */
	FILTER_NUMBER,   /* number; two's complement when negative */
	FILTER_FLOAT,    /* real: it was written with a point or an exponent */
	FILTER_TIME,     /* number: nanoseconds */
	FILTER_TEXT,     /* text, len: the string without quotes and escapes; may hold NUL */
	FILTER_NIL,
};

struct filter_glob;

struct filter_node {
	enum filter_kind kind;
	unsigned int column; /* of an operand, or of the operator; in the whole argument */
	struct filter_node *left, *right;
	/*
	 * ITEM: a NAME to CAP, ARG, RET, COMM, PID, TID or GOID, owned; `text` is the same as
	 * written, without blanks, to be compared with the names that rules give to their items.
	 */
	struct rule_expr *expr;
	char *text; /* NUL-terminated, owned */
	size_t len; /* of text */
	struct filter_glob
		*glob; /* of a TEXT right of `~` that is more than a beginning and a star; held */
	uint64_t number;
	bool negative; /* NUMBER: below 0, down to INT64_MIN */
	double real;
};

struct filter {
	char *glob;
	struct filter_node *root;
	bool asks_error; /* $error is in it */
};

/*
 * Parses one --filter. `number` is its place among the filters, from 1. NULL with `err` filled
 * ("filter 1, column 15: ..."): -EINVAL for every mistake in the text, -ENOMEM. The caller releases
 * the filter with filter_free().
 */
struct filter *filter_parse(const char *text, unsigned int number, struct error *err);
void filter_free(struct filter *filter);

#endif
