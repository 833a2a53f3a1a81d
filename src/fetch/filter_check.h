/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter_check: filters, checked against the types of one function and made into tests (decide.h).
 *
 * What a filter compares is read as hidden items of the function's own fetches: of the entry's what
 * is known there, of the results' the rest. All filters of a function must hold. To be used in this
 * order:
 *
 *     check = filter_check_new()
 *     filter_check_add()              for each filter; before the items that are shown, so that
 *                                     these cannot take the room
 *     fetch_seal()                    both fetches
 *     filter_check_seal()
 *     filter_eval()                   filter_eval.h, or the kernel's side
 */
#ifndef FTRACE_FETCH_FILTER_CHECK_H
#define FTRACE_FETCH_FILTER_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/decide.h>

#include "fetch/rule_fetch.h"
#include "rule/filter.h"
#include "rule/filter_glob.h"

struct filter_check {
	struct ft_test *tests; /* `text` of a test is an index into texts */
	size_t ntests, captests;
	uint16_t start; /* the first test, or FT_ACCEPT or FT_REJECT when there is nothing to ask */
	struct ft_text *texts;
	size_t ntexts, captexts;
	struct filter_glob **globs; /* by a test's `number`; held */
	size_t nglobs, capglobs;
	bool asks[2];      /* by enum ft_side: an operand is read there */
	bool needs_return; /* a result, $duration or $error is asked for: decided when the call ends */
	bool in_kernel;    /* all of it can be decided there, at entry */
	uint32_t size[2]; /* by enum ft_side: bytes of the values, of sealed fetches */
	bool sealed;
};

/* The function that filters are checked against. */
struct filter_scope {
	const struct fetch_context *ctx; /* noun, number and at_return do not matter */
	struct fetch *entry, *results;   /* not sealed; hidden items are appended */
	struct rule *const *rules;       /* those that hold for this function: names of items */
	size_t nrules;
};

struct filter_check *filter_check_new(void);
void filter_check_free(struct filter_check *check);

/*
 * Adds one more filter, `number` among all from 1. 0, or with `err` filled ("filter 1, column 15:
 * ..."): -ENOENT, -ENODATA, -EINVAL for types that do not compare, -ENXIO for an operand that can
 * never be read, -E2BIG, -ENOMEM. The check and the fetches are to be thrown away then.
 */
int filter_check_add(struct filter_check *check, const struct filter *filter, unsigned int number,
		     const struct filter_scope *scope, struct error *err);

/* Settles where the operands are. `results` may be NULL when needs_return is false. */
void filter_check_seal(struct filter_check *check, const struct fetch *entry,
		       const struct fetch *results);

#endif
