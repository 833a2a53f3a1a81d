/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/vec.h"

struct site {
	uint64_t addr;
	char kind[5];
};

static void pushes(void **state)
{
	struct site *sites = NULL;
	size_t count = 0, cap = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++) {
		struct site *site = vec_push(&sites, &count, &cap);

		assert_non_null(site);
		assert_ptr_equal(site, sites + i);
		assert_int_equal(count, i + 1);
		assert_true(cap >= count);
		assert_int_equal(site->addr, 0);
		for (size_t k = 0; k < sizeof(site->kind); k++)
			assert_int_equal(site->kind[k], 0);
		*site = (struct site){.addr = i, .kind = "abcd"};
	}
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(sites[i].addr, i);
	free(sites);
}

/* An element that was dropped and taken again is zeroed again. */
static void zeroes_again(void **state)
{
	struct site *sites = NULL;
	size_t count = 0, cap = 0;

	(void)state;
	vec_push(&sites, &count, &cap)->addr = 7;
	count--;
	assert_int_equal(vec_push(&sites, &count, &cap)->addr, 0);
	free(sites);
}

static void refuses_overflow(void **state)
{
	size_t count = SIZE_MAX / 32, cap = SIZE_MAX / 32;
	struct site *sites = NULL;

	(void)state;
	assert_null(vec_push_sized(&sites, &count, &cap, 64));
	assert_null(sites);
	assert_int_equal(count, SIZE_MAX / 32);
	assert_int_equal(cap, SIZE_MAX / 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pushes),
		cmocka_unit_test(zeroes_again),
		cmocka_unit_test(refuses_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
