/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fetch_target: the program tests/unit/fetch/values, built, and what is known of one function of it.
 */
#ifndef TESTS_PLAN_FETCH_TARGET_H
#define TESTS_PLAN_FETCH_TARGET_H

#include "fetch/rule_fetch.h"
#include "gotarget.h"

struct fetch_target {
	struct gotarget file;
	struct image *image;
	struct dwarf *dwarf; /* NULL when it was built without */
	struct dwarf_signature sig;
	struct goabi abi;
	struct fetch_limits limits;
	struct fetch_context ctx;
};

/* Builds with a compiler ("" is the one in PATH). */
void fetch_target_open(struct fetch_target *target, const char *release, const char *flags);
void fetch_target_close(struct fetch_target *target);

/* Points ctx at a function, noun "rule", number 1. Fails the test when it is not there. */
void fetch_target_choose(struct fetch_target *target, const char *func, bool at_return);

/* One list of a rule, compiled for the chosen function and not sealed. NULL when that fails, with
 * `err` filled; a rule that does not parse fails the test. */
struct fetch *fetch_target_compile(struct fetch_target *target, const char *rule_text,
				   bool at_return, struct error *err);

#endif
