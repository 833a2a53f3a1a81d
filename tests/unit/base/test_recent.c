/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/recent.h"

#define LIMIT 100

static struct map_key key_of(uint64_t number)
{
	return (struct map_key){.a = 7, .b = number};
}

static void put(struct recent *recent, uint64_t number)
{
	uint64_t *element = recent_put(recent, key_of(number));

	assert_non_null(element);
	assert_true(*element == 0 || *element == number);
	*element = number;
}

static bool has(const struct recent *recent, uint64_t number)
{
	const uint64_t *element = recent_find(recent, key_of(number));

	assert_true(!element || *element == number);
	return element;
}

/* So many are there, and no others. */
static void test_the_oldest_goes(void **state)
{
	struct recent recent;

	(void)state;
	recent_init(&recent, sizeof(uint64_t), LIMIT);
	assert_false(has(&recent, 1));
	for (uint64_t i = 1; i <= 3 * LIMIT + 7; i++) {
		put(&recent, i);
		assert_true(has(&recent, i));
		assert_true(has(&recent, i > LIMIT ? i - LIMIT + 1 : 1));
		assert_false(i > LIMIT && has(&recent, i - LIMIT));
	}
	assert_int_equal(recent.map.count, LIMIT);
	recent_release(&recent);
	assert_false(has(&recent, 1));
}

/* What is asked for again and again stays, with what is in it. */
static void test_what_is_used_stays(void **state)
{
	struct recent recent;

	(void)state;
	recent_init(&recent, sizeof(uint64_t), LIMIT);
	for (uint64_t i = 1; i <= 10 * LIMIT; i++) {
		put(&recent, i);
		put(&recent, 1);
		assert_true(has(&recent, 1));
		assert_true(has(&recent, i > LIMIT / 2 ? i - LIMIT / 2 + 2 : 1));
	}
	assert_true(recent.map.count <= LIMIT);
	recent_release(&recent);
}

/* Keys that were there before are new ones. */
static void test_what_went_is_forgotten(void **state)
{
	struct recent recent;
	uint64_t *element;

	(void)state;
	recent_init(&recent, sizeof(uint64_t), 2);
	put(&recent, 1);
	put(&recent, 2);
	put(&recent, 3);
	element = recent_put(&recent, key_of(1));
	assert_non_null(element);
	assert_int_equal(*element, 0);
	*element = 1;
	assert_false(has(&recent, 2));
	assert_true(has(&recent, 3));
	recent_release(&recent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_oldest_goes),
		cmocka_unit_test(test_what_is_used_stays),
		cmocka_unit_test(test_what_went_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
