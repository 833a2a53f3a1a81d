/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * operand: what an item of a filter is in a recorded call.
 *
 * Recorded values describe themselves (call/value.h), so that each call tells anew what a name is. What a recording does not have
 * is told from what could not be read: the first is not known, the second is as it was when tracing.
 */
#ifndef FTRACE_QUERY_OPERAND_H
#define FTRACE_QUERY_OPERAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/tree.h"
#include "rule/filter.h"

enum operand_state {
	OPERAND_READ,
	OPERAND_UNREADABLE, /* there was nothing to be read: a nil pointer, an index behind the end, no return */
	OPERAND_MISSING, /* it was not recorded */
};

enum operand_class {
	OPERAND_NUMBER,  /* bits, negative */
	OPERAND_REAL,    /* real */
	OPERAND_BOOL,    /* bits */
	OPERAND_TEXT,    /* text, len, whole */
	OPERAND_CHAR,    /* a number, or text of one byte */
	OPERAND_POINTER, /* bits, 0 is nil */
	OPERAND_NILABLE, /* bits: 0 is nil, no more is known */
	OPERAND_OTHER,   /* does not compare */
};

struct operand {
	enum operand_state state;
	enum operand_class class;
	bool negative; /* of a NUMBER's bits, in two's complement */
	uint64_t bits;
	double real;
	const char *text; /* len bytes, of `whole` that there were */
	size_t len;
	uint64_t whole;   /* UINT64_MAX: not known */
	const char *type; /* NULL: not known */
	char byte;        /* of a CHAR, its text */
};

/* What the FILTER_ITEM is. Values are asked of the tree's source: good until something else is. */
void operand_of(const struct filter_node *item, const struct tree *tree, const struct call *call,
		struct operand *operand);

#endif
