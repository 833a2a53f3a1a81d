/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sink/func_names.h"

static void add(struct catalog *catalog, const char *name)
{
	assert_int_equal(catalog_add_func(catalog, &(struct catalog_func){.name = name}), 0);
}

static void test_names(void **state)
{
	struct catalog catalog = {0};
	struct func_names names;
	const struct func_name *name;

	(void)state;
	add(&catalog, "main.f");
	add(&catalog, "gr\xc3\xb6\xc3\x9f"
		      "e");
	add(&catalog, "a\nb");
	func_names_init_text(&names, &catalog, NULL, 0);
	name = func_names_get(&names, 0);
	assert_int_equal(name->len, 6);
	assert_memory_equal(name->text, "main.f", 6);
	name = func_names_get(&names, 1);
	assert_int_equal(name->len, 7);
	assert_int_equal(name->width, 5);
	name = func_names_get(&names, 2);
	assert_memory_equal(name->text, "a\\nb", 4);
	assert_memory_equal(func_names_get(&names, 3)->text, "?", 1);
	func_names_release(&names);
	catalog_release(&catalog);
}

/* Names that come later are found as well, and those before them stay. Whoever writes a name reads so much of it,
 * the last one's, too: the sanitizers watch. */
static void test_later(void **state)
{
	struct catalog catalog = {0};
	struct func_names names;
	char slack[PUT_SLACK], name[80][8];

	(void)state;
	func_names_init_text(&names, &catalog, NULL, 0);
	assert_int_equal(*func_names_get(&names, 0)->text, '?');
	for (uint32_t i = 0; i < 80; i++) {
		snprintf(name[i], sizeof(name[i]), "f%u", i);
		add(&catalog, name[i]);
		if (i % 3)
			continue;
		for (uint32_t j = 0; j <= i; j++) {
			memcpy(slack, func_names_get(&names, j)->text, sizeof(slack));
			assert_memory_equal(slack, name[j], strlen(name[j]));
		}
		memcpy(slack, func_names_get(&names, i + 1)->text, sizeof(slack));
		assert_int_equal(slack[0], '?');
	}
	func_names_release(&names);
	catalog_release(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
