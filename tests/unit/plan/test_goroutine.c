/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memmem, O_TMPFILE */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "go_program.h"
#include "image/releases.h"
#include "plan/goroutine.h"

static const char main_go[] = "package main\n\nfunc main() { println(1) }\n";

static struct go_program program;

static int remove_all(void **state)
{
	(void)state;
	go_program_remove(&program);
	return 0;
}

static int build_all(void **state)
{
	if (go_program_init(&program, main_go) && go_program_build(&program, "dwarf", "") &&
	    go_program_build(&program, "stripped", "-ldflags='-s -w'"))
		return 0;
	remove_all(state); /* a failed setup has no teardown */
	return -1;
}

static void test_table(void **state)
{
	struct goroutine_layout l = {.tls = 77};

	(void)state;
	assert_int_equal(goroutine_table(GO_OLDEST - 1, &l), -ENOENT);
	assert_int_equal(goroutine_table(GO_NEWEST + 1, &l), -ENOENT);
	assert_int_equal(goroutine_table(0, &l), -ENOENT);
	for (int minor = GO_OLDEST; minor <= GO_NEWEST; minor++) {
		/* 1.23 put syscallbp into g, 1.25 took ret out of gobuf. */
		bool shifted = minor == 23 || minor == 24;

		assert_int_equal(goroutine_table(minor, &l), 0);
		assert_int_equal(l.goid, shifted ? 160 : 152);
		assert_int_equal(l.status, shifted ? 152 : 144);
		assert_int_equal(l.m, 48);
		assert_int_equal(l.curg, minor <= 24 ? 192 : 184);
		assert_int_equal(l.waitreason, shifted ? 184 : 176);
		assert_int_equal(l.bp, minor <= 24 ? 104 : 96);
		assert_int_equal(l.ctxt, 80);
		/* 1.21 put parentGoid into g, 1.26 a word before it. */
		assert_int_equal(l.parent, minor <= 20 ? 0 : shifted || minor >= 26 ? 280 : 272);
		assert_int_equal(l.gopc, minor <= 20 ? 296 : l.parent + 8);
		assert_int_equal(l.startpc, l.gopc + 16);
		assert_int_equal(l.stack_lo, 0);
		assert_int_equal(l.stack_hi, 8);
		assert_int_equal(l.tls, 77);
	}
}

static struct image *open_image(int fd)
{
	struct error err = {0};
	struct image *img = image_open(fd, "FILE", &err);

	if (!img)
		fail_msg("%s", err.text);
	return img;
}

/* The table must say what the debug information of the Go at hand says. */
static void test_dwarf_agrees(void **state)
{
	int fd = go_program_open(&program, "dwarf");
	struct goroutine_layout dwarf, table;
	struct image *img = open_image(fd);
	struct error err = {0};
	struct dwarf *dw = dwarf_open_fd(image_fd(img), "FILE", true, &err);

	(void)state;
	assert_non_null(dw);
	assert_int_equal(goroutine_layout(img, dw, &dwarf, &err), 0);
	assert_true(dwarf.from_dwarf);
	assert_int_equal(goroutine_layout(img, NULL, &table, &err), 0);
	assert_false(table.from_dwarf);
	assert_int_equal(dwarf.goid, table.goid);
	assert_int_equal(dwarf.m, table.m);
	assert_int_equal(dwarf.curg, table.curg);
	assert_int_equal(dwarf.status, table.status);
	assert_int_equal(dwarf.ctxt, table.ctxt);
	assert_int_equal(dwarf.parent, table.parent);
	assert_int_equal(dwarf.gopc, table.gopc);
	assert_int_equal(dwarf.startpc, table.startpc);
	assert_int_equal(dwarf.stack_lo, table.stack_lo);
	assert_int_equal(dwarf.stack_hi, table.stack_hi);
	assert_int_equal(dwarf.tls, -8);
	assert_int_equal(table.tls, -8);
	dwarf_close(dw);
	image_free(img);
	close(fd);
}

/* The stripped program, said to be built with another version of the same length. */
static void layout_of(const char *minor, struct error *err, int *ret)
{
	static const char magic[] = "\xff Go buildinf:";
	int fd = go_program_open(&program, "stripped"),
	    copy = open(program.dir, O_TMPFILE | O_RDWR, 0600);
	off_t size = lseek(fd, 0, SEEK_END);
	char *bytes = malloc((size_t)size), *info;
	struct goroutine_layout layout;
	struct image *img;

	assert_non_null(bytes);
	assert_int_equal(pread(fd, bytes, (size_t)size, 0), size);
	info = memmem(bytes, (size_t)size, magic, sizeof(magic) - 1);
	assert_non_null(info);
	assert_memory_equal(info + 33, "go1.", 4);
	memcpy(info + 37, minor, 2);
	assert_int_equal(pwrite(copy, bytes, (size_t)size, 0), size);
	img = open_image(copy);
	*ret = goroutine_layout(img, NULL, &layout, err);
	image_free(img);
	free(bytes);
	close(fd);
	close(copy);
}

static void test_unknown_version(void **state)
{
	struct error err = {0};
	int ret;

	(void)state;
	layout_of("28", &err, &ret);
	assert_int_equal(ret, -ENOENT);
	assert_non_null(strstr(err.text, "FILE: go1.28"));
	assert_non_null(strstr(err.text, "go1.19 to go1.27"));
	assert_non_null(strstr(err.text, "newer ftrace"));
	layout_of("xy", &err, &ret);
	assert_int_equal(ret, -ENOENT);
	assert_non_null(strstr(err.text, "go1.xy"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_dwarf_agrees),
		cmocka_unit_test(test_unknown_version),
	};

	return cmocka_run_group_tests(tests, build_all, remove_all);
}
