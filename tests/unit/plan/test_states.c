/* SPDX-License-Identifier: GPL-2.0-only */
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
#include "plan/states.h"

#define ANY    0x40 /* a register */
#define PLACES 8

/* What passes where. */
struct place {
	const char *func;
	uint8_t from, to;
};

#define COROUTINES                                            \
	{"runtime.coroswitch_m", FT_G_RUNNING, FT_G_WAITING}, \
	{                                                     \
		"runtime.coroswitch_m", ANY, FT_G_RUNNING     \
	}
#define ALL                                                                  \
	{"runtime.casgstatus", ANY, ANY},                                    \
		{"runtime.casGToPreemptScan", FT_G_RUNNING, FT_G_PREEMPTED}, \
	{                                                                    \
		"runtime.casGFromPreempted", FT_G_PREEMPTED, FT_G_WAITING    \
	}
#define SYSCALLS                                                  \
	{"runtime.reentersyscall", FT_G_RUNNING, FT_G_SYSCALL},   \
	{                                                         \
		"runtime.exitsyscall", FT_G_SYSCALL, FT_G_RUNNING \
	}

static const struct build {
	const char *release, *flags;
	struct place places[PLACES];
	bool ahead; /* all of them, but where nothing has to be called */
} builds[] = {
	{"19.13", "", {ALL}, false},
	{"19.13", "-gcflags='all=-N -l'", {ALL}, false},
	{"21.13", "-buildmode=pie", {ALL}, false},
	{"22.12", "-gcflags='all=-N -l'", {ALL}, true},
	{"22.12", "-ldflags='-s -w'", {ALL}, false},
	{"24.0", "", {COROUTINES, ALL}, false},
	{"25.0", "-gcflags='all=-N -l'", {COROUTINES, ALL}, true},
	{"27.0", "", {COROUTINES, ALL, SYSCALLS}, false},
	{"27.0", "-gcflags='all=-N -l'", {COROUTINES, ALL, SYSCALLS}, true},
	{"27.0", "-buildmode=pie -ldflags='-s -w'", {COROUTINES, ALL, SYSCALLS}, false},
};

static struct error err;

static struct plan *plan_of(int fd, const char *glob)
{
	struct selection select = {0};
	struct plan *plan = plan_new();
	struct image *image = image_open(fd, "bodies", &err);

	if (!plan || !image || selection_add_glob(&select, glob, false, &err) ||
	    plan_add(plan, image, &select, false, &err))
		fail_msg("%s", err.text);
	selection_release(&select);
	return plan;
}

/* Coroutines are there from 1.23 on. */
static const char *source_of(const char *release)
{
	return strcmp(release, "23") < 0 ? "tests/unit/plan/bodies" : "tests/unit/plan/coros";
}

static const char *func_of(const struct plan *plan, const struct site *site)
{
	struct image_func func;
	ssize_t index = image_find(plan->images[0].image, site->addr);

	assert_true(index >= 0);
	assert_int_equal(image_func(plan->images[0].image, (size_t)index, false, &func), 0);
	return func.name;
}

static bool is(uint8_t operand, uint8_t wanted)
{
	return wanted == ANY ? operand < FT_REG_IP : operand == (FT_STATE_CONST | wanted);
}

/* A coroutine's state may be in a register or not: what it was is what it is compared with. */
static bool holds(const struct ft_state_site *at, const struct place *place)
{
	return (is(at->from, place->from) ||
		(place->from == ANY && place->to == FT_G_RUNNING && is(at->from, FT_G_WAITING))) &&
	       is(at->to, place->to);
}

