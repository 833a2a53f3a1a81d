/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call/catalog.h"

static void entries_keep_their_addresses(void **state)
{
	static const struct catalog_func *seen[5000];
	struct catalog catalog = {0};

	(void)state;
	assert_null(catalog_func(&catalog, 0));
	for (int i = 0; i < 5000; i++) {
		struct catalog_func func = {.name = "f", .line = i};

		assert_int_equal(catalog_add_func(&catalog, &func), 0);
		assert_int_equal(catalog.nfuncs, i + 1);
		seen[i] = catalog_func(&catalog, (uint32_t)i);
		assert_null(catalog_func(&catalog, (uint32_t)i + 1));
	}
	for (int i = 0; i < 5000; i++) {
		assert_ptr_equal(catalog_func(&catalog, (uint32_t)i), seen[i]);
		assert_int_equal(seen[i]->line, i);
	}
	assert_null(catalog_func(&catalog, UINT32_MAX));
	catalog_release(&catalog);
}

static void executables_of_functions(void **state)
{
	struct catalog catalog = {0};

	(void)state;
	assert_int_equal(catalog_add_exe(&catalog, &(struct catalog_exe){.path = "/a"}), 0);
	assert_int_equal(catalog_add_exe(&catalog, &(struct catalog_exe){.path = "/b"}), 0);
	assert_int_equal(catalog_add_func(&catalog, &(struct catalog_func){.exe = 1}), 0);
	assert_int_equal(catalog_add_func(&catalog, &(struct catalog_func){.exe = 2}), 0);
	assert_string_equal(catalog_exe_of(&catalog, 0)->path, "/b");
	assert_null(catalog_exe_of(&catalog, 1)->path);
	assert_null(catalog_exe_of(&catalog, 2)->path);
	catalog_release(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_keep_their_addresses),
		cmocka_unit_test(executables_of_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
