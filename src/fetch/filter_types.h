/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter_types: what the operands of a filter are in one function, and which of them compare.
 */
#ifndef FTRACE_FETCH_FILTER_TYPES_H
#define FTRACE_FETCH_FILTER_TYPES_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/filter_check.h"

/* An operand that is read: once, however often it is named. */
struct filter_used {
	const struct filter_node *node; /* the first that named it */
	struct ft_operand operand;      /* its slot is the index of the hidden item */
};

struct filter_types {
	const struct filter_scope *scope;
	struct error *err;
	unsigned int number;
	struct filter_used *used;
	size_t nused, capused;
	bool needs_return;
};

void filter_types_init(struct filter_types *types, const struct filter_scope *scope,
		       unsigned int number, struct error *err);
void filter_types_release(struct filter_types *types);

/*
 * Checks `left OP right`, OP being node->kind, where `left` is no constant unless both are. Fills kind
 * and left of `test`, and right unless `right` is a constant. 0 or a negative errno, err filled.
 */
int filter_types_compare(struct filter_types *types, const struct filter_node *node,
			 const struct filter_node *left, const struct filter_node *right,
			 struct ft_test *test);

/* An operand that stands alone must be a bool. */
int filter_types_bool(struct filter_types *types, const struct filter_node *node,
		      struct ft_operand *operand);

/* True for what is no constant. */
bool filter_types_is_value(const struct filter_node *node);

/* True for an operand with bytes in a record. */
bool filter_types_is_read(const struct ft_operand *operand);

#endif
