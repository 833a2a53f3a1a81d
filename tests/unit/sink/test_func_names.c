/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/escape.h"
#include "sink/func_names.h"

static void test_trim(void **state)
{
	char *trim[] = {"example.com/", "example.com/app.", "main.", ""};

	(void)state;
	assert_string_equal(func_name_trim("example.com/app.f", trim, 4), "f");
	assert_string_equal(func_name_trim("example.com/lib.f", trim, 4), "lib.f");
	assert_string_equal(func_name_trim("main.(*T).String", trim, 4), "(*T).String");
	assert_string_equal(func_name_trim("main.", trim, 4), "main.");
	assert_string_equal(func_name_trim("fmt.Println", trim, 4), "fmt.Println");
	assert_string_equal(func_name_trim("main.f", NULL, 0), "main.f");
}

static void test_names(void **state)
{
	struct plan_func funcs[] = {{.name = "main.f"},
				    {.name = "gr\xc3\xb6\xc3\x9f"
					     "e"},
				    {.name = "a\nb"}};
	struct plan plan = {.funcs = funcs, .nfuncs = 3};
	struct func_names names;
	const struct func_name *name;

	(void)state;
	assert_int_equal(func_names_init(&names, &plan, escape_text, NULL, 0), 0);
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
}

/* Whoever writes a name reads so much of it, the last one's, too: the sanitizers watch. */
static void test_slack(void **state)
{
	struct plan_func funcs[80];
	char slack[PUT_SLACK];

	(void)state;
	for (size_t count = 1; count <= 80; count++) {
		struct plan plan = {.funcs = funcs, .nfuncs = count};
		struct func_names names;

		funcs[count - 1] = (struct plan_func){.name = "f"};
		assert_int_equal(func_names_init(&names, &plan, escape_text, NULL, 0), 0);
		memcpy(slack, func_names_get(&names, (uint32_t)count - 1)->text, sizeof(slack));
		assert_int_equal(slack[0], 'f');
		memcpy(slack, func_names_get(&names, (uint32_t)count)->text, sizeof(slack));
		assert_int_equal(slack[0], '?');
		func_names_release(&names);
	}
}

/* Eight bytes are counted at a time: characters of all lengths at every place. */
static void test_width(void **state)
{
	static const char text[] = "a\xc3\xb6"
				   "bc\xe2\x82\xac"
				   "d\xf0\x9f\x98\x80"
				   "efgh\x7f\xc3\x9f"
				   "i";

	(void)state;
	for (size_t from = 0; from < sizeof(text); from++) {
		for (size_t to = from; to < sizeof(text); to++) {
			uint32_t width = 0;

			for (size_t i = from; i < to; i++)
				width += ((unsigned char)text[i] & 0xc0) != 0x80;
			assert_int_equal(text_width(text + from, to - from), width);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_slack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