static void check(const struct plan *plan, const struct build *build)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->nsites; i++) {
		const struct site *site = &plan->sites[i];
		const struct ft_state_site *at = &plan->images[0].states[site->state];
		const struct place *place = &build->places[n];

		if (site->kind != SITE_STATE)
			continue;
		if (n == PLACES || !place->func || strcmp(func_of(plan, site), place->func) != 0 ||
		    !holds(at, place) || at->ahead != build->ahead)
			fail_msg("go1.%s %s: %s: %02x to %02x, ahead %d, not %s", build->release,
				 build->flags, func_of(plan, site), at->from, at->to, at->ahead,
				 n < PLACES && place->func ? place->func : "there");
		/* A call is about to happen, of all else the condition tells. */
		assert_int_equal(!!(site->flags & (FT_C_IF | FT_C_IF_NOT)), !at->ahead);
		assert_int_equal(at->offset, at->ahead ? plan->images[0].goroutine.status : 0);
		assert_int_equal(FT_COOKIE_STATE(plan_cookie(plan, (uint32_t)i)), n);
		assert_int_equal(site->func, PLAN_NO_FUNC);
		assert_true(at->outside > 0 || !strncmp(place->func, "runtime.", 8));
		n++;
	}
	assert_int_equal(n, plan->images[0].nstates);
	if (n < PLACES && build->places[n].func)
		fail_msg("go1.%s %s: %s is missing", build->release, build->flags,
			 build->places[n].func);
}

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
		struct gotarget target;
		struct plan *plan;

		gotarget_build(&target, source_of(builds[i].release), builds[i].release,
			       builds[i].flags);
		plan = plan_of(target.fd, "main.small");
		if (plan_states(plan, 0, &err))
			fail_msg("go1.%s %s: %s", builds[i].release, builds[i].flags, err.text);
		check(plan, &builds[i]);
		plan_free(plan);
		gotarget_release(&target);
	}
}

/* Offset of the prefix of the exchange that the site stands behind. */
static size_t lock_before(const struct gotarget *target, const struct site *site)
{
	size_t at = site->offset;

	while (target->file[at] != 0xf0 || (target->file[at + 1] & 0xf0) == 0xf0)
		at--;
	assert_in_range(site->offset - at, 1, 32);
	return at;
}

/* Without the prefix it exchanges nothing for good: whoever must have an exchange is named, and the version. */
static void refuse(const char *name, bool certain)
{
	struct gotarget target;
	struct plan *plan;
	size_t at = 0;
	FILE *file;
	char wanted[160];

	gotarget_build(&target, source_of("24.0"), "24.0", "");
	plan = plan_of(target.fd, "main.small");
	assert_int_equal(plan_states(plan, 0, &err), 0);
	for (size_t i = 0; i < plan->nsites; i++)
		if (plan->sites[i].kind == SITE_STATE &&
		    !strcmp(func_of(plan, &plan->sites[i]), name))
			at = lock_before(&target, &plan->sites[i]);
	plan_free(plan);
	assert_true(at > 0);
	file = fopen(target.path, "r+");
	assert_non_null(file);
	assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
	assert_int_equal(fputc(0x3e, file), 0x3e);
	assert_int_equal(fclose(file), 0);
	err = (struct error){0};
	plan = plan_of(target.fd, "main.small");
	assert_int_equal(plan_states(plan, 0, &err), certain ? -ENOTSUP : 0);
	snprintf(wanted, sizeof(wanted), "bodies: %s of go1.24.0 changes states in an unknown way",
		 name);
	if (certain && strncmp(err.text, wanted, strlen(wanted)) != 0)
		fail_msg("%s", err.text);
	plan_free(plan);
	gotarget_release(&target);
	err = (struct error){0};
}

static void test_unknown(void **state)
{
	(void)state;
	refuse("runtime.casgstatus", true);
	refuse("runtime.casGFromPreempted", true);
	/* It has two. */
	refuse("runtime.coroswitch_m", false);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(state_name(FT_G_SYSCALL), "syscall");
	assert_string_equal(state_name(FT_G_COPYSTACK), "running");
	assert_null(state_name(5));
	assert_null(state_name(FT_G_STATES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
