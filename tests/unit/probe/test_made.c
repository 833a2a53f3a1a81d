/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Of which sequences instructions are made: of all where they are few, else of those that most functions have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "probe/made.h"

#define FUNCS 60

static struct plan_func funcs[FUNCS];
static struct plan plan;
static struct programs programs;

/* Reads `count` times, the first to `slot`. */
static struct fetch *make(size_t count, uint16_t slot)
{
	struct fetch *fetch = fetch_new(arch_native());

	assert_non_null(fetch);
	for (size_t i = 0; i < count; i++) {
		struct ft_op *op = fetch_op(fetch, FT_OP_READ);

		assert_non_null(op);
		op->slot = (uint16_t)(slot + 8 * i);
		op->len = 8;
		op->status = 1;
	}
	return fetch;
}

static int begin(void **state)
{
	(void)state;
	memset(funcs, 0, sizeof(funcs));
	plan = (struct plan){.funcs = funcs, .nfuncs = FUNCS};
	return 0;
}

static int end(void **state)
{
	(void)state;
	for (size_t i = 0; i < FUNCS; i++) {
		fetch_free(funcs[i].args);
		fetch_free(funcs[i].results);
	}
	programs_release(&programs);
	return 0;
}

static uint16_t made_of(size_t func)
{
	return programs.sequences[programs.sides[func].args].made;
}

static void test_few(void **state)
{
	(void)state;
	funcs[0].args = make(3, 16);
	funcs[1].args = make(3, 24);
	funcs[1].args->noperands = 1;
	funcs[2].args = make(2, 16);
	funcs[2].args->ops[1].code = FT_OP_TEXTS;
	assert_int_equal(programs_collect(&programs, &plan), 0);
	assert_true(programs.looped && programs.texts && !programs.made);
	assert_true(made_choose(&programs, arch_native()));
	assert_true(programs.made && !programs.looped && !programs.texts);
	/* What a filter compares and what comes behind it have numbers of their own. */
	assert_int_equal(made_of(0), 1);
	assert_int_equal(made_of(1), 2);
	assert_int_equal(made_of(2), 2 + FT_MADE_REST + 1);
	made_forget(&programs);
	assert_true(programs.looped && programs.texts && !programs.made);
	assert_int_equal(made_of(0), 0);
}

static void test_many(void **state)
{
	(void)state;
	/* What several functions read comes before what one does. */
	for (uint16_t i = 0; i < FUNCS - 2; i++)
		funcs[i].args = make(40, (uint16_t)(16 + 8 * i));
	funcs[FUNCS - 2].args = make(1, 1024);
	funcs[FUNCS - 1].args = make(1, 1024);
	assert_int_equal(programs_collect(&programs, &plan), 0);
	assert_true(made_choose(&programs, arch_native()));
	assert_true(programs.made && programs.looped && !programs.texts);
	assert_true(made_of(FUNCS - 1) && made_of(FUNCS - 1) == made_of(FUNCS - 2));
	assert_true(made_of(0));
	assert_false(made_of(FUNCS - 3));
}

static void test_none(void **state)
{
	(void)state;
	funcs[0].args = make(0, 0);
	assert_int_equal(programs_collect(&programs, &plan), 0);
	assert_false(made_choose(&programs, arch_native()));
	assert_false(programs.looped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_few, begin, end),
		cmocka_unit_test_setup_teardown(test_many, begin, end),
		cmocka_unit_test_setup_teardown(test_none, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
