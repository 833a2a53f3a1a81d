/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memmem */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ftrace/cookie.h>
#include <ftrace/regs_amd64.h>

#include "../gotarget.h"
#include "plan/births.h"

/* Coroutines are there from 1.23 on. */
static const struct build {
	const char *source, *release, *flags;
	bool coroutines;
} builds[] = {
	{"tests/unit/plan/bodies", "19.13", "", false},
	{"tests/unit/plan/bodies", "19.13", "-gcflags='all=-N -l'", false},
	{"tests/unit/plan/bodies", "21.13", "-buildmode=pie", false},
	{"tests/unit/plan/bodies", "22.12", "-ldflags='-s -w'", false},
	{"tests/unit/plan/coros", "24.0", "", true},
	{"tests/unit/plan/coros", "25.0", "-gcflags='all=-N -l'", true},
	{"tests/unit/plan/coros", "27.0", "-buildmode=pie -ldflags='-s -w'", true},
};

static struct error err;

static struct plan *plan_of(int fd)
{
	struct selection select = {0};
	struct plan *plan = plan_new();
	struct image *image = image_open(fd, "bodies", &err);

	if (!plan || !image || selection_add_glob(&select, "main.*", false, &err) ||
	    plan_add(plan, image, &select, false, &err))
		fail_msg("%s", err.text);
	selection_release(&select);
	return plan;
}

static const char *func_of(const struct plan *plan, const struct site *site)
{
	struct image_func func;
	ssize_t index = image_find(plan->images[0].image, site->addr);

	assert_true(index >= 0);
	assert_int_equal(image_func(plan->images[0].image, (size_t)index, false, &func), 0);
	return func.name;
}

/* The site in a function of that name; NULL: there is none. */
static const struct site *site_in(const struct plan *plan, const char *name, uint32_t *index)
{
	for (*index = 0; *index < plan->nsites; ++*index)
		if (plan->sites[*index].kind == SITE_BIRTH &&
		    !strcmp(func_of(plan, &plan->sites[*index]), name))
			return &plan->sites[*index];
	return NULL;
}

/* Of a go statement one trap, with the goroutine as the second argument; behind newproc1 it is the result. */
static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
		const struct site *site;
		struct gotarget target;
		struct plan *plan;
		uint32_t index;

		gotarget_build(&target, builds[i].source, builds[i].release, builds[i].flags);
		plan = plan_of(target.fd);
		if (plan_births(plan, 0, &err))
			fail_msg("go1.%s %s: %s", builds[i].release, builds[i].flags, err.text);
		site = site_in(plan, "runtime.newproc.func1", &index);
		assert_non_null(site);
		assert_true(site->emulated);
		assert_int_equal(site->func, PLAN_NO_FUNC);
		assert_int_equal(FT_COOKIE_NEW(plan_cookie(plan, index)), FT_REG_BX);
		site = site_in(plan, "runtime.newcoro.func1", &index);
		assert_int_equal(!!site, builds[i].coroutines);
		if (site)
			assert_int_equal(FT_COOKIE_NEW(plan_cookie(plan, index)), FT_REG_AX);
		plan_free(plan);
		gotarget_release(&target);
	}
}

/* Where neither function is called by that name nobody knows what go statements do: no site is left behind. */
static void test_unknown(void **state)
{
	static const char *const names[] = {"runtime.newproc1", "runtime.runqput"};
	static const char wanted[] = "bodies: runtime.newproc of go1.24.0 makes goroutines in an "
				     "unknown way";
	struct gotarget target;
	struct plan *plan;
	size_t sites;
	FILE *file;

	(void)state;
	gotarget_build(&target, "tests/unit/plan/bodies", "24.0", "-ldflags='-s -w'");
	file = fopen(target.path, "r+");
	assert_non_null(file);
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(names[i]) + 1;
		const unsigned char *at = memmem(target.file, target.size, names[i], len);

		assert_non_null(at);
		assert_int_equal(fseek(file, at - target.file, SEEK_SET), 0);
		assert_int_equal(fputc('R', file), 'R');
	}
	assert_int_equal(fclose(file), 0);
	err = (struct error){0};
	plan = plan_of(target.fd);
	sites = plan->nsites;
	assert_int_equal(plan_births(plan, 0, &err), -ENOTSUP);
	if (strncmp(err.text, wanted, strlen(wanted)) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(plan->nsites, sites);
	plan_free(plan);
	gotarget_release(&target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
