/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug information that zstd has packed: the same values, and of what is damaged or lies nothing but an error.
 */
#define _GNU_SOURCE /* memfd_create */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>

#include <cmocka.h>
#include <zstd.h>

#include "image/gotype.h"
#include "shapes.h"

/* How a section's header is to lie. */
struct lie {
	uint32_t type;  /* of the packing */
	uint64_t size;  /* unpacked; 0: the truth */
	size_t missing; /* bytes at the end of the frame */
};

#define ZSTD 2

/* A copy of the target, with that section packed behind its end. */
static int packed(const char *name, const struct lie *lie)
{
	const Elf64_Shdr *old = gotarget_section(&target, name);
	size_t room = ZSTD_compressBound(old->sh_size), len, header;
	uint8_t *frame = malloc(room);
	Elf64_Chdr packing = {.ch_type = lie->type, .ch_addralign = 1};
	Elf64_Shdr made = *old;
	int fd = memfd_create("packed", MFD_CLOEXEC);

	assert_true(fd >= 0 && frame);
	len = ZSTD_compress(frame, room, target.file + old->sh_offset, old->sh_size, 3);
	assert_false(ZSTD_isError(len));
	packing.ch_size = lie->size ? lie->size : old->sh_size;
	made.sh_flags |= SHF_COMPRESSED;
	made.sh_offset = target.size;
	made.sh_size = sizeof(packing) + len - lie->missing;
	header = (size_t)((const uint8_t *)old - target.file);
	assert_int_equal(pwrite(fd, target.file, target.size, 0), target.size);
	assert_int_equal(pwrite(fd, &packing, sizeof(packing), target.size), sizeof(packing));
	assert_int_equal(pwrite(fd, frame, len - lie->missing, target.size + sizeof(packing)),
			 len - lie->missing);
	assert_int_equal(pwrite(fd, &made, sizeof(made), header), sizeof(made));
	free(frame);
	return fd;
}

static int build_plain(void **state)
{
	(void)state;
	gotarget_build(&target, SHAPES, "", "-ldflags=-compressdwarf=false");
	return 0;
}

static void test_read(void **state)
{
	static const char *const names[] = {".debug_info", ".debug_abbrev"};
	const struct lie truth = {.type = ZSTD};
	struct dwarf_signature sig;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct error err = {0};
		int fd = packed(names[i], &truth);

		dw = dwarf_open_fd(fd, "packed", true, &err);
		if (!dw)
			fail_msg("%s: %s", names[i], err.text);
		assert_int_equal(dwarf_function(dw, gotarget_address(&target, "main.student.val"),
						false, &sig),
				 0);
		assert_int_equal(sig.nparams, 3);
		assert_string_equal(sig.params[2].name, "y");
		assert_string_equal(sig.params[2].type->name, "float64");
		dwarf_close(dw);
		close(fd);
	}
	dw = NULL;
}

static void refused(const struct lie *lie, int code, const char *word)
{
	struct error err = {0};
	int fd = packed(".debug_info", lie);

	assert_null(dwarf_open_fd(fd, "packed", true, &err));
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.text, word));
	close(fd);
}

static void test_damaged(void **state)
{
	(void)state;
	refused(&(struct lie){.type = ZSTD, .missing = 1}, -EBADMSG, "damaged");
	refused(&(struct lie){.type = ZSTD, .missing = 1000}, -EBADMSG, "damaged");
	refused(&(struct lie){.type = ZSTD, .size = 10}, -EBADMSG, "damaged");
	refused(&(struct lie){.type = ZSTD, .size = 8 << 20}, -EBADMSG, "damaged");
	refused(&(struct lie){.type = ZSTD, .size = UINT64_MAX}, -EFBIG, "larger");
	refused(&(struct lie){.type = 9}, -ENOTSUP, "neither with zlib nor with zstd");
}

/* There is something, and it says nothing. */
static void test_no_unit(void **state)
{
	const Elf64_Shdr *info = gotarget_section(&target, ".debug_info");
	int fd = memfd_create("empty", MFD_CLOEXEC);
	struct error err = {0};
	uint8_t zeros[16] = {0};

	(void)state;
	assert_int_equal(pwrite(fd, target.file, target.size, 0), target.size);
	assert_int_equal(pwrite(fd, zeros, sizeof(zeros), info->sh_offset), sizeof(zeros));
	assert_null(dwarf_open_fd(fd, "empty", true, &err));
	assert_int_equal(err.code, -EBADMSG);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_no_unit),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, build_plain, teardown);
}
