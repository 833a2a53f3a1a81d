/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tells at a glance that a file is no Go program; where there is nothing to tell by, it may be one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <elf.h>

#include "go_program.h"
#include "image/go_marks.h"

static struct go_program gp;

static int begin(void **state)
{
	(void)state;
	return !go_program_init(&gp, "package main\n\nfunc main() {}\n");
}

static int end(void **state)
{
	(void)state;
	go_program_remove(&gp);
	return 0;
}

static bool any(const char *path)
{
	int fd = open(path, O_RDONLY);
	bool is = go_marks_any(fd);

	assert_true(fd >= 0);
	close(fd);
	return is;
}

static bool builds(const char *name, const char *args)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", gp.dir, name);
	assert_true(go_program_build(&gp, name, args));
	return any(path);
}

static void test_go(void **state)
{
	(void)state;
	assert_true(builds("plain", ""));
	assert_true(builds("stripped", "-ldflags='-s -w'"));
	assert_true(builds("pie", "-buildmode=pie"));
}

static void test_without_sections(void **state)
{
	Elf64_Ehdr head;
	char path[128];
	int fd;

	(void)state;
	assert_true(builds("bare", ""));
	snprintf(path, sizeof(path), "%s/bare", gp.dir);
	fd = open(path, O_RDWR);
	assert_int_equal(pread(fd, &head, sizeof(head), 0), sizeof(head));
	head.e_shoff = 0;
	head.e_shnum = head.e_shstrndx = 0;
	assert_int_equal(pwrite(fd, &head, sizeof(head), 0), sizeof(head));
	close(fd);
	assert_true(any(path));
}

static void test_others(void **state)
{
	(void)state;
	assert_false(any("/proc/self/exe"));
	assert_false(any("/proc/self/cmdline"));
	assert_false(any(gp.dir));
	assert_false(go_marks_any(-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_go),
		cmocka_unit_test(test_without_sections),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
