/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../gotarget.h"
#include "plan/naming.h"

static struct gotarget target;
static struct image *image;

static int build(void **state)
{
	struct error err = {0};

	(void)state;
	gotarget_build(&target, "tests/unit/plan/bodies", "", "");
	image = image_open(target.fd, "bodies", &err);
	return image ? 0 : -1;
}

static int release(void **state)
{
	(void)state;
	image_free(image);
	gotarget_release(&target);
	return 0;
}

static struct selection sel;
static struct short_names names;

static int forget(void **state)
{
	(void)state;
	selection_release(&sel);
	short_names_release(&names);
	return 0;
}

static void glob(const char *text)
{
	struct error err = {0};

	assert_int_equal(selection_add_glob(&sel, text, false, &err), 0);
}

/* How many functions are chosen; *flags are those of the function called `name`. */
static unsigned int match(const char *name, int *flags)
{
	struct selection_marks marks = {0};
	struct error err = {0};
	struct naming *naming;
	unsigned int chosen = 0;

	*flags = 0;
	naming = naming_new(&sel, image, &names);
	assert_non_null(naming);
	if (naming_mark(naming, &marks, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < marks.count; i++) {
		struct image_func func;

		chosen += marks.selected[i] != 0;
		if (!image_func(image, i, false, &func) && !strcmp(func.name, name))
			*flags = marks.selected[i];
	}
	free(marks.selected);
	naming_free(naming);
	return chosen;
}

static bool selects(const char *name)
{
	struct naming *naming = naming_new(&sel, image, &names);
	bool found;

	assert_non_null(naming);
	found = naming_selects(naming, name, NAMING_ALL, 0);
	naming_free(naming);
	return found;
}

static void test_globs(void **state)
{
	int flags;

	(void)state;
	glob("main.s?all");
	glob("main.s*");
	assert_int_equal(match("main.small", &flags), 1);
	assert_int_equal(flags, SELECTED);
}

static void test_drill(void **state)
{
	struct error err = {0};
	int flags;

	(void)state;
	glob("main.*");
	assert_int_equal(selection_add_glob(&sel, "main.small", true, &err), 0);
	match("main.small", &flags);
	assert_int_equal(flags, SELECTED | SELECTED_DRILL);
	match("main.leaf", &flags);
	assert_int_equal(flags, SELECTED);
}

/* A glob that is a name chooses that one, though its brackets would choose others. */
static void test_brackets(void **state)
{
	int flags;

	(void)state;
	glob("main.instance[go.shape.int]");
	assert_int_equal(match("main.instance[go.shape.int]", &flags), 1);
	assert_int_equal(flags, SELECTED);
	selection_release(&sel);
	glob("main.instance[*]");
	assert_int_equal(match("main.instance[go.shape.int]", &flags), 1);
	selection_release(&sel);
	glob("main.[sl]?a*");
	assert_int_equal(match("main.small", &flags), 2);
	match("main.leaf", &flags);
	assert_int_equal(flags, SELECTED);
}

static void test_regexp(void **state)
{
	struct error err = {0};
	int flags;

	(void)state;
	assert_int_equal(selection_add_regexp(&sel, "^main\\.(small|large)$", &err), 0);
	assert_int_equal(match("main.large", &flags), 2);
	assert_int_equal(selection_add_regexp(&sel, "main.(", &err), -EINVAL);
	assert_non_null(strstr(err.text, "-r"));
}

static void test_runaway_regexp(void **state)
{
	struct selection_marks marks = {0};
	struct error err = {0};
	struct naming *naming;

	(void)state;
	assert_int_equal(selection_add_regexp(&sel, "^(.|..|[a-z.]+)*[#!]$", &err), 0);
	naming = naming_new(&sel, image, &names);
	assert_non_null(naming);
	assert_int_equal(naming_mark(naming, &marks, &err), -EINVAL);
	assert_non_null(strstr(err.text, "simplify"));
	assert_null(marks.selected);
	naming_free(naming);
}

static void test_notrace_wins(void **state)
{
	struct error err = {0};
	int flags;

	(void)state;
	glob("main.small");
	glob("main.large");
	assert_int_equal(selection_add_regexp(&sel, "small", &err), 0);
	assert_int_equal(selection_add_excluded(&sel, "*small*", &err), 0);
	match("main.small", &flags);
	assert_int_equal(flags, 0);
	match("main.large", &flags);
	assert_int_equal(flags, SELECTED);
	assert_false(selects("main.small"));
	assert_true(selects("main.large"));
}

/* However many globs there are. */
static void test_many(void **state)
{
	char text[16];

	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "main.f%d", i);
		glob(text);
	}
	assert_true(selects("main.f0"));
	assert_true(selects("main.f99"));
	assert_false(selects("main.f100"));
	assert_false(selects("main.f"));
}

