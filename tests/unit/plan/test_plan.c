/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/cookie.h>

#include "../gotarget.h"
#include "plan/omitted.h"
#include "plan/plan.h"

static struct gotarget target;
static struct plan *plan;
static struct selection sel;
static struct error err;

static int build(void **state)
{
	(void)state;
	gotarget_build(&target, "tests/unit/plan/bodies", "", "");
	return 0;
}

static int release(void **state)
{
	(void)state;
	gotarget_release(&target);
	return 0;
}

static int forget(void **state)
{
	(void)state;
	plan_free(plan);
	plan = NULL;
	selection_release(&sel);
	err = (struct error){0};
	return 0;
}

static void choose(const char *text)
{
	assert_int_equal(selection_add_glob(&sel, text, false, &err), 0);
}

static int add(const struct gotarget *from, bool explain)
{
	struct image *image = image_open(from->fd, "bodies", &err);

	if (!image)
		fail_msg("%s", err.text);
	return plan_add(plan, image, &sel, explain, &err);
}

static void make(bool explain)
{
	plan = plan_new();
	if (add(&target, explain))
		fail_msg("%s", err.text);
}

static unsigned int count(uint8_t kind)
{
	unsigned int n = 0;

	for (size_t i = 0; i < plan->nsites; i++)
		n += plan->sites[i].kind == kind;
	return n;
}

static const char *skipped(const char *name)
{
	for (size_t i = 0; i < plan->nskipped; i++)
		if (!strcmp(plan->skipped[i].name, name))
			return plan->skipped[i].reason;
	return NULL;
}

static void test_sites(void **state)
{
	const struct plan_func *func;

	(void)state;
	choose("main.*");
	make(false);
	for (size_t i = 0; i < plan->nfuncs; i++) {
		func = &plan->funcs[i];
		assert_true(func->nsites > 0);
		for (uint32_t s = 0; s < func->nsites; s++) {
			const struct site *site = &plan->sites[func->first_site + s];

			assert_int_equal(site->func, i);
			assert_int_equal(site->kind == SITE_ENTRY, s == 0);
			assert_true(site->addr - func->entry < func->size);
			assert_true(site->offset < target.size);
		}
	}
	func = plan_find(plan, 0, "main.jumpsIf.abi0");
	assert_non_null(func);
	assert_int_equal(func->nsites, 3);
	assert_int_equal(plan->sites[func->first_site + 1].kind, SITE_TAIL);
	assert_int_equal(plan->sites[func->first_site + 1].flags, FT_C_IF);
	assert_int_equal(plan->sites[func->first_site + 1].cond, 4);
	assert_int_equal(plan->sites[func->first_site + 2].kind, SITE_RET);
	assert_int_equal(plan->sites[func->first_site + 2].flags & FT_C_RET, FT_C_RET);
	func = plan_find(plan, 0, "main.loops.abi0");
	assert_non_null(func);
	assert_true(plan->sites[func->first_site].may_repeat);
	assert_null(plan_find(plan, 0, "main.nothing"));
	assert_null(plan_find(plan, 1, "main.main"));
}

/* What is taken out takes its sites along; the others find theirs, and those of nobody stay. */
static void test_leave_out(void **state)
{
	bool gone[512] = {0};
	unsigned int markers;
	size_t funcs, left = 0;

	(void)state;
	choose("main.*");
	make(false);
	funcs = plan->nfuncs;
	assert_in_range(funcs, 3, 512);
	markers = count(SITE_RECOVER) + count(SITE_GOEXIT) + count(SITE_FAULT) + count(SITE_PANIC);
	gone[0] = gone[2] = gone[funcs - 1] = true;
	for (size_t i = 0; i < funcs; i++)
		left += gone[i] ? 0 : plan->funcs[i].nsites;
	assert_int_equal(plan_leave_out(plan, gone, "patched"), 0);
	assert_int_equal(plan->nfuncs, funcs - 3);
	assert_int_equal(plan->nsites, left + markers);
	assert_int_equal(count(SITE_RECOVER) + count(SITE_GOEXIT) + count(SITE_FAULT) +
				 count(SITE_PANIC),
			 markers);
	for (size_t i = 0; i < plan->nfuncs; i++)
		for (uint32_t s = 0; s < plan->funcs[i].nsites; s++) {
			const struct site *site = &plan->sites[plan->funcs[i].first_site + s];

			assert_int_equal(site->func, i);
			assert_int_equal(site->kind == SITE_ENTRY, s == 0);
			assert_true(site->addr - plan->funcs[i].entry < plan->funcs[i].size);
		}
	assert_string_equal(plan->skipped[plan->nskipped - 1].reason, "patched");
}

/* Where frames end that will not return: found with symbols and without, in every way of calling
 * assembly. */
static void test_markers(void **state)
{
	static const struct {
		const char *release, *flags;
	} builds[] = {{"", ""}, {"", "-ldflags=-s"}, {"19.13", ""}, {"22.12", ""}, {"25.0", ""}};

	(void)state;
	choose("main.small");
	for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
		struct gotarget other;
		int status;

		gotarget_build(&other, "tests/unit/plan/bodies", builds[i].release,
			       builds[i].flags);
		plan = plan_new();
		status = add(&other, false);
		if (status || count(SITE_RECOVER) != 1 || count(SITE_GOEXIT) != 1 ||
		    count(SITE_PANIC) != 1)
			fail_msg("Go 1.%s %s: %u of recover, %u of Goexit, %u of panic; %s",
				 builds[i].release, builds[i].flags, count(SITE_RECOVER),
				 count(SITE_GOEXIT), count(SITE_PANIC), err.text);
		gotarget_release(&other);
		plan_free(plan);
		plan = NULL;
	}
}

