/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/suggest.h"

static const char *text_of(const char *wanted, const char *const *names)
{
	static char text[256];
	struct suggest suggest;

	suggest_init(&suggest, wanted);
	for (; *names; names++)
		suggest_name(&suggest, *names);
	return suggest_text(&suggest, text, sizeof(text));
}

static void test_closest_first(void **state)
{
	static const char *const names[] = {"main.add12", "main.main", "main.add1", "main.add",
					    NULL};

	(void)state;
	assert_string_equal(text_of("main.ad", names), "; did you mean main.add, main.add1?");
}

static void test_three_at_most(void **state)
{
	static const char *const names[] = {"main.a1", "main.a2", "main.a3", "main.a4", NULL};
	static const char *const better[] = {"main.abc12", "main.abc34", "main.abc56", "main.ab",
					     NULL};

	(void)state;
	assert_string_equal(text_of("main.a", names), "; did you mean main.a1, main.a2, main.a3?");
	/* One that comes late pushes the worst out. */
	assert_string_equal(text_of("main.abc", better),
			    "; did you mean main.ab, main.abc12, main.abc34?");
}

static void test_once_each(void **state)
{
	static const char *const names[] = {"main.add", "main.add", NULL};

	(void)state;
	assert_string_equal(text_of("main.ad", names), "; did you mean main.add?");
}

static void test_too_far(void **state)
{
	static const char *const names[] = {"runtime.mallocgc", "main.abcdef", NULL};
	char longer[300];
	const char *const all[] = {longer, NULL};

	(void)state;
	assert_string_equal(text_of("main.ad", names), "");
	assert_string_equal(text_of("", names), "");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_string_equal(text_of(longer, all), "");
	assert_string_equal(text_of("xxxx", all), "");
}

static void test_small_room(void **state)
{
	struct suggest suggest;
	char text[16];

	(void)state;
	suggest_init(&suggest, "main.ad");
	suggest_name(&suggest, "main.add");
	suggest_name(&suggest, "main.adx");
	assert_string_equal(suggest_text(&suggest, text, sizeof(text)), "; did you mean ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closest_first), cmocka_unit_test(test_three_at_most),
		cmocka_unit_test(test_once_each),     cmocka_unit_test(test_too_far),
		cmocka_unit_test(test_small_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
