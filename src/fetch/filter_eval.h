/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter_eval: runs the tests of a filter over the values of a call.
 */
#ifndef FTRACE_FETCH_FILTER_EVAL_H
#define FTRACE_FETCH_FILTER_EVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/filter_check.h"

/* A duration that is not known. */
#define FILTER_NO_DURATION UINT64_MAX

/* Whether a call returned an error or panicked. */
enum filter_failed { FILTER_SUCCEEDED, FILTER_FAILED, FILTER_UNDECIDED };

/*
 * True when the call passes. The bytes are what follows the fixed part of the two records, struct
 * ft_values first; NULL, or less than the program's size, is as if nothing had been read. A result,
 * a duration or an end that is not known makes a filter that asks for it false.
 */
bool filter_eval(const struct filter_check *check, const unsigned char *entry, size_t entry_len,
		 const unsigned char *results, size_t results_len, uint64_t duration,
		 enum filter_failed failed);

#endif
