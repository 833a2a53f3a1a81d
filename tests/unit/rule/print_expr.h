/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * print_expr: an EXPR or TYPE of a rule as one line of text, to be compared with what a test
 * expects.
 *
 * A node is its kind, @COLUMN, what it holds, and its child in parentheses: mem@3:+16(reg@7:ax/64).
 */
#ifndef TESTS_PLAN_PRINT_EXPR_H
#define TESTS_PLAN_PRINT_EXPR_H

#include "base/buf.h"
#include "rule/rule.h"

void print_expr(struct buf *buf, const struct rule_expr *expr);
void print_type(struct buf *buf, const struct rule_type *type);

#endif