static void test_exclude_vendor(void **state)
{
	(void)state;
	sel.exclude_vendor = true;
	glob("*");
	glob("github.com/x/y.Exact");
	assert_true(selects("main.main"));
	assert_true(selects("example.com/bodies/sub.F"));
	assert_true(selects("net/http.Get"));
	assert_true(selects("fmt.Println"));
	assert_false(selects("example.com/bodiesmore.F"));
	assert_false(selects("github.com/x/y.F"));
	assert_false(selects("vendor/golang.org/x/net.F"));
	/* Spelled out it is traced all the same. */
	assert_true(selects("github.com/x/y.Exact"));
}

static void shorten(void)
{
	for (size_t f = 0; f < image_func_count(image); f++) {
		struct image_func func;

		if (!image_func(image, f, false, &func))
			assert_int_equal(short_names_add(&names, func.name), 0);
	}
	short_names_seal(&names);
}

/* What the lines say of how names are taken. */
static const char *told(void)
{
	static char text[512];
	struct naming *naming = naming_new(&sel, image, &names);
	struct selection_marks marks = {0};
	struct buf lines = {0};
	struct error err = {0};

	assert_non_null(naming);
	assert_int_equal(naming_mark(naming, &marks, &err), 0);
	naming_tell(naming, true, &lines);
	snprintf(text, sizeof(text), "%s", buf_str(&lines));
	buf_release(&lines);
	free(marks.selected);
	naming_free(naming);
	return text;
}

/* What is no whole name is the end of one, and stays so for what else it is asked of. */
static void test_ends(void **state)
{
	struct error err = {0};

	(void)state;
	shorten();
	glob("cpu.*");
	assert_true(selects("internal/cpu.Initialize"));
	assert_true(selects("internal/cpu.NotThere"));
	assert_false(selects("cpus.Initialize"));
	assert_non_null(strstr(told(), "ftrace: 'cpu.*': taken for "));
	assert_non_null(strstr(told(), " functions of internal/cpu\n"));
	selection_release(&sel);
	glob("cpu.Initialize");
	assert_string_equal(told(),
			    "ftrace: 'cpu.Initialize': taken for internal/cpu.Initialize\n");
	selection_release(&sel);
	glob("*");
	assert_int_equal(selection_add_excluded(&sel, "cpu.*", &err), 0);
	assert_int_equal(selection_add_excluded(&sel, "nothing.*", &err), 0);
	assert_false(selects("internal/cpu.Initialize"));
	assert_true(selects("main.small"));
	assert_non_null(strstr(told(), "ftrace: -N 'cpu.*': taken for "));
	assert_non_null(strstr(told(), "ftrace: -N 'nothing.*': no function matches; "));
}

/* A name that is there is whole, also where it has no body of its own. */
static void test_inlined_is_there(void **state)
{
	(void)state;
	glob("main.inlined");
	glob("main.small");
	assert_string_equal(told(), "");
	assert_true(selects("main.inlined"));
	assert_false(selects("example.com/main.inlined"));
}

static void test_generic(void **state)
{
	(void)state;
	glob("main.instance");
	assert_true(selects("main.instance[go.shape.int]"));
	selection_release(&sel);
	glob("main.instance[int]");
	assert_true(selects("main.instance[go.shape.int]"));
	assert_false(selects("main.instance[go.shape.string]"));
}

static void test_module_with_dots(void **state)
{
	(void)state;
	assert_true(naming_is_own("example.com/x%2ey.F", "example.com/x.y"));
	assert_true(naming_is_own("example.com/x.y/sub.F", "example.com/x.y"));
	assert_false(naming_is_own("example.com/x%2eyz.F", "example.com/x.y"));
	assert_false(naming_is_own("example%2ecom.F", "main.org"));
	assert_true(naming_is_own("cmpbody", "example.com/x"));
}

static void test_text(void **state)
{
	struct error err = {0};
	char text[64], small[8];

	(void)state;
	glob("main.a*");
	assert_int_equal(selection_add_regexp(&sel, "^x", &err), 0);
	assert_string_equal(selection_text(&sel, text, sizeof(text)), "'main.a*', /^x/");
	assert_string_equal(selection_text(&sel, small, sizeof(small)), "'main.a");
}

static void test_empty(void **state)
{
	struct error err = {0};

	(void)state;
	assert_int_equal(selection_add_glob(&sel, "", false, &err), -EINVAL);
	assert_int_equal(selection_add_excluded(&sel, "", &err), -EINVAL);
	assert_int_equal(sel.nglobs, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_globs, forget),
		cmocka_unit_test_teardown(test_drill, forget),
		cmocka_unit_test_teardown(test_brackets, forget),
		cmocka_unit_test_teardown(test_regexp, forget),
		cmocka_unit_test_teardown(test_runaway_regexp, forget),
		cmocka_unit_test_teardown(test_notrace_wins, forget),
		cmocka_unit_test_teardown(test_many, forget),
		cmocka_unit_test_teardown(test_exclude_vendor, forget),
		cmocka_unit_test_teardown(test_ends, forget),
		cmocka_unit_test_teardown(test_inlined_is_there, forget),
		cmocka_unit_test_teardown(test_generic, forget),
		cmocka_unit_test(test_module_with_dots),
		cmocka_unit_test_teardown(test_text, forget),
		cmocka_unit_test_teardown(test_empty, forget),
	};

	return cmocka_run_group_tests(tests, build, release);
}
