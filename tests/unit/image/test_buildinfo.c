/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "image/buildinfo.h"

static void test_minor(void **state)
{
	static const struct {
		const char *version;
		int minor;
	} rows[] = {
		{"go1.26.8", 26},
		{"go1.19", 19},
		{"go1.26.8-custom", 26},
		{"go1.27rc1", 27},
		{"go1.28beta2", 28},
		{"devel go1.28-abcdef Mon Jan 2", 28},
		{"go1.26.8 X:nocoverageredesign", 26},
		{"go1.26.8-X:nodwarf5", 26},
		{"go1.102.3", 102},
		{"devel +abcdef", 0},
		{"go2.1", 0},
		{"xgo1.26", 0},
		{"go1.", 0},
		{"go1.99999", 0},
		{"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (buildinfo_minor(rows[i].version) != rows[i].minor)
			fail_msg("%s: %d", rows[i].version, buildinfo_minor(rows[i].version));
}

#define VADDR 0x500000u

/* An image of one writable segment that holds these bytes, found by scanning. */
static int read_bytes(const uint8_t *bytes, size_t size, struct buildinfo *info)
{
	struct elf_segment seg = {.vaddr = VADDR,
				  .memsz = size,
				  .filesz = size,
				  .type = PT_LOAD,
				  .flags = PF_R | PF_W};
	struct elf_file elf = {
		.content = {.data = (uint8_t *)(uintptr_t)bytes, .size = size, .fd = -1},
		.segments = &seg,
		.nsegments = 1,
	};

	return buildinfo_read(info, &elf);
}

static size_t make_blob(uint8_t *out, const char *version, const char *lines)
{
	static const char frame[16] = "0123456789abcde";
	size_t n = 16, vlen = strlen(version), llen = strlen(lines) + 32;

	memset(out, 0, 16); /* the blob stands on the second 16-byte boundary */
	memcpy(out + n, "\xff Go buildinf:\x08\x02", 16);
	memset(out + n + 16, 0, 16);
	n += 32;
	out[n++] = (uint8_t)vlen;
	memcpy(out + n, version, vlen);
	n += vlen;
	out[n++] = (uint8_t)(0x80 | (llen & 0x7f));
	out[n++] = (uint8_t)(llen >> 7);
	memcpy(out + n, frame, 16);
	memcpy(out + n + 16, lines, llen - 32);
	memcpy(out + n + llen - 16, frame, 16);
	return n + llen;
}

static void test_blob(void **state)
{
	struct buildinfo info;
	uint8_t bytes[512];
	size_t n;

	(void)state;
	n = make_blob(
		bytes, "go1.26.8",
		"path\texample.com/app/cmd/x\nmod\texample.com/app\t(devel)\t\ndep\tmod.x\tv1\n");
	assert_int_equal(read_bytes(bytes, n, &info), 0);
	assert_string_equal(info.version, "go1.26.8");
	assert_string_equal(info.path, "example.com/app/cmd/x");
	assert_string_equal(info.module, "example.com/app");
	buildinfo_release(&info);

	n = make_blob(bytes, "go1.20", "path\tcommand-line-arguments\n");
	assert_int_equal(read_bytes(bytes, n, &info), 0);
	assert_string_equal(info.path, "command-line-arguments");
	assert_string_equal(info.module, "");
	buildinfo_release(&info);

	assert_int_equal(read_bytes(bytes, 40, &info), -ENOENT);
	assert_string_equal(info.version, "");
	buildinfo_release(&info);
}

/* Before 1.18 the header points to the strings; the version serves the message that refuses it. */
static void test_pointer_blob(void **state)
{
	uint8_t bytes[96] = "\xff Go buildinf:\x08";
	struct buildinfo info;
	uint64_t words[] = {VADDR + 32, 0}, header[] = {VADDR + 64, 6};

	(void)state;
	memcpy(bytes + 16, words, 16);
	memcpy(bytes + 32, header, 16);
	memcpy(bytes + 64, "go1.17", 6);
	assert_int_equal(read_bytes(bytes, sizeof(bytes), &info), 0);
	assert_string_equal(info.version, "go1.17");
	buildinfo_release(&info);
	header[1] = UINT64_MAX;
	memcpy(bytes + 32, header, 16);
	assert_int_equal(read_bytes(bytes, sizeof(bytes), &info), -ENOENT);
	buildinfo_release(&info);
}

/* Every byte wrong and every length cut: the sanitizers watch. */
static void test_damaged(void **state)
{
	static const uint8_t values[] = {0x00, 0x7f, 0x80, 0xff};
	uint8_t good[512];
	size_t n = make_blob(good, "go1.26.8", "path\ta/b\nmod\ta\tv\n");

	(void)state;
	for (size_t at = 0; at < n * (sizeof(values) + 1); at++) {
		size_t byte = at / (sizeof(values) + 1), how = at % (sizeof(values) + 1);
		size_t len = how == sizeof(values) ? byte : n;
		uint8_t *bytes = malloc(len + 1);
		struct buildinfo info;
		int ret;

		assert_non_null(bytes);
		memcpy(bytes + 1, good, len);
		if (how < sizeof(values))
			bytes[1 + byte] = values[how];
		ret = read_bytes(bytes + 1, len, &info);
		assert_true(ret == 0 || ret == -ENOENT);
		buildinfo_release(&info);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_minor),
		cmocka_unit_test(test_blob),
		cmocka_unit_test(test_pointer_blob),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
