/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of reasons on both sides of each release that changed them, as the runtime's waitReason constants have them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "image/wait_reasons.h"

static const struct {
	int minor;
	unsigned int number;
	const char *name;
} known[] = {
	{19, 1, "GC assist marking"},
	{19, 21, "timer goroutine (idle)"},
	{20, 21, "sync.Mutex.Lock"},
	{21, 31, "stopping the world"},
	{22, 14, "chan receive"},
	{22, 36, "coroutine"},
	{23, 37, "GC weak to strong wait"},
	{24, 24, "sync.WaitGroup.Wait"},
	{24, 43, "select (synctest)"},
	{25, 18, "GOMAXPROCS updater (idle)"},
	{25, 46, "cleanup wait"},
	{26, 19, "chan receive"},
	{27, 19, "chan receive"},
};

static void test_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_string_equal(wait_reason(known[i].minor, known[i].number), known[i].name);
}

static void test_unknown(void **state)
{
	(void)state;
	assert_null(wait_reason(26, 0));
	assert_null(wait_reason(19, 27));
	assert_null(wait_reason(22, 37));
	assert_null(wait_reason(26, 47));
	assert_null(wait_reason(26, 303)); /* 47 + 256: no wrap of a byte */
	assert_null(wait_reason(18, 1));
	assert_null(wait_reason(28, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
