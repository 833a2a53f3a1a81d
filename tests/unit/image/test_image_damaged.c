/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memfd_create */
/*
 * What image_open() says of files that are no Go executable, and that no damage to a real one makes
 * a reader leave the file (the sanitizers watch).
 *
 * FTRACE_DAMAGE_ROUNDS sets how many damaged copies are tried, 150 when it is not set.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "go_program.h"
#include "image/image.h"

static const char main_go[] = "package main\n"
			      "\n"
			      "func twice(n int) int { return 2 * n }\n"
			      "\n"
			      "//go:noinline\n"
			      "func outer(n int) int { return twice(n) + twice(n+1) }\n"
			      "\n"
			      "func main() { println(outer(3)) }\n";

struct file {
	uint8_t *bytes;
	size_t size;
};

static struct go_program program;
static struct file plain, stripped_pie;

static bool read_file(struct file *file, const char *name)
{
	int fd = go_program_open(&program, name);
	off_t size = lseek(fd, 0, SEEK_END);

	file->bytes = size > 0 ? malloc((size_t)size) : NULL;
	file->size = (size_t)size;
	if (!file->bytes || pread(fd, file->bytes, file->size, 0) != size)
		return false;
	close(fd);
	return true;
}

static int remove_all(void **state)
{
	(void)state;
	free(plain.bytes);
	free(stripped_pie.bytes);
	go_program_remove(&program);
	return 0;
}

static int build_all(void **state)
{
	if (go_program_init(&program, main_go) && go_program_build(&program, "plain", "") &&
	    go_program_build(&program, "pie", "-buildmode=pie -ldflags='-s -w'") &&
	    read_file(&plain, "plain") && read_file(&stripped_pie, "pie"))
		return 0;
	remove_all(state); /* a failed setup has no teardown */
	return -1;
}

static int memory_file(const uint8_t *bytes, size_t size)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, size, 0), size);
	return fd;
}

/* The bytes must be refused with this code and a text that holds `words`. */
static void refused(const uint8_t *bytes, size_t size, int code, const char *words)
{
	int fd = memory_file(bytes, size);
	struct error err = {0};
	struct image *img = image_open(fd, "FILE", &err);

	close(fd);
	assert_null(img);
	if (err.code != code || !strstr(err.text, words) || strncmp(err.text, "FILE: ", 6) != 0 ||
	    !strstr(err.text, "; "))
		fail_msg("code %d, \"%s\" instead of \"%s\"", err.code, err.text, words);
}

static void test_not_elf(void **state)
{
	uint8_t text[200] = "#!/bin/sh\n";

	(void)state;
	refused(text, 0, -ENOEXEC, "not an ELF file");
	refused(text, 10, -ENOEXEC, "not an ELF file");
	refused(text, sizeof(text), -ENOEXEC, "not an ELF file");
}

static void test_other_elf(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		const char *words;
	} rows[] = {
		{EI_CLASS, ELFCLASS32, "32-bit"},
		{EI_CLASS, 9, "damaged"},
		{EI_DATA, ELFDATA2MSB, "another architecture"},
		{18, EM_AARCH64, "arm64"},
		{18, EM_RISCV, "riscv64"},
		{18, 77, "another architecture"},
		{16, ET_REL, "object file"},
		{16, ET_CORE, "core dump"},
		{54, 1, "damaged"},         /* e_phentsize */
		{39, 1, "program headers"}, /* e_phoff beyond the file */
		{47, 1, "section headers"}, /* e_shoff beyond the file */
		{57, 2, "program headers"}, /* e_phnum */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t old = plain.bytes[rows[i].at];

		plain.bytes[rows[i].at] = rows[i].value;
		refused(plain.bytes, plain.size, -ENOEXEC, rows[i].words);
		plain.bytes[rows[i].at] = old;
	}
}

