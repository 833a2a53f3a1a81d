/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "plan/unprobed.h"

static const char *reason_of(const char *name)
{
	static const struct image_info info = {.go_minor = 26, .fips = 0x1000, .efips = 0x2000};
	struct image_func func = {.name = name, .entry = 0x400, .size = 16};

	return unprobed_reason(&info, &func);
}

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
		"runtime.setg",
		"runtime.setg.abi0",
		"setg_gcc",
		"setg_gcc.abi0",
		"runtime.needm",
		"runtime.needAndBindM",
		"runtime.dropm",
		"runtime.cgocallback.abi0",
		"runtime.callbackUpdateSystemStack",
		"runtime.mstart0",
		"runtime.switchToCrashStack0",
		"crosscall2.abi0",
		"crosscall2_trampoline",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!reason_of(names[i]))
			fail_msg("%s may be probed", names[i]);
}

static void test_others(void **state)
{
	char longer[200] = "runtime.gogo";

	(void)state;
	assert_null(reason_of("main.main"));
	assert_null(reason_of("runtime.goexit0"));
	assert_null(reason_of("runtime.systemstack.abi0"));
	assert_null(reason_of("runtime.asmcgocall.abi0"));
	assert_null(reason_of("runtime.cgocallbackg"));
	assert_null(reason_of("runtime.sigtrampgo"));
	assert_null(reason_of("runtime.cgoBindM"));
	assert_null(reason_of("runtime.mallocgc"));
	assert_null(reason_of("main.gogo"));
	assert_null(reason_of(""));
	assert_null(reason_of(".abi0"));
	memset(longer + 12, 'x', sizeof(longer) - 13);
	assert_null(reason_of(longer));
}

/* The module is its range of code, whatever the names say. */
static void test_fips_range(void **state)
{
	static const struct image_info info = {.go_minor = 26, .fips = 0x1000, .efips = 0x2000};
	static const struct {
		uint64_t entry, size;
		bool inside;
	} funcs[] = {
		{0xff0, 0x10, false}, {0xff0, 0x11, true},    {0x1000, 1, true},
		{0x1800, 16, true},   {0x1fff, 0x1000, true}, {0x2000, 16, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(funcs) / sizeof(funcs[0]); i++) {
		struct image_func func = {
			.name = "main.f", .entry = funcs[i].entry, .size = funcs[i].size};
		const char *reason = unprobed_reason(&info, &func);

		assert_int_equal(reason != NULL, funcs[i].inside);
		assert_int_equal(unprobed_is_fips(reason), funcs[i].inside);
	}
	assert_null(reason_of("crypto/internal/fips140/sha256.block"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_fips_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
