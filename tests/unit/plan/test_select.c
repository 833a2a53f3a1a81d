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
#include "plan/select.h"

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

static int forget(void **state)
{
	(void)state;
	selection_release(&sel);
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
	unsigned int chosen = 0;

	*flags = 0;
	if (selection_mark(&sel, image, &marks, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < marks.count; i++) {
		struct image_func func;

		chosen += marks.selected[i] != 0;
		if (!image_func(image, i, false, &func) && !strcmp(func.name, name))
			*flags = marks.selected[i];
	}
	free(marks.selected);
	return chosen;
}

static void test_globs(void **state)
{
	int flags;

	(void)state;
	glob("main.s?all");
	glob("main.s*");
	assert_int_equal(match("main.small", &flags), 1);
	assert_int_equal(flags, SELECTED);
	assert_int_equal(sel.globs[0].hits, 1);
	assert_int_equal(sel.globs[1].hits, 1);
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

	(void)state;
	assert_int_equal(selection_add_regexp(&sel, "^(.|..|[a-z.]+)*[#!]$", &err), 0);
	assert_int_equal(selection_mark(&sel, image, &marks, &err), -EINVAL);
	assert_non_null(strstr(err.text, "simplify"));
	assert_null(marks.selected);
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
	assert_false(selection_selects(&sel, image, "main.small"));
	assert_true(selection_selects(&sel, image, "main.large"));
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
	assert_true(selection_selects(&sel, image, "main.f0"));
	assert_true(selection_selects(&sel, image, "main.f99"));
	assert_false(selection_selects(&sel, image, "main.f100"));
	assert_false(selection_selects(&sel, image, "main.f"));
}

static void test_exclude_vendor(void **state)
{
	(void)state;
	sel.exclude_vendor = true;
	glob("*");
	glob("github.com/x/y.Exact");
	assert_true(selection_selects(&sel, image, "main.main"));
	assert_true(selection_selects(&sel, image, "example.com/bodies/sub.F"));
	assert_true(selection_selects(&sel, image, "net/http.Get"));
	assert_true(selection_selects(&sel, image, "fmt.Println"));
	assert_false(selection_selects(&sel, image, "example.com/bodiesmore.F"));
	assert_false(selection_selects(&sel, image, "github.com/x/y.F"));
	assert_false(selection_selects(&sel, image, "vendor/golang.org/x/net.F"));
	/* Spelled out it is traced all the same. */
	assert_true(selection_selects(&sel, image, "github.com/x/y.Exact"));
}

static void test_package(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} rows[] = {
		{"main.main", 4},
		{"net/http.(*Server).Serve", 8},
		{"gopkg.in/yaml%2ev3.Parse", 18},
		{"github.com/x/y.F[github.com/a/b.T]", 14},
		{"main.F[go.shape.int]", 4},
		{"noDots", 6},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(selection_package(rows[i].name), rows[i].len);
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
		cmocka_unit_test_teardown(test_package, forget),
		cmocka_unit_test_teardown(test_text, forget),
		cmocka_unit_test_teardown(test_empty, forget),
	};

	return cmocka_run_group_tests(tests, build, release);
}
