/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * altered: a file of NOPs is mapped as code, and changed in each way; the process looks at itself.
 */
#define _GNU_SOURCE /* memfd_create */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/altered.h"

#define NOP  0x90
#define SIZE (16 * 4096)

static int file = -1;
static uint8_t *code;
static struct altered_list list;

static int map_code(void **state)
{
	static uint8_t nops[SIZE];

	(void)state;
	memset(nops, NOP, sizeof(nops));
	file = memfd_create("altered", MFD_CLOEXEC);
	if (file < 0 || write(file, nops, SIZE) != SIZE)
		return -1;
	code = mmap(NULL, SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
	return code == MAP_FAILED ? -1 : 0;
}

static int unmap_code(void **state)
{
	(void)state;
	munmap(code, SIZE);
	close(file);
	altered_release(&list);
	return 0;
}

/* As the kernel writes for a uprobe: without leave of the mapping. */
static void poke(size_t at, const void *bytes, size_t len)
{
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	assert_true(mem >= 0);
	assert_int_equal(pwrite(mem, bytes, len, (off_t)(uintptr_t)(code + at)), len);
	close(mem);
}

static int find_ours(void *arg, const struct altered_map *map)
{
	if (map->start > (uintptr_t)code || map->end <= (uintptr_t)code)
		return 0;
	*(struct altered_map *)arg = *map;
	return 1;
}

static struct altered_map look(void)
{
	struct altered_map map;

	assert_int_equal(altered_each_map(getpid(), find_ours, &map), 1);
	list.nitems = 0;
	assert_int_equal(altered_find(getpid(), &map, file, &list), 0);
	return map;
}

static size_t breakpoints(void)
{
	size_t count = 0;

	for (size_t i = 0; i < list.nitems; i++)
		count += list.items[i].breakpoint;
	return count;
}

static void test_untouched(void **state)
{
	struct altered_map map;
	volatile uint8_t byte;

	(void)state;
	byte = code[5000]; /* the file's own page is there */
	(void)byte;
	map = look();
	assert_int_equal(list.nitems, 0);
	assert_false(altered_has_pages(getpid(), &map));
	assert_false(map.writable);
}

static void test_breakpoints(void **state)
{
	struct altered_map map;

	(void)state;
	poke(100, "\xcc", 1);
	poke(4095, "\xcc", 1);
	poke(4096, "\xcc", 1); /* two in a row, over the end of a page */
	poke(9000, "\xcc", 1);
	map = look();
	assert_true(altered_has_pages(getpid(), &map));
	assert_int_equal(list.nitems, 4);
	assert_int_equal(breakpoints(), 4);
	assert_int_equal(list.items[0].offset, 100);
	assert_int_equal(list.items[3].offset, 9000);
	assert_false(altered_by_itself(getpid(), &map));
}

static void test_patches(void **state)
{
	(void)state;
	poke(100, "\x48\xba\xcc\x01\x02\xcc\x90\xcc\xff\x22", 10);
	poke(125, "\xcc", 1); /* near it */
	poke(126, "\xcc", 1); /* not near any more */
	poke(95, "\xcc", 1);  /* near, before it */
	poke(60, "\xcc", 1);
	poke(300, "\xcc\xcc\xcc\xcc\xcc", 5);
	poke(400, "\xcc\xcc\xcc\xcc", 4);
	look();
	for (size_t i = 0; i < list.nitems; i++) {
		uint64_t at = list.items[i].offset;

		assert_int_equal(list.items[i].breakpoint, at == 60 || at == 126 || at >= 400);
	}
	assert_int_equal(breakpoints(), 6);
}

/* The page was written by the program itself, at some time. */
static void test_by_itself(void **state)
{
	struct altered_map map;

	(void)state;
	assert_int_equal(mprotect(code + 8192, 4096, PROT_READ | PROT_WRITE | PROT_EXEC), 0);
	code[8192] = 0xcc;
	assert_int_equal(mprotect(code + 8192, 4096, PROT_READ | PROT_EXEC), 0);
	code += 8192;
	map = look();
	code -= 8192;
	assert_int_equal(breakpoints(), 1);
	assert_int_equal(list.items[0].offset, 8192);
	assert_true(altered_by_itself(getpid(), &map));
	map = look();
	assert_int_equal(list.nitems, 0);
	assert_false(altered_by_itself(getpid(), &map));
}

static void test_writable(void **state)
{
	struct altered_map map;

	(void)state;
	assert_int_equal(mprotect(code, SIZE, PROT_READ | PROT_WRITE | PROT_EXEC), 0);
	map = look();
	assert_true(map.writable);
	assert_true(altered_by_itself(getpid(), &map));
}

/* What the file has lost is not compared. */
static void test_cut_short(void **state)
{
	(void)state;
	poke(100, "\xcc", 1);
	poke(9000, "\xcc", 1);
	assert_int_equal(ftruncate(file, 8192), 0);
	look();
	assert_int_equal(list.nitems, 1);
}

static void test_gone(void **state)
{
	struct altered_map map = look();

	(void)state;
	assert_int_equal(altered_each_map(0x3fffff, find_ours, &map), -ESRCH);
	assert_int_equal(altered_find(0x3fffff, &map, file, &list), -ESRCH);
	assert_false(altered_has_pages(0x3fffff, &map));
	assert_true(altered_by_itself(0x3fffff, &map));
	assert_true(altered_tracer(0x3fffff) < 0);
	assert_int_equal(altered_tracer(getpid()), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_untouched, map_code, unmap_code),
		cmocka_unit_test_setup_teardown(test_breakpoints, map_code, unmap_code),
		cmocka_unit_test_setup_teardown(test_patches, map_code, unmap_code),
		cmocka_unit_test_setup_teardown(test_by_itself, map_code, unmap_code),
		cmocka_unit_test_setup_teardown(test_writable, map_code, unmap_code),
		cmocka_unit_test_setup_teardown(test_cut_short, map_code, unmap_code),
		cmocka_unit_test_setup_teardown(test_gone, map_code, unmap_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