static void test_cookie(void **state)
{
	(void)state;
	choose("main.jumpsIf*");
	make(false);
	assert_int_equal(plan_cookie(plan, 1), FT_COOKIE(1, 0, FT_C_IF, 4, 0));
	assert_int_equal(FT_COOKIE_SITE(plan_cookie(plan, 2)), 2);
	assert_int_equal(FT_COOKIE_COND(plan_cookie(plan, 1)), 4);
}

static void test_skipped(void **state)
{
	(void)state;
	choose("main.*");
	choose("runtime.gogo*");
	make(true);
	assert_non_null(strstr(skipped("main.undecodable.abi0"), "cannot be decoded"));
	assert_non_null(strstr(skipped("main.intoTheMiddle.abi0"), "into an instruction"));
	assert_non_null(strstr(skipped("main.trap.abi0"), "trap"));
	assert_non_null(strstr(skipped("main.inlined"), "inlined at main.go:"));
	assert_non_null(strstr(skipped("main.inlined"), " and 1 other place; "));
	assert_non_null(
		strstr(skipped("main.counter.wrapped"), "inlined in main.counter.wrapped-fm; "));
	assert_null(skipped("main.small"));
	assert_null(plan_find(plan, 0, "main.trap.abi0"));
}

/* Of several places the first is shown: one that has a line to look at. */
static void test_order_of_places(void **state)
{
	(void)state;
	assert_true(omitted_compare_places("a.go", 9, "b.go", 1) < 0);
	assert_true(omitted_compare_places("a.go", 2, "a.go", 10) < 0);
	assert_true(omitted_compare_places("a.go", 10, "a.go", 2) > 0);
	assert_int_equal(omitted_compare_places("a.go", 2, "a.go", 2), 0);
	assert_true(omitted_compare_places("<autogenerated>", 1, "a.go", 2) > 0);
	assert_true(omitted_compare_places("a.go", 2, "<autogenerated>", 1) < 0);
	assert_true(omitted_compare_places("<autogenerated>", 1, "/src/a.go", 2) > 0);
}

static void test_nothing(void **state)
{
	static const struct {
		const char *glob, *says;
	} rows[] = {
		{"main.smal", "no function matches 'main.smal'; did you mean main.small"},
		{"nothing.like.it.at.all", "no function matches 'nothing.like.it.at.all'"},
		{"main.inlined", "main.inlined: inlined at main.go:"},
		{"main.undecodable*", "its code cannot be decoded"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		choose(rows[i].glob);
		plan = plan_new();
		assert_int_equal(add(&target, false), -ENODATA);
		if (!strstr(err.text, rows[i].says))
			fail_msg("%s: %s", rows[i].glob, err.text);
		forget(NULL);
	}
}

/* One pattern of several that chooses nothing is told; -D has to choose something. */
static void test_every_pattern_counts(void **state)
{
	struct buf notes = {0};

	(void)state;
	choose("main.small");
	make(false);
	assert_int_equal(plan_check(plan, &sel, &notes, &err), 0);
	assert_int_equal(notes.len, 0);
	forget(NULL);
	choose("main.small");
	choose("main.smal");
	assert_int_equal(selection_add_regexp(&sel, "smll", &err), 0);
	assert_int_equal(selection_add_excluded(&sel, "main.nosuch", &err), 0);
	make(false);
	assert_int_equal(plan_check(plan, &sel, &notes, &err), 0);
	assert_string_equal(
		buf_str(&notes),
		"ftrace: bodies: no function matches 'main.smal'; did you mean main.small?\n"
		"ftrace: bodies: no function matches /smll/; \"ftrace list -u '*' bodies\" shows all "
		"names\n"
		"ftrace: -N 'main.nosuch': no function matches; nothing is left out by it\n");
	forget(NULL);
	choose("main.small");
	assert_int_equal(selection_add_glob(&sel, "main.smal", true, &err), 0);
	make(false);
	assert_int_equal(plan_check(plan, &sel, &notes, &err), -ENODATA);
	assert_non_null(strstr(err.text, "'main.smal'"));
	buf_release(&notes);
}

static void test_too_many_sites(void **state)
{
	(void)state;
	choose("main.*");
	plan = plan_new();
	plan->max_sites = 3;
	assert_int_equal(add(&target, false), -E2BIG);
	assert_non_null(strstr(err.text, "the kernel takes 3; narrow -u"));
}

static void test_drill(void **state)
{
	(void)state;
	choose("main.*");
	assert_int_equal(selection_add_glob(&sel, "main.small", true, &err), 0);
	make(false);
	assert_true(plan_find(plan, 0, "main.small")->drill);
	assert_false(plan_find(plan, 0, "main.large")->drill);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_sites, forget),
		cmocka_unit_test_teardown(test_leave_out, forget),
		cmocka_unit_test_teardown(test_markers, forget),
		cmocka_unit_test_teardown(test_cookie, forget),
		cmocka_unit_test_teardown(test_skipped, forget),
		cmocka_unit_test(test_order_of_places),
		cmocka_unit_test_teardown(test_nothing, forget),
		cmocka_unit_test_teardown(test_every_pattern_counts, forget),
		cmocka_unit_test_teardown(test_too_many_sites, forget),
		cmocka_unit_test_teardown(test_drill, forget),
	};

	plan_free(NULL);
	return cmocka_run_group_tests(tests, build, release);
}
