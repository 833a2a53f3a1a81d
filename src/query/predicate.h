/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * predicate: whether a recorded call passes a filter (rule/filter.h).
 *
 * As when tracing: what cannot be read makes the whole filter false, and so does what was not recorded; but that is counted, so
 * that it can be said. Types are known with the first value: what does not compare is remembered, and said likewise.
 */
#ifndef FTRACE_QUERY_PREDICATE_H
#define FTRACE_QUERY_PREDICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "call/tree.h"
#include "rule/filter.h"

/* Zero-initialised but for the filter. */
struct predicate {
	const struct filter *filter;
	unsigned int number;            /* among all, from 1 */
	uint64_t asked;                 /* calls */
	uint64_t missing;               /* of them, those in which something was not recorded */
	uint64_t compared;              /* those in which everything was there */
	const struct filter_node *what; /* the first such thing */
	struct error mistake;           /* what does not compare, and why */
};

bool predicate_holds(struct predicate *predicate, const struct tree *tree, const struct call *call);

/* Afterwards: appends a line about what was not recorded. A negative errno with `err` filled when nothing could be compared. */
int predicate_tell(const struct predicate *predicate, struct buf *notes, struct error *err);

#endif
