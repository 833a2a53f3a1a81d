/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image/pclntab.h"
#include "image/symtab.h"

static void test_runs(void **state)
{
	/* -1 -> 0 up to 1, then +8 up to 6, then -16 up to 0x86 (two-byte step), end */
	static const uint8_t table[] = {0x02, 0x01, 0x10, 0x05, 0x1f, 0x80, 0x01, 0x00};
	static const struct {
		int32_t value;
		uint32_t rel;
	} want[] = {{0, 1}, {8, 6}, {-8, 0x86}};
	struct pcvalue pv;

	(void)state;
	pcvalue_init(&pv, table, sizeof(table), 1000, 1);
	for (size_t i = 0; i < 3; i++) {
		assert_true(pcvalue_next(&pv));
		assert_int_equal(pv.value, want[i].value);
		assert_int_equal(pv.rel, want[i].rel);
	}
	assert_false(pcvalue_next(&pv));
	assert_int_equal(pv.rel, 0x86);
}

static void test_first_run_may_be_minus_one(void **state)
{
	static const uint8_t table[] = {0x00, 0x04, 0x02, 0x03, 0x00};
	struct pcvalue pv;

	(void)state;
	pcvalue_init(&pv, table, sizeof(table), 1000, 1);
	assert_true(pcvalue_next(&pv));
	assert_int_equal(pv.value, -1);
	assert_true(pcvalue_next(&pv));
	assert_int_equal(pv.value, 0);
	assert_int_equal(pv.rel, 7);
	assert_false(pcvalue_next(&pv));
}

