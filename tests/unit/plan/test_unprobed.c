/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "plan/unprobed.h"

static void test_left_out(void **state)
{
	static const char *const names[] = {
		"runtime.duffzero",
		"runtime.duffcopy.abi0",
		"runtime.goexit",
		"runtime.goexit1",
		"runtime.gogo",
		"runtime.gogo.abi0",
		"gogo",
		"runtime.mcall",
		"runtime.morestack",
		"runtime.morestack_noctxt",
		"runtime.morestack_noctxt.abi0",
		"_rt0_amd64_linux",
		"runtime.rt0_go.abi0",
		"runtime.sigreturn__sigaction",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!unprobed_reason(names[i]))
			fail_msg("%s may be probed", names[i]);
}

static void test_others(void **state)
{
	char longer[200] = "runtime.gogo";

	(void)state;
	assert_null(unprobed_reason("main.main"));
	assert_null(unprobed_reason("runtime.goexit0"));
	assert_null(unprobed_reason("runtime.mallocgc"));
	assert_null(unprobed_reason("main.gogo"));
	assert_null(unprobed_reason(""));
	assert_null(unprobed_reason(".abi0"));
	memset(longer + 12, 'x', sizeof(longer) - 13);
	assert_null(unprobed_reason(longer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