static void test_truncated(void **state)
{
	(void)state;
	refused(plain.bytes, 17, -ENOEXEC, "cut short");
	refused(plain.bytes, 63, -ENOEXEC, "cut short");
	refused(plain.bytes, 64, -ENOEXEC, "cut short");
	refused(plain.bytes, 4096, -ENOEXEC, "cut short");
	refused(plain.bytes, plain.size / 2, -ENOEXEC, "cut short");
}

static int count_inline(const struct image_inline *in, void *arg)
{
	*(size_t *)arg += strlen(in->func) + strlen(in->file);
	return 0;
}

static void use_func(const struct image *img, size_t index, size_t *sum)
{
	struct image_pos pos[8];
	struct image_func f;
	const uint8_t *code;
	uint64_t offset;

	if (image_func(img, index, index % 8 == 0, &f)) {
		*sum += strlen(f.name);
		return;
	}
	*sum += strlen(f.name) + strlen(f.file);
	assert_true(f.size > 0 && f.entry >= image_info(img)->text &&
		    f.entry + f.size <= image_info(img)->etext);
	code = image_code(img, f.entry, f.size);
	assert_non_null(code);
	assert_int_equal(image_offset(img, f.entry, &offset), 0);
	if (index % 8 != 0)
		return;
	for (uint64_t at = 0; at < f.size && at < 64;) {
		struct insn insn;
		int n = image_info(img)->arch->decode(code + at, f.size - at, f.entry + at, &insn);

		*sum += (size_t)image_sp_delta(img, index, f.entry + at);
		for (int i = image_position(img, f.entry + at, pos, 8); i > 0; i--)
			*sum += strlen(pos[i - 1].func) + strlen(pos[i - 1].file);
		if (n < 0)
			break;
		at += (uint64_t)n;
	}
}

static void use_image(const struct image *img)
{
	uint64_t vaddr, size;
	size_t sum = 0;
	int64_t offset;

	for (size_t i = 0; i < image_func_count(img); i++)
		use_func(img, i, &sum);
	image_each_inline(img, count_inline, &sum);
	image_tls_offset(img, &offset, NULL);
	image_symbol(img, "runtime.mainPC", &vaddr, &size);
	image_variable(img, image_info(img)->text + sum % 0x1000000, &vaddr);
	image_find(img, image_info(img)->text + sum % 0x10000);
}

/* Without section headers everything is found by scanning. A thread-local segment needs
 * no bytes in the file, so where it says they are does not matter. */
static void test_no_sections(void **state)
{
	uint8_t *copy = malloc(plain.size), *ph = copy + 64;
	uint64_t far = 1ull << 63;
	struct error err = {0};
	struct image *img;
	int fd;

	(void)state;
	assert_non_null(copy);
	memcpy(copy, plain.bytes, plain.size);
	memset(copy + 40, 0, 8); /* e_shoff */
	memset(copy + 60, 0, 4); /* e_shnum, e_shstrndx */
	while (ph[0] == PT_LOAD)
		ph += 56;
	ph[0] = PT_TLS;
	memcpy(ph + 8, &far, sizeof(far));
	fd = memory_file(copy, plain.size);
	free(copy);
	img = image_open(fd, "FILE", &err);
	close(fd);
	if (!img)
		fail_msg("%s", err.text);
	assert_true(image_info(img)->go_minor >= 19);
	assert_true(image_info(img)->stripped);
	use_image(img);
	image_free(img);
}

static void test_not_go(void **state)
{
	struct error err = {0};
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_null(image_open(fd, "FILE", &err));
	assert_int_equal(err.code, -ENOPKG);
	assert_non_null(strstr(err.text, "not a Go program"));
	close(fd);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_null(image_open(fd, "FILE", &err));
	assert_int_equal(err.code, -ENOEXEC);
	close(fd);
	assert_null(image_open(-1, "FILE", &err));
	assert_int_equal(err.code, -EIO);
}

