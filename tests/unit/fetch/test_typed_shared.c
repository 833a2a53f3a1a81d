/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which functions share what is read of them: signatures made up here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fetch/typed_shared.h"
#include "plan/values.h"

static const struct gotype number = {
	.name = "int", .kind = GOTYPE_INT, .size = 8, .align = 8, .height = 1};
static const struct gotype other = {
	.name = "main.Count", .kind = GOTYPE_INT, .size = 8, .align = 8, .height = 1};

static struct typed_shared shared;

static int end(void **state)
{
	(void)state;
	typed_shared_release(&shared);
	shared = (struct typed_shared){0};
	return 0;
}

/* What is read of func(before..., NAME TYPE). */
static struct fetch *fetch_of(size_t before, const char *name, const struct gotype *type,
			      bool results)
{
	struct dwarf_param params[12] = {0};
	struct dwarf_signature sig = {0};
	struct fetch *fetch = NULL;
	struct goabi abi = {0};
	size_t count = 0;

	for (size_t i = 0; i < before; i++)
		params[count++] =
			(struct dwarf_param){.name = ".dict", .type = &number, .dictionary = true};
	if (name)
		params[count++] = (struct dwarf_param){.name = name, .type = type};
	if (results) {
		sig.results = params;
		sig.nresults = count;
	} else {
		sig.params = params;
		sig.nparams = count;
	}
	shared.arch = arch_native();
	assert_int_equal(goabi_assign(arch_native(), &sig, false, &abi), 0);
	assert_int_equal(
		typed_shared_fetch(&shared, &sig, &abi, results, &fetch_default_limits, &fetch), 0);
	goabi_release(&abi);
	return fetch;
}

static void test_shared(void **state)
{
	struct fetch *first = fetch_of(0, "n", &number, false);
	struct fetch *again = fetch_of(0, "n", &number, false);
	struct fetch *result = fetch_of(0, "n", &number, true);

	(void)state;
	assert_non_null(first);
	assert_true(first->sealed);
	assert_ptr_equal(first, again);
	/* Both are in AX, which tells nothing of the side. */
	assert_ptr_equal(first, result);
	/* Each has a reference, and what they share goes with the last. */
	typed_shared_release(&shared);
	shared = (struct typed_shared){0};
	fetch_free(first);
	fetch_free(again);
	assert_string_equal(result->items[0].name, "n");
	fetch_free(result);
}

static void test_different(void **state)
{
	struct fetch *all[] = {
		fetch_of(0, "n", &number, false),
		fetch_of(0, "m", &number, false),
		fetch_of(0, "n", &other, false),
		fetch_of(1, "n", &number, false), /* in BX, behind what is not shown */
		/* on the stack, the one 8 bytes behind the other */
		fetch_of(9, "n", &number, false),
		fetch_of(10, "n", &number, false),
	};
	size_t count = sizeof(all) / sizeof(all[0]);

	(void)state;
	assert_string_equal(all[1]->items[0].name, "m");
	assert_string_equal(all[2]->items[0].type, "main.Count");
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			assert_ptr_not_equal(all[i], all[k]);
	for (size_t i = 0; i < count; i++)
		fetch_free(all[i]);
}

static void test_nothing(void **state)
{
	(void)state;
	assert_null(fetch_of(0, NULL, NULL, false));
	assert_null(fetch_of(1, NULL, NULL, false));
}

/* What is read at entry of func F[T any](n TYPE) RESULT, with its dictionary in AX. */
static struct fetch *fetch_of_generic(const struct gotype *type, const struct gotype *result)
{
	struct dwarf_param params[] = {
		{.name = ".dict", .type = &number, .dictionary = true},
		{.name = "n", .type = type},
	};
	struct dwarf_param results[] = {{.name = "~r0", .type = result}};
	struct dwarf_signature sig = {
		.params = params, .nparams = 2, .results = results, .nresults = 1};
	struct fetch *fetch = NULL;
	struct goabi abi = {0};

	shared.arch = arch_native();
	assert_int_equal(goabi_assign(arch_native(), &sig, false, &abi), 0);
	assert_int_equal(
		typed_shared_fetch(&shared, &sig, &abi, false, &fetch_default_limits, &fetch), 0);
	goabi_release(&abi);
	return fetch;
}

/* It is read where it has something to tell, of results, too; those for which it is read share with each other only. */
static void test_dictionary(void **state)
{
	static const struct gotype shaped = {
		.name = "go.shape.int", .kind = GOTYPE_INT, .size = 8, .align = 8, .height = 1};
	struct fetch *plain = fetch_of_generic(&number, &number);
	struct fetch *result = fetch_of_generic(&number, &shaped);
	struct fetch *both = fetch_of_generic(&shaped, &shaped);
	struct fetch *again = fetch_of_generic(&number, &shaped);

	(void)state;
	assert_int_equal(plain->dictionary, SHAPE_NO_SLOT);
	assert_int_not_equal(result->dictionary, SHAPE_NO_SLOT);
	assert_int_not_equal(both->dictionary, SHAPE_NO_SLOT);
	assert_int_not_equal(both->dictionary, both->items[0].slot);
	assert_int_equal(result->nitems, 1);
	assert_ptr_equal(result, again);
	fetch_free(plain);
	fetch_free(result);
	fetch_free(both);
	fetch_free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_shared, end),
		cmocka_unit_test_teardown(test_different, end),
		cmocka_unit_test_teardown(test_nothing, end),
		cmocka_unit_test_teardown(test_dictionary, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
