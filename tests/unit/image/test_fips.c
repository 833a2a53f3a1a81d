/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The range of the FIPS 140 module, found in each kind of executable: what lies in it are the functions of
 * its packages, all of them, and the linker's two markers.
 */
#define _GNU_SOURCE /* memfd_create */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/mman.h>

#include "../gotarget.h"
#include "image/image.h"

#define SOURCE "tests/live/programs/fips"

/* A compiler that has the module, which came with Go 1.24. */
static const char *recent;

/* Assembly's own functions have no package in their names; wrappers, and what is linked in under one of the
 * module's names, have another file. */
static bool belongs(const struct image_func *func)
{
	static const char module[] = "crypto/internal/fips140";
	size_t len = sizeof(module) - 1;

	return (!strncmp(func->name, module, len) && strchr("./", func->name[len])) ||
	       strstr(func->file, "crypto/internal/fips140/");
}

static void check_fd(int fd)
{
	struct error err;
	struct image *img = image_open(fd, "fips", &err);
	const struct image_info *info;
	size_t inside = 0;

	if (!img)
		fail_msg("%s", err.text);
	info = image_info(img);
	assert_true(info->fips && info->fips < info->efips);
	for (size_t i = 0; i < image_func_count(img); i++) {
		struct image_func func;

		if (image_func(img, i, true, &func) || !strncmp(func.name, "go:", 3))
			continue;
		if ((func.entry >= info->fips && func.entry < info->efips) != belongs(&func))
			fail_msg("%s at %#lx", func.name, (unsigned long)func.entry);
		inside += belongs(&func);
	}
	assert_true(inside > 50);
	image_free(img);
}

static void check(const char *release, const char *flags)
{
	struct gotarget target;

	gotarget_build(&target, SOURCE, release, flags);
	check_fd(target.fd);
	gotarget_release(&target);
}

static void test_plain(void **state)
{
	(void)state;
	check(recent, "");
}

static void test_stripped_pie(void **state)
{
	(void)state;
	check(recent, "-buildmode=pie '-ldflags=-s -w'");
}

static void test_external(void **state)
{
	(void)state;
	check(recent, "-ldflags=-linkmode=external");
}

static void test_external_pie(void **state)
{
	(void)state;
	check(recent, "-buildmode=pie '-ldflags=-s -w -linkmode=external'");
}

static void test_go124(void **state)
{
	(void)state;
	check("24.0", "'-ldflags=-s -w'");
}

static void test_go125(void **state)
{
	(void)state;
	check("25.0", "-buildmode=pie");
}

static void test_go127(void **state)
{
	(void)state;
	check("27.0", "'-ldflags=-s -w'");
}

/* The same bytes, changed. */
static int copy_of(const struct gotarget *target, void (*change)(uint8_t *file, size_t size))
{
	int fd = memfd_create("fips", MFD_CLOEXEC);
	uint8_t *copy = malloc(target->size);

	assert_true(fd >= 0 && copy);
	memcpy(copy, target->file, target->size);
	change(copy, target->size);
	assert_int_equal(write(fd, copy, target->size), target->size);
	free(copy);
	return fd;
}

static void drop_sections(uint8_t *file, size_t size)
{
	Elf64_Ehdr *elf = (Elf64_Ehdr *)file;

	(void)size;
	elf->e_shoff = 0;
	elf->e_shnum = elf->e_shstrndx = 0;
}

/* Without section headers it is found by its magic, of which a copy stands elsewhere. */
static void test_no_sections(void **state)
{
	struct gotarget target;
	int fd;

	(void)state;
	gotarget_build(&target, SOURCE, recent, "");
	fd = copy_of(&target, drop_sections);
	check_fd(fd);
	close(fd);
	gotarget_release(&target);
}

static void drop_magic(uint8_t *file, size_t size)
{
	for (size_t i = 0; i + 16 <= size; i++)
		if (!memcmp(file + i, "\xff Go fipsinfo \xff", 16))
			file[i] = 0;
}

static void check_without_magic(const char *flags)
{
	struct gotarget target;
	int fd;

	gotarget_build(&target, SOURCE, recent, flags);
	fd = copy_of(&target, drop_magic);
	check_fd(fd);
	close(fd);
	gotarget_release(&target);
}

/* The symbols tell it too. */
static void test_symbols(void **state)
{
	(void)state;
	check_without_magic("");
}

/* And the names of the functions do. */
static void test_names(void **state)
{
	(void)state;
	check_without_magic("'-ldflags=-s -w'");
}

/* A range outside the code is none: the names tell. */
static void move_range(uint8_t *file, size_t size)
{
	for (size_t i = 0; i + 72 <= size; i++)
		if (!memcmp(file + i, "\xff Go fipsinfo \xff", 16))
			memset(file + i + 64, 0x7f, 8);
	(void)size;
}

static void test_damaged(void **state)
{
	struct gotarget target;
	int fd;

	(void)state;
	gotarget_build(&target, SOURCE, recent, "'-ldflags=-s -w'");
	fd = copy_of(&target, move_range);
	check_fd(fd);
	close(fd);
	gotarget_release(&target);
}

static int choose(void **state)
{
	(void)state;
	recent = gotarget_from(24, "25.0");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),    cmocka_unit_test(test_stripped_pie),
		cmocka_unit_test(test_external), cmocka_unit_test(test_external_pie),
		cmocka_unit_test(test_go124),    cmocka_unit_test(test_go125),
		cmocka_unit_test(test_go127),    cmocka_unit_test(test_no_sections),
		cmocka_unit_test(test_symbols),  cmocka_unit_test(test_names),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, choose, NULL);
}
