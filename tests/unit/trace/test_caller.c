/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>

#include "trace/caller.h"

/*
 * In the place of the image layer: two functions of 0x100 bytes, and a third without known lines.
 *
 *     0x1000 main.main   0x1100 fmt.Println   0x1200 main.bare
 */
static unsigned int looked_up;

const uint8_t *image_constant(const struct image *img, uint64_t vaddr, size_t len)
{
	(void)img, (void)vaddr, (void)len;
	return NULL;
}

const uint8_t *image_bytes(const struct image *img, uint64_t vaddr, size_t len)
{
	(void)img, (void)vaddr, (void)len;
	return NULL;
}

int image_symbol(const struct image *img, const char *name, uint64_t *vaddr, uint64_t *size)
{
	(void)img, (void)name, (void)vaddr, (void)size;
	return -ENOENT;
}

ssize_t image_find(const struct image *img, uint64_t pc)
{
	(void)img;
	looked_up++;
	return pc >= 0x1000 && pc < 0x1300 ? (ssize_t)(pc - 0x1000) / 0x100 : -ENOENT;
}

int image_func(const struct image *img, size_t index, bool with_position, struct image_func *func)
{
	static const char *const names[] = {"main.main", "fmt.Println", "main.bare"};

	(void)img;
	assert_false(with_position);
	*func = (struct image_func){
		.entry = 0x1000 + 0x100 * index, .size = 0x100, .name = names[index]};
	return 0;
}

int image_position(const struct image *img, uint64_t pc, struct image_pos *pos, int max)
{
	struct image_pos all[] = {
		{.func = "main.inner", .file = "/src/app/sub/inner.go", .line = 7, .inlined = true},
		{.func = "main.main", .file = "/src/app/main.go", .line = (int)(pc - 0x1000)},
	};
	struct image_pos other = {.func = "fmt.Println", .file = "/go/src/fmt/print.go", .line = 9};
	int skip = pc == 0x1050 - 1 ? 0 : 1, n = 0;

	(void)img;
	if (pc >= 0x1200)
		return -ENOENT;
	if (pc >= 0x1100) {
		pos[0] = other;
		return 1;
	}
	for (int i = skip; i < 2 && n < max; i++)
		pos[n++] = all[i];
	return n;
}

static struct plan plan = {.nimages = 2};

static void test_known(void **state)
{
	struct callers *callers = callers_new(&plan);
	const struct caller *caller = callers_find(callers, 0, 0x1010);

	(void)state;
	assert_non_null(caller);
	assert_string_equal(caller->func, "main.main");
	assert_int_equal(caller->offset, 0x10);
	assert_string_equal(caller->file, "/src/app/main.go");
	/* The call's own line: that of the byte before the return address. */
	assert_int_equal(caller->line, 0xf);
	assert_null(caller->inlined);
	callers_free(callers);
}

static void test_inlined(void **state)
{
	struct callers *callers = callers_new(&plan);
	const struct caller *caller = callers_find(callers, 0, 0x1050);

	(void)state;
	assert_string_equal(caller->func, "main.main");
	assert_string_equal(caller->inlined, "main.inner");
	assert_string_equal(caller->file, "/src/app/sub/inner.go");
	assert_int_equal(caller->line, 7);
	callers_free(callers);
}

/* The call is main.main's last instruction: the return address belongs to the next function. */
static void test_last_instruction(void **state)
{
	struct callers *callers = callers_new(&plan);
	const struct caller *caller = callers_find(callers, 0, 0x1100);

	(void)state;
	assert_string_equal(caller->func, "main.main");
	assert_int_equal(caller->offset, 0x100);
	caller = callers_find(callers, 0, 0x1101);
	assert_string_equal(caller->func, "fmt.Println");
	assert_string_equal(caller->file, "/go/src/fmt/print.go");
	callers_free(callers);
}

static void test_without_lines(void **state)
{
	struct callers *callers = callers_new(&plan);
	const struct caller *caller = callers_find(callers, 0, 0x1210);

	(void)state;
	assert_string_equal(caller->func, "main.bare");
	assert_null(caller->file);
	callers_free(callers);
}

static void test_unknown(void **state)
{
	struct callers *callers = callers_new(&plan);

	(void)state;
	looked_up = 0;
	assert_null(callers_find(callers, 0, 0));
	assert_null(callers_find(callers, 2, 0x1010));
	assert_null(callers_find(callers, UINT32_MAX, 0x1010));
	assert_int_equal(looked_up, 0);
	assert_null(callers_find(callers, 0, 0x5000));
	assert_null(callers_find(callers, 0, 0x5000));
	assert_null(callers_find(callers, 0, UINT64_MAX));
	assert_int_equal(looked_up, 2);
	callers_free(callers);
}

static void test_cache(void **state)
{
	struct callers *callers = callers_new(&plan);

	(void)state;
	looked_up = 0;
	callers_find(callers, 0, 0x1010);
	callers_find(callers, 1, 0x1010);
	callers_find(callers, 0, 0x1010);
	assert_int_equal(looked_up, 2);
	/* More addresses than it keeps: emptied, and still right. */
	for (uint64_t pc = 0x10000; pc < 0x10000 + 70000; pc++)
		assert_null(callers_find(callers, 0, pc));
	looked_up = 0;
	assert_string_equal(callers_find(callers, 0, 0x1010)->func, "main.main");
	assert_int_equal(looked_up, 1);
	callers_free(callers);
	callers_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_inlined),
		cmocka_unit_test(test_last_instruction),
		cmocka_unit_test(test_without_lines),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
