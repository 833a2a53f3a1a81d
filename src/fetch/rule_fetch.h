/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_fetch: the items of a rule, compiled for one function into a fetch.
 *
 * Each item reads for itself: a pointer that is bad spoils its own value only. What can never be
 * read (a float in a vector register), or has no room in the record, becomes an item with a REASON;
 * what the executable contradicts (an unknown name, a field of what is no struct) is an error that
 * points at the column.
 *
 * A program serves every site of its side: addresses in the file are moved by FT_OP_BIAS, and at
 * the entry site as at `ret` the stack pointer has its value at the function's entry.
 */
#ifndef FTRACE_FETCH_RULE_FETCH_H
#define FTRACE_FETCH_RULE_FETCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "fetch/fetch.h"
#include "fetch/goabi.h"
#include "image/dwarf.h"
#include "image/image.h"
#include "rule/rule.h"

/* The function that a rule is compiled for. */
struct fetch_context {
	const struct image *image;
	struct dwarf *dwarf;               /* NULL: the file has no debug information */
	const struct dwarf_signature *sig; /* NULL: nothing is known of this function */
	const struct goabi *abi;           /* of `sig` */
	const struct fetch_limits *limits;
	const char *func;    /* its name, for messages */
	const char *noun;    /* "rule" or "filter": whose message it is */
	unsigned int number; /* which one, from 1 */
	unsigned int column; /* where messages point; 0: at the part of the EXPR */
	bool abi0;
	bool at_return;
};

/*
 * Appends `n` items to `fetch`. 0, or with `err` filled: -ENOENT for a name or symbol that is not
 * there, -ENODATA where debug information or a symbol table would be needed, -EINVAL for what
 * types do not allow, -E2BIG for more items than the limits allow, -ENOMEM. `fetch` is to be thrown
 * away then.
 */
int rule_fetch_items(struct fetch *fetch, const struct rule_item *items, size_t n,
		     const struct fetch_context *ctx, struct error *err);

/*
 * Appends what a filter compares as a hidden item: of a typed value its own words only, of a string
 * its text. Its shape is a number, BOOL, FLOAT, TEXT, CSTRING, STRING, BYTES or ADDRESS, which last
 * stands for all that may be nil; anything else is not to be compared. `type` as for a rule's
 * item, or NULL. Errors as above; -ENXIO, with `err` filled, for what can never be read, and
 * -E2BIG where there is no room.
 */
int rule_fetch_operand(struct fetch *fetch, const struct rule_expr *expr,
		       const struct rule_type *type, const struct fetch_context *ctx,
		       struct error *err);

#endif
