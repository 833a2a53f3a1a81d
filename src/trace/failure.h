/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * failure: whether a call failed, by the values of its exit. For the table that is its last result, where it is an
 * error that is shown; for --errors and $error any result that is one (fetch/outcome.h).
 */
#ifndef FTRACE_TRACE_FAILURE_H
#define FTRACE_TRACE_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/fetch.h"

/* Whether it can be told of what is read at return; `results` may be NULL. */
bool failure_is_known(const struct fetch *results);

/* The same of one exit: struct ft_values and what follows, `len` bytes of which nothing is believed. */
bool failure_in(const struct fetch *results, const unsigned char *values, size_t len);

/* Both for any error result. */
bool failure_is_seen(const struct fetch *results);
bool failure_of_any(const struct fetch *results, const unsigned char *values, size_t len);

#endif