static void test_runs_end(void **state)
{
	static const struct {
		uint8_t table[7];
		size_t size;
		uint32_t limit;
		int runs;
	} cases[] = {
		{{0x02, 0x01, 0x02, 0x01, 0x02, 0x01, 0x00}, 7, 2, 2},   /* the limit */
		{{0x02, 0x01, 0x02}, 3, 100, 1},                         /* cut within a run */
		{{0x02, 0x81}, 2, 100, 0},                               /* cut within a number */
		{{0x02, 0x00, 0x02, 0x01}, 4, 100, 0},                   /* does not advance */
		{{0x02, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 7, 100, 0}, /* number too long */
		{{0x02, 0x01}, 0, 100, 0},
		{{0x02, 0x01}, 2, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t *copy = malloc(cases[i].size + 1);
		struct pcvalue pv;
		int runs = 0;

		assert_non_null(copy);
		memcpy(copy + 1, cases[i].table, cases[i].size);
		pcvalue_init(&pv, copy + 1, cases[i].size, cases[i].limit, 1);
		while (pcvalue_next(&pv))
			runs++;
		assert_int_equal(runs, cases[i].runs);
		free(copy);
	}
}

/* Deltas wrap as the runtime's int32 does, without undefined behaviour. */
static void test_values_wrap(void **state)
{
	static const uint8_t table[] = {0xff, 0xff, 0xff, 0xff, 0x0f, 0x01, 0xff,
					0xff, 0xff, 0xff, 0x0f, 0x01, 0x00};
	struct pcvalue pv;

	(void)state;
	pcvalue_init(&pv, table, sizeof(table), 1000, 1);
	assert_true(pcvalue_next(&pv));
	assert_int_equal(pv.value, INT32_MAX);
	assert_true(pcvalue_next(&pv));
	assert_int_equal(pv.value, -1);
}

static void put32(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

enum { NAMES = 80, CUS = 96, FILES = 104, PCS = 112, FUNCS = 128, SIZE = 256 };

/* Two functions, main.a at 0x10 and main.b at 0x40 to 0x60, with the record of main.a only. */
static void make_table(uint8_t *t, uint32_t magic)
{
	static const uint32_t offsets[] = {NAMES, CUS, FILES, PCS, FUNCS};
	bool new = magic == PCLNTAB_GO120;
	uint8_t *f = t + FUNCS + 32;

	memset(t, 0, SIZE);
	put32(t, magic);
	t[6] = 1;
	t[7] = 8;
	put32(t + 8, 2);
	put32(t + 16, 1);
	for (int i = 0; i < 5; i++)
		put32(t + 32 + 8 * i, offsets[i]);
	memcpy(t + NAMES, "\0main.a\0main.b", 15);
	put32(t + CUS + 4, 1);
	memcpy(t + FILES, "\0a.go", 6);
	memcpy(t + PCS, "\0\x02\x08\x10\x08\0\x4a\x10\0", 9);
	put32(t + FUNCS, 0x10);
	put32(t + FUNCS + 4, 32);
	put32(t + FUNCS + 8, 0x40);
	put32(t + FUNCS + 12, 200);
	put32(t + FUNCS + 16, 0x60);
	put32(f, 0x10);
	put32(f + 4, 1);
	put32(f + 16, 1);
	put32(f + 24, 6);
	put32(f + 28, 3);
	put32(f + 32, 1);
	f += 36;
	if (new) {
		put32(f, 33);
		f += 4;
	}
	f[0] = 7;
	f[1] = FUNC_FLAG_ASM;
	f[3] = 4;
	put32(f + 4 + 2 * 4, 0x55);
	put32(f + 4 + 3 * 4 + 3 * 4, 0x66);
}

static void check_table(uint32_t magic, int start_line)
{
	uint8_t *bytes = malloc(SIZE);
	struct pclntab_func f;
	struct pclntab tab;
	int32_t value;

	assert_non_null(bytes);
	make_table(bytes, magic);
	assert_int_equal(pclntab_init(&tab, bytes, SIZE, 0x500000, 1), 0);
	assert_int_equal(tab.nfunc, 2);
	assert_int_equal(pclntab_func(&tab, 0, &f), 0);
	assert_int_equal(f.entry, 0x10);
	assert_int_equal(f.end, 0x40);
	assert_string_equal(pclntab_name(&tab, f.name), "main.a");
	assert_int_equal(f.start_line, start_line);
	assert_int_equal(f.func_id, 7);
	assert_true(f.flag & FUNC_FLAG_ASM);
	assert_int_equal(pclntab_pcdata(&f, PCDATA_INL_TREE_INDEX), 0x55);
	assert_int_equal(pclntab_pcdata(&f, 3), 0);
	assert_int_equal(pclntab_funcdata(&f, FUNCDATA_INL_TREE), 0x66);
	assert_int_equal(pclntab_funcdata(&f, 4), FUNCDATA_NONE);
	assert_string_equal(pclntab_file(&tab, &f, 0), "a.go");
	assert_null(pclntab_file(&tab, &f, -1));
	assert_int_equal(pclntab_value(&tab, &f, f.pcsp, 7, &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(pclntab_value(&tab, &f, f.pcsp, 8, &value), 0);
	assert_int_equal(value, 8);
	assert_int_equal(pclntab_value(&tab, &f, f.pcsp, 16, &value), -ENOENT);
	assert_int_equal(pclntab_value(&tab, &f, 0, 0, &value), -ENOENT);
	assert_int_equal(pclntab_value(&tab, &f, f.pcln, 3, &value), 0);
	assert_int_equal(value, 36);
	assert_int_equal(pclntab_extent(&tab, &f), 16);
	assert_int_equal(pclntab_func(&tab, 1, &f), -EINVAL); /* its record reaches beyond */
	free(bytes);
}

static void test_layouts(void **state)
{
	(void)state;
	check_table(PCLNTAB_GO118, 0);
	check_table(PCLNTAB_GO120, 33);
}

static void test_find(void **state)
{
	uint8_t bytes[SIZE];
	struct pclntab tab;

	(void)state;
	make_table(bytes, PCLNTAB_GO120);
	assert_int_equal(pclntab_init(&tab, bytes, SIZE, 0, 1), 0);
	assert_int_equal(pclntab_find(&tab, 0x0f), -ENOENT);
	assert_int_equal(pclntab_find(&tab, 0x10), 0);
	assert_int_equal(pclntab_find(&tab, 0x3f), 0);
	assert_int_equal(pclntab_find(&tab, 0x40), 1);
	assert_int_equal(pclntab_find(&tab, 0x5f), 1);
	assert_int_equal(pclntab_find(&tab, 0x60), -ENOENT);
}

static void test_bad_headers(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
	} damage[] = {
		{0, PCLNTAB_GO116},
		{0, 0xfffffff2},
		{4, 0},
		{8, 0},
		{8, 40},
		{12, 1},
		{32, 8},
		{32, 0xffffffff},
		{48, SIZE},
		{64, SIZE - 4},
	};
	uint8_t bytes[SIZE];
	struct pclntab tab;

	(void)state;
	for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
		make_table(bytes, PCLNTAB_GO120);
		put32(bytes + damage[i].at, damage[i].value);
		assert_int_equal(pclntab_init(&tab, bytes, SIZE, 0, 1), -EINVAL);
	}
	make_table(bytes, PCLNTAB_GO120);
	assert_int_equal(pclntab_init(&tab, bytes, 71, 0, 1), -EINVAL);
	put32(bytes, PCLNTAB_GO12);
	assert_int_equal(pclntab_magic(bytes, SIZE, 1), PCLNTAB_GO12);
	assert_int_equal(pclntab_magic(bytes, 7, 1), 0);
}

/* Any one byte of the table wrong: every reader stays inside it (the sanitizers watch). */
static void test_damaged_bytes(void **state)
{
	static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};

	(void)state;
	for (size_t at = 0; at < SIZE * sizeof(values); at++) {
		uint8_t *bytes = malloc(SIZE);
		struct pclntab_func f;
		struct pclntab tab;
		int32_t value;

		assert_non_null(bytes);
		make_table(bytes, at % 2 ? PCLNTAB_GO118 : PCLNTAB_GO120);
		bytes[at / sizeof(values)] = values[at % sizeof(values)];
		for (uint32_t i = 0; pclntab_init(&tab, bytes, SIZE, 0, 1) == 0 && i < tab.nfunc;
		     i++) {
			if (pclntab_func(&tab, i, &f))
				continue;
			pclntab_name(&tab, f.name);
			pclntab_file(&tab, &f, 0);
			pclntab_file(&tab, &f, INT32_MAX);
			pclntab_extent(&tab, &f);
			pclntab_value(&tab, &f, f.pcln, 20, &value);
			pclntab_pcdata(&f, 2);
			pclntab_funcdata(&f, 3);
			pclntab_find(&tab, f.entry);
		}
		free(bytes);
	}
}

static void test_symbol_agrees(void **state)
{
	(void)state;
	assert_int_equal(symtab_agree("main.main", "main.main"), 2);
	assert_int_equal(symtab_agree("runtime.gogo.abi0", "runtime.gogo"), 1);
	assert_int_equal(symtab_agree("main.F[go.shape.int_0]", "main.F[...]"), 1);
	assert_int_equal(symtab_agree("main.(*S[go.shape.[]int]).Push", "main.(*S[...]).Push"), 1);
	assert_int_equal(symtab_agree("main.F[int].func1", "main.F[...].func1"), 1);
	assert_int_equal(symtab_agree("main.F[int].func2", "main.F[...].func1"), 0);
	assert_int_equal(symtab_agree("runtime.text", "internal/cpu.init"), 0);
	assert_int_equal(symtab_agree("main.F[int", "main.F[...]"), 0);
	assert_int_equal(symtab_agree("main.mainly", "main.main"), 0);
	assert_int_equal(symtab_agree("main.ma", "main.main"), 0);
	assert_int_equal(symtab_agree("", "main.main"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_first_run_may_be_minus_one),
		cmocka_unit_test(test_runs_end),
		cmocka_unit_test(test_values_wrap),
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_bad_headers),
		cmocka_unit_test(test_damaged_bytes),
		cmocka_unit_test(test_symbol_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
