/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * survey: what is known of a recording only when all of it was read: the table of functions, and which of their calls was the
 * slowest.
 *
 * It goes from block to block, can be broken off at any, and be gone on with.
 */
#ifndef FTRACE_TUI_SURVEY_H
#define FTRACE_TUI_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/stats.h"
#include "tui/rows.h"

/* The slowest call of a function. */
struct slow_call {
	uint64_t duration;
	uint64_t id; /* of the call */
	size_t block;
	bool there; /* one was seen that has ended */
};

struct survey;

/* Of the goroutines that are to be seen. `rows` is the caller's, and outlives it. NULL when memory is out. */
struct survey *survey_new(struct rows *rows);
void survey_free(struct survey *survey);

/* Reads what was not read yet; rows->go_on is asked before each block. FOUND: all was read. */
enum found survey_run(struct survey *survey);

/* How many calls were read; whether those are all. */
uint64_t survey_calls(const struct survey *survey);
bool survey_is_whole(const struct survey *survey);

const struct stats *survey_stats(const struct survey *survey);

/* The slowest call of a function, or with UINT32_MAX of all; NULL: none has ended. */
const struct slow_call *survey_slowest(const struct survey *survey, uint32_t func);

/* Where it is. FOUND_NOTHING: it is not there any more. */
enum found survey_find(const struct survey *survey, const struct slow_call *slow,
		       struct place *place);

#endif