static uint8_t *find(const struct file *f, const void *what, size_t len)
{
	for (size_t i = 0; i + len <= f->size; i++)
		if (memcmp(f->bytes + i, what, len) == 0)
			return f->bytes + i;
	fail_msg("not in the file");
	return NULL;
}

static void test_old_go(void **state)
{
	static const uint8_t header[] = {0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8};
	uint8_t *magic = find(&plain, header, sizeof(header));
	uint8_t *info = find(&plain, "\xff Go buildinf:\x08\x02", 16) + 32;
	char version[32] = {0};
	uint8_t len = info[0];

	(void)state;
	assert_true(len >= 6 && len < sizeof(version));
	memcpy(version, info + 1, len);
	memcpy(info + 1, "go1.18", 6);
	memset(info + 7, '.', len - 6u);
	refused(plain.bytes, plain.size, -ENOPKG, "built with go1.18");
	memcpy(info + 1, "xx1.18", 6);
	magic[0] = 0xfa;
	refused(plain.bytes, plain.size, -ENOPKG, "go1.16 or go1.17");
	magic[0] = 0xfb;
	refused(plain.bytes, plain.size, -ENOPKG, "go1.15 or older");
	memcpy(info + 1, version, len);
	magic[0] = 0x11;
	refused(plain.bytes, plain.size, -ENOPKG, "is missing");
	magic[0] = 0xf1;
	magic[8] ^= 0xff; /* nfunc */
	refused(plain.bytes, plain.size, -ENOPKG, "damaged");
	magic[8] ^= 0xff;
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Where one wrong byte matters most: the headers, and the first bytes of each table. */
static size_t pick(const struct file *f, uint64_t *seed)
{
	static const uint8_t pclntab[] = {0xff, 0xff, 0xff, 0, 0, 1, 8};
	static size_t tables[2];
	size_t *table = &tables[f == &plain];
	uint64_t shoff;

	if (!*table)
		*table = (size_t)(find(f, pclntab, sizeof(pclntab)) - f->bytes) - 1;
	memcpy(&shoff, f->bytes + 40, 8);
	switch (next_random(seed) % 6) {
	case 0:
		return next_random(seed) % 64;
	case 1:
		return 64 + next_random(seed) % (56 * 12);
	case 2:
		return shoff + next_random(seed) % (f->size - shoff);
	case 3:
		return *table + next_random(seed) % 72;
	case 4:
		return *table + next_random(seed) % (f->size / 2 - *table / 2);
	default:
		return next_random(seed) % f->size;
	}
}

static void damage(struct file *f, uint64_t seed)
{
	static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	size_t at[8];
	uint8_t old[8];
	struct image *img;
	int fd, n = 1 + (int)(seed % 8);

	for (int i = 0; i < n; i++) /* all before the first change: pick() reads the headers */
		at[i] = pick(f, &seed);
	for (int i = 0; i < n; i++) {
		uint64_t how = next_random(&seed);

		old[i] = f->bytes[at[i]];
		f->bytes[at[i]] = how % 3 ? values[how / 3 % 5] : (uint8_t)(how >> 8);
	}
	fd = memory_file(f->bytes, f->size);
	img = image_open(fd, "FILE", NULL);
	close(fd);
	if (img)
		use_image(img);
	image_free(img);
	for (int i = n - 1; i >= 0; i--)
		f->bytes[at[i]] = old[i];
}

static void test_damaged(void **state)
{
	const char *rounds = getenv("FTRACE_DAMAGE_ROUNDS");
	uint64_t count = rounds ? strtoull(rounds, NULL, 10) : 150;

	(void)state;
	for (uint64_t i = 0; i < count; i++)
		damage(i % 2 ? &plain : &stripped_pie, (i + 1) * 0x9e3779b97f4a7c15u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_elf),   cmocka_unit_test(test_other_elf),
		cmocka_unit_test(test_truncated), cmocka_unit_test(test_not_go),
		cmocka_unit_test(test_old_go),    cmocka_unit_test(test_no_sections),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, build_all, remove_all);
}
