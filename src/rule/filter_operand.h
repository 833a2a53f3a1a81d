/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter_operand: the parser of one OPERAND of a filter.
 */
#ifndef FTRACE_RULE_FILTER_OPERAND_H
#define FTRACE_RULE_FILTER_OPERAND_H

#include "rule/filter.h"
#include "rule/scan.h"

/* Fills a zeroed `node` from the cursor on: 0, or a negative errno with the message in s->err. What
 * `node` owns is the caller's also on failure. */
int filter_operand_parse(struct scan *s, struct filter_node *node);

/* Fills text and len of an ITEM from what was written from..s->at. 0 or -ENOMEM. */
int filter_item_text(struct scan *s, size_t from, struct filter_node *node);

#endif
