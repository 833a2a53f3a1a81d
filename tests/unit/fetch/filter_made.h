/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter_made: a filter that is made for the function that a fetch_target stands at.
 */
#ifndef TESTS_FETCH_FILTER_MADE_H
#define TESTS_FETCH_FILTER_MADE_H

#include "fetch/filter_check.h"
#include "fetch_target.h"

struct filter_made {
	struct fetch *entry, *results;
	struct filter_check *check;
};

/* `filters` end with NULL; `rule_text` may be NULL. 0, or the negative errno of the first that is refused, with `err`
 * filled. To be released in any case. */
int filter_make(struct filter_made *made, struct fetch_target *target, const char *const *filters,
		const char *rule_text, struct error *err);
void filter_made_release(struct filter_made *made);

#endif
