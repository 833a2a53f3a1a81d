/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Equal sequences of operations are kept once, and every function finds its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "probe/programs.h"

#define FUNCS 4

static struct plan_func funcs[FUNCS];
static struct plan plan;

static struct fetch *make(size_t count, const uint8_t *slots)
{
	struct fetch *fetch = fetch_new(arch_native());

	assert_non_null(fetch);
	for (size_t i = 0; i < count; i++) {
		struct ft_op *op = fetch_op(fetch, FT_OP_READ);

		assert_non_null(op);
		op->slot = slots[i];
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
	return 0;
}

static void assert_ops(const struct programs *programs, uint32_t sequence,
		       const struct fetch *fetch)
{
	size_t first = programs->sequences[sequence].first;

	assert_true(sequence < programs->nsequences);
	assert_int_equal(programs->sequences[sequence].count, fetch->nops);
	assert_true(first + fetch->nops <= programs->nops);
	assert_memory_equal(&programs->ops[first], fetch->ops, fetch->nops * sizeof(*fetch->ops));
}

/* Only where some program ends with TEXTS is what reads them loaded. */
static void test_texts(void **state)
{
	struct programs programs;

	(void)state;
	funcs[0].args = make(2, (const uint8_t[]){1, 2});
	assert_int_equal(programs_collect(&programs, &plan), 0);
	assert_false(programs.texts);
	programs_release(&programs);
	funcs[1].results = make(2, (const uint8_t[]){1, 2});
	funcs[1].results->ops[1].code = FT_OP_TEXTS;
	assert_int_equal(programs_collect(&programs, &plan), 0);
	assert_true(programs.texts);
	programs_release(&programs);
}

static void test_equal(void **state)
{
	struct programs programs;

	(void)state;
	funcs[0].args = make(3, (const uint8_t[]){8, 16, 24});
	funcs[0].results = make(2, (const uint8_t[]){8, 16});
	funcs[1].args = fetch_use(funcs[0].args);
	funcs[2].args = make(3, (const uint8_t[]){8, 16, 24});
	funcs[3].args = make(3, (const uint8_t[]){8, 16, 32});
	funcs[3].results = make(2, (const uint8_t[]){8, 16});
	assert_int_equal(programs_collect(&programs, &plan), 0);
	assert_int_equal(programs.nops, 3 + 2 + 3);
	for (size_t i = 0; i < FUNCS; i++) {
		assert_ops(&programs, programs.sides[i].args, funcs[i].args);
		if (funcs[i].results)
			assert_ops(&programs, programs.sides[i].results, funcs[i].results);
	}
	programs_release(&programs);
}

/* Nothing is read of functions whose values are all in registers that no probe sees. */
static void test_none(void **state)
{
	struct programs programs;

	(void)state;
	funcs[1].args = fetch_new(arch_native());
	assert_int_equal(programs_collect(&programs, &plan), 0);
	assert_int_equal(programs.nops, 0);
	programs_release(&programs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_equal, begin, end),
		cmocka_unit_test_setup_teardown(test_texts, begin, end),
		cmocka_unit_test_setup_teardown(test_none, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
