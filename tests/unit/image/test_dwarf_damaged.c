/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug information damaged in many ways, the same in every run: whatever is read from it must be
 * sound or an error.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "image/gotype.h"
#include "shapes.h"

/* Looks at a type and, some steps deep, at all that it refers to. */
static void look_at_type(const struct gotype *type, int depth)
{
	uint64_t end = 0;

	if (!type || depth == 4)
		return;
	assert_true(type->kind < GOTYPE_KINDS);
	assert_true(strlen(type->name) < target.size);
	for (size_t i = 0; i < type->nfields && i < 100; i++) {
		assert_true(type->fields[i].offset >= end);
		end = type->fields[i].offset + type->fields[i].type->size;
		assert_true(end <= type->size);
		assert_true(strlen(type->fields[i].name) < target.size);
		look_at_type(type->fields[i].type, depth + 1);
	}
	look_at_type(gotype_elem(type), depth + 1);
	look_at_type(gotype_key(type), depth + 1);
}

static void look_at_function(const char *name, uint64_t address, void *arg)
{
	struct dwarf_signature sig;
	unsigned int *count = arg;

	if (strncmp(name, "main.", 5) && ++*count % 16)
		return;
	if (dwarf_function(dw, address, true, &sig))
		return;
	assert_true(strlen(sig.name) < target.size);
	for (size_t i = 0; i < sig.nparams; i++)
		look_at_type(sig.params[i].type, 0);
	for (size_t i = 0; i < sig.nresults; i++)
		look_at_type(sig.results[i].type, 0);
	for (size_t i = 0; i < sig.ncaptures; i++)
		look_at_type(sig.captures[i].type, 0);
}

static void look_at_all(int fd)
{
	struct error err = {0};
	unsigned int count = 0;
	uint64_t offset;

	dw = dwarf_open_fd(fd, "damaged", true, &err);
	if (!dw) {
		assert_true(err.code < 0);
		return;
	}
	dwarf_member(dw, "runtime.g", "goid", &offset);
	look_at_type(dwarf_type(dw, "main.student"), 0);
	look_at_type(dwarf_type(dw, "map[string]int"), 0);
	gotarget_each(&target, look_at_function, &count);
	dwarf_close(dw);
	dw = NULL;
}

/* The same sequence in every run. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static int copy_of_target(void)
{
	int fd = memfd_create("damaged", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, target.file, target.size, 0), target.size);
	return fd;
}

/* Damages a few bytes at a time, in one section after the other. Low offsets are preferred: one
 * abbreviation or unit header changes the meaning of much. */
static void damage_sections(const struct build *build, int rounds)
{
	static const char *const names[] = {".debug_abbrev",   ".debug_info", ".debug_addr",
					    ".debug_loclists", ".debug_loc",  ".debug_rnglists",
					    ".debug_ranges"};
	uint32_t seed = 20211;
	int fd;

	open_build(build);
	dwarf_close(dw);
	fd = copy_of_target();
	for (int round = 0; round < rounds; round++) {
		unsigned int which = round % 4 < 2 ? round % 2u : next_random(&seed) % 7;
		const Elf64_Shdr *section = gotarget_section(&target, names[which]);
		uint64_t start, span;

		if (!section || !section->sh_size)
			continue;
		start = section->sh_offset;
		span = round % 3 ? section->sh_size : section->sh_size / 64 + 1;
		for (int i = round % 8; i >= 0; i--) {
			uint8_t byte = next_random(&seed) >> 8;

			assert_int_equal(pwrite(fd, &byte, 1, start + next_random(&seed) % span),
					 1);
		}
		look_at_all(fd);
		assert_int_equal(pwrite(fd, target.file + start, section->sh_size, start),
				 section->sh_size);
	}
	look_at_all(fd);
	close(fd);
}

static void test_damaged(void **state)
{
	damage_sections(*state, 160);
}

static void test_truncated(void **state)
{
	static const struct build build = {"", "", 99};
	int fd;

	(void)state;
	open_build(&build);
	dwarf_close(dw);
	fd = copy_of_target();
	for (size_t size = target.size; size > 64; size -= size / 8 + 1) {
		assert_int_equal(ftruncate(fd, size), 0);
		look_at_all(fd);
	}
	close(fd);
}

#define PLAIN "-ldflags=-compressdwarf=false"

static struct build dwarf5 = {"", PLAIN, 99};
static struct build dwarf4 = {"22.12", PLAIN, 22};

int main(void)
{
	const struct CMUnitTest tests[] = {
		{"DWARF 5", test_damaged, NULL, teardown, &dwarf5},
		{"DWARF 4", test_damaged, NULL, teardown, &dwarf4},
		cmocka_unit_test_teardown(test_truncated, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
