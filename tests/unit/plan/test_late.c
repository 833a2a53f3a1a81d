/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include <ftrace/regs_amd64.h>

#include "../gotarget.h"
#include "fetch/ops.h"
#include "plan/plan.h"

static struct gotarget target;
static struct plan *plan;

static int build(void **state)
{
	struct selection selection = {0};
	struct error err = {0};
	struct image *image;

	(void)state;
	gotarget_build(&target, "tests/unit/plan/leaves", "", "");
	image = image_open(target.fd, "leaves", &err);
	if (!image)
		fail_msg("%s", err.text);
	plan = plan_new();
	assert_non_null(plan);
	assert_int_equal(selection_add_glob(&selection, "main.*", false, &err), 0);
	if (plan_add(plan, image, &selection, false, &err))
		fail_msg("%s", err.text);
	selection_release(&selection);
	return 0;
}

static int release(void **state)
{
	(void)state;
	plan_free(plan);
	gotarget_release(&target);
	return 0;
}

/* Of assembly, by the name that the symbol table has. */
static struct plan_func *func_of(const char *name)
{
	char symbol[64];

	snprintf(symbol, sizeof(symbol), "main.%s.abi0", name);
	for (size_t i = 0; i < plan->nfuncs; i++)
		if (!strcmp(plan->funcs[i].name, symbol))
			return &plan->funcs[i];
	fail_msg("%s is not in the plan", symbol);
	return NULL;
}

static void test_found(void **state)
{
	static const struct {
		const char *name;
		uint32_t written; /* of the general ones */
		bool leaf, stores;
	} rows[] = {
		{"toRet", 1u << FT_REG_AX, true, false},
		{"toRetStores", 0, true, true},
		{"onlyRet", 0, true, false},
		{"toTail", 1u << FT_REG_CX, true, false},
		{"toBranch", 1u << FT_REG_CX | 1u << FT_REG_FLAGS, false, false},
		{"loopsBehind", 1u << FT_REG_CX | 1u << FT_REG_FLAGS, false, false},
		{"twoEnds", 1u << FT_REG_AX, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct late *late = &func_of(rows[i].name)->late;

		if (!late->addr || late->leaf != rows[i].leaf || late->stores != rows[i].stores ||
		    late->written != rows[i].written)
			fail_msg("%s: at %llx, leaf %d, stores %d, written %x", rows[i].name,
				 (unsigned long long)late->addr, late->leaf, late->stores,
				 late->written);
	}
}

static void test_not_found(void **state)
{
	static const char *const names[] = {"loopsBefore", "byTable",     "changesSP",
					    "changesBP",   "callsKernel", "begins"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (func_of(names[i])->late.addr)
			fail_msg("%s", names[i]);
}

/* One of the function's, made to read that register at its entry, and what it points to. */
static bool moves(const char *name, uint8_t reg, bool memory)
{
	struct plan_func func = *func_of(name), *kept = func_of(name);
	struct site before[2] = {plan->sites[func.first_site], plan->sites[func.first_site + 1]};
	struct fetch *fetch = fetch_new(image_info(plan->images[0].image)->arch);
	bool moved;

	assert_non_null(fetch);
	assert_true(fetch_emit(fetch, (struct ft_op){.code = FT_OP_REG, .reg = reg}));
	if (memory)
		assert_true(fetch_emit(fetch, (struct ft_op){.code = FT_OP_LOAD}));
	kept->args = fetch;
	late_settle(plan, kept);
	moved = plan->sites[func.first_site].addr != before[0].addr;
	for (uint32_t i = 0; i < 2 && i < func.nsites; i++)
		plan->sites[func.first_site + i] = before[i];
	*kept = func;
	fetch_free(fetch);
	return moved;
}

static void test_what_is_read_must_be_there(void **state)
{
	(void)state;
	assert_false(moves("toRet", FT_REG_AX, false));
	assert_true(moves("toRet", FT_REG_BX, false));
	assert_true(moves("toRet", FT_REG_BX, true));
	assert_true(moves("toRetStores", FT_REG_AX, false));
	/* What it points to may just have been written. */
	assert_false(moves("toRetStores", FT_REG_AX, true));
	assert_true(moves("toBranch", FT_REG_AX, true));
	assert_false(moves("toBranch", FT_REG_CX, false));
	assert_false(moves("toBranch", FT_REG_FLAGS, false));
	assert_false(moves("toBranch", FT_REG_IP, false));
	assert_true(moves("toBranch", FT_REG_SP, true));
}

static void test_settled(void **state)
{
	const struct plan_func *leaf = func_of("toRet"), *branch = func_of("toBranch");
	const struct plan_func *two = func_of("twoEnds");
	uint64_t entry = leaf->entry;

	(void)state;
	plan_settle(plan);
	assert_true(plan->sites[leaf->first_site].leaf);
	assert_true(plan->sites[leaf->first_site + 1].leaf);
	assert_int_equal(plan->sites[leaf->first_site].addr, entry + 4);
	assert_int_equal(plan->sites[leaf->first_site].offset,
			 plan->sites[leaf->first_site + 1].offset);
	assert_false(plan->sites[branch->first_site].leaf);
	assert_true(plan->sites[branch->first_site].emulated);
	assert_int_equal(plan->sites[two->first_site].addr, two->entry);

	/* Up to there nobody has seen the call. */
	assert_ptr_equal(late_unseen_at(plan, 0, entry), leaf);
	assert_ptr_equal(late_unseen_at(plan, 0, entry + 3), leaf);
	assert_null(late_unseen_at(plan, 0, entry + 4));
	assert_null(late_unseen_at(plan, 0, two->entry));
	assert_null(late_unseen_at(plan, 0, 0));
	assert_null(late_unseen_at(plan, 0, UINT64_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_what_is_read_must_be_there),
		cmocka_unit_test(test_settled),
	};

	return cmocka_run_group_tests(tests, build, release);
}
