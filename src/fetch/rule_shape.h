/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_shape: the shapes of a rule's TYPEs, and the operations that read those whose bytes lie
 * elsewhere.
 */
#ifndef FTRACE_FETCH_RULE_SHAPE_H
#define FTRACE_FETCH_RULE_SHAPE_H

#include "fetch/rule_path.h"

/* True for a TYPE of fixed width that is a value's own bits: no array, no string, no Go header. */
bool rule_type_is_scalar(const struct rule_type *type);

/* Fills kind, size, bits and shift of a scalar TYPE. */
void rule_shape_scalar(const struct rule_type *type, struct shape *shape);

/*
 * The same for a value of Go type `gotype`, called `text` in messages: no wider than the value is.
 * -EINVAL, with the message in c->err, for what is more than a word to a number.
 */
int rule_shape_narrow(struct rule_compile *c, const struct rule_expr *expr, const char *text,
		      const struct gotype *gotype, const struct rule_type *type,
		      struct shape *shape);

/* Reads any other TYPE from the address in acc, as shape and slot of `item`. 0 or -ENOMEM; the fetch
 * tells when it is full. */
int rule_shape_at_address(struct rule_compile *c, const struct rule_type *type,
			  struct fetch_item *item);

/* Reads what the header of a gostring, gobytes or goerror refers to, which is in the slot of `item` already. */
void rule_shape_of_header(struct rule_compile *c, const struct rule_type *type,
			  struct fetch_item *item);

#endif
