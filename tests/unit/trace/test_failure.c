/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "trace/failure.h"

#define STATUS 3
#define SLOT   24

/* Results that end in an interface. */
static void give(struct fetch *results, struct fetch_item *items, bool is_error, bool hidden)
{
	items[0] = (struct fetch_item){.slot = 16, .shape.kind = SHAPE_SIGNED};
	items[1] = (struct fetch_item){.slot = SLOT,
				       .status = STATUS,
				       .hidden = hidden,
				       .shape = {.kind = SHAPE_INTERFACE, .is_error = is_error}};
	*results = (struct fetch){.items = items, .nitems = 2};
}

static void errors_are_the_last_result(void **state)
{
	unsigned char values[SLOT + 16] = {0};
	struct fetch_item items[2];
	struct fetch results;
	unsigned char *exact;

	(void)state;
	give(&results, items, true, false);
	assert_true(failure_is_known(&results));
	values[8 + STATUS] = FT_V_OK;
	assert_false(failure_in(&results, values, sizeof(values)));
	values[SLOT + 5] = 0xc0;
	assert_true(failure_in(&results, values, sizeof(values)));
	/* It could not be read. */
	values[8 + STATUS] = FT_V_FAULT;
	assert_false(failure_in(&results, values, sizeof(values)));
	/* Records that end too soon, each in memory of just that size. */
	values[8 + STATUS] = FT_V_OK;
	for (size_t len = 0; len <= sizeof(values); len++) {
		exact = malloc(len ? len : 1);
		assert_non_null(exact);
		memcpy(exact, values, len);
		assert_int_equal(failure_in(&results, exact, len), len >= SLOT + 8);
		free(exact);
	}
}

/* Of several errors any one will do, shown or not. */
static void any_error_counts(void **state)
{
	unsigned char values[SLOT + 16] = {0};
	struct fetch_item items[2];
	struct fetch results;

	(void)state;
	give(&results, items, true, true);
	assert_false(failure_is_seen(&results));
	items[0].outcome = items[1].outcome = true;
	assert_true(failure_is_seen(&results));
	values[8 + STATUS] = FT_V_OK;
	assert_false(failure_of_any(&results, values, sizeof(values)));
	values[16] = 1;
	assert_true(failure_of_any(&results, values, sizeof(values)));
	values[16] = 0;
	values[SLOT] = 1;
	assert_true(failure_of_any(&results, values, sizeof(values)));
	/* Each in as much as there is of it. */
	assert_false(failure_of_any(&results, values, SLOT));
	values[8 + STATUS] = FT_V_FAULT;
	assert_false(failure_of_any(&results, values, sizeof(values)));
	assert_false(failure_is_seen(NULL));
	assert_false(failure_of_any(NULL, values, sizeof(values)));
}

static void other_results_tell_of_no_error(void **state)
{
	unsigned char values[SLOT + 16];
	struct fetch_item items[2];
	struct fetch results;

	(void)state;
	memset(values, 1, sizeof(values));
	for (int i = 0; i < 2; i++) {
		/* An interface that is no error; an error that only a filter reads. */
		give(&results, items, i, i);
		assert_false(failure_is_known(&results));
		assert_false(failure_in(&results, values, sizeof(values)));
	}
	assert_false(failure_is_known(NULL));
	assert_false(failure_in(NULL, values, sizeof(values)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_are_the_last_result),
		cmocka_unit_test(any_error_counts),
		cmocka_unit_test(other_results_tell_of_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
