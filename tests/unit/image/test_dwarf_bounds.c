/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <elf.h>

#include <cmocka.h>

#include "image/dwarf_bounds.h"

#define MB (1ull << 20)

/* A section of `size` bytes that says it is `told` bytes unpacked; in the old way with `zdebug`. */
static bool takes(struct dwarf_bounds *bounds, bool zdebug, uint64_t size, uint64_t told)
{
	Elf64_Chdr header = {.ch_type = ELFCOMPRESS_ZLIB, .ch_size = told, .ch_addralign = 1};
	uint8_t old[12] = "ZLIB";

	for (int i = 0; i < 8; i++)
		old[11 - i] = (uint8_t)(told >> 8 * i);
	if (zdebug)
		return dwarf_bounds_section(bounds, ".zdebug_info", 0, old, size);
	return dwarf_bounds_section(bounds, ".debug_info", SHF_COMPRESSED, (uint8_t *)&header,
				    size);
}

static void test_packed(void **state)
{
	(void)state;
	for (int zdebug = 0; zdebug < 2; zdebug++) {
		struct dwarf_bounds bounds = {0};

		assert_true(takes(&bounds, zdebug, MB, 3 * MB));
		assert_int_equal(bounds.sections, 4 * MB);
		assert_true(takes(&bounds, zdebug, MB / 8, 24 * MB));
		/* More than two hundred times. */
		assert_false(takes(&bounds, zdebug, MB / 8, 26 * MB));
		assert_false(takes(&bounds, zdebug, MB, UINT64_MAX));
		/* In all. */
		assert_true(takes(&bounds, zdebug, 8 * MB, 200 * MB));
		assert_false(takes(&bounds, zdebug, 8 * MB, 60 * MB));
		/* No room for what says so. */
		assert_false(takes(&bounds, zdebug, 11, 11));
	}
}

static void test_plain(void **state)
{
	struct dwarf_bounds bounds = {0};

	(void)state;
	assert_true(dwarf_bounds_section(&bounds, ".debug_info", 0, NULL, 250 * MB));
	assert_int_equal(bounds.sections, 250 * MB);
	assert_false(dwarf_bounds_section(&bounds, ".debug_str", 0, NULL, 7 * MB));
	assert_true(dwarf_bounds_section(&bounds, ".debug_str", 0, NULL, 5 * MB));
}

static void test_take(void **state)
{
	uint64_t left = 10;

	(void)state;
	assert_true(dwarf_bounds_take(&left, 4));
	assert_true(dwarf_bounds_take(&left, 6));
	assert_false(dwarf_bounds_take(&left, 1));
	left = 10;
	assert_false(dwarf_bounds_take(&left, 11));
	/* Once it was too much there is nothing left. */
	assert_false(dwarf_bounds_take(&left, 1));
}

static void test_abbrev_length(void **state)
{
	/* code, tag, children, pairs, 0 0; the second with an implicit constant, the third with a code of two
	 * bytes; 0 at the end. */
	static const uint8_t table[] = {
		1,    0x11, 1, 0x03, 0x08, 0,    0,    /* */
		2,    0x24, 0, 0x0b, 0x21, 0x7f, 0, 0, /* */
		0x81, 0x01, 5, 0,    0,    0,          /* */
		0,    9,
	};

	(void)state;
	assert_int_equal(dwarf_abbrev_length(table, sizeof(table), 0), sizeof(table) - 1);
	assert_int_equal(dwarf_abbrev_length(table, sizeof(table), 7), sizeof(table) - 8);
	assert_int_equal(dwarf_abbrev_length(table, sizeof(table), sizeof(table) - 2), 1);
	assert_int_equal(dwarf_abbrev_length(table, sizeof(table), sizeof(table)), 0);
	assert_int_equal(dwarf_abbrev_length(table, sizeof(table), UINT64_MAX), 0);
	/* Cut short anywhere, it ends with the section. */
	for (size_t size = 0; size < sizeof(table) - 1; size++)
		assert_int_equal(dwarf_abbrev_length(table, size, 0), size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packed),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_abbrev_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
