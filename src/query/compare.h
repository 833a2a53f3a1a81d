/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare: two operands of a filter, as include/ftrace/decide.h compares those of a call that is traced.
 */
#ifndef FTRACE_QUERY_COMPARE_H
#define FTRACE_QUERY_COMPARE_H

#include <stdbool.h>

#include "query/operand.h"
#include "rule/filter.h"

enum compared {
	COMPARED,
	COMPARE_UNKNOWN, /* so much of a text was not recorded */
	COMPARE_NEVER,   /* of these two types */
};

/* Whether the test `node` of them holds, in *holds, when they compare. Both were read. */
enum compared compare(const struct filter_node *node, const struct operand *left,
		      const struct operand *right, bool *holds);

#endif
