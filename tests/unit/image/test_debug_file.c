/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug information apart from the executable: where it is looked for, and when it is not taken.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "image/debug_link.h"
#include "shapes.h"

static struct image *img;

static void run(const char *format, ...)
{
	char command[1024], script[900];
	va_list args;

	va_start(args, format);
	vsnprintf(script, sizeof(script), format, args);
	va_end(args);
	snprintf(command, sizeof(command), "cd %s && %s", target.dir, script);
	if (system(command))
		fail_msg("%s", command);
}

/* Of the target: `whole.debug` has what was taken out of `bare`; `linked` and `nameless` have a link to it, and
 * `nameless` no ids. */
static int make_files(void **state)
{
	(void)state;
	gotarget_build(&target, SHAPES, "", "");
	run("objcopy --only-keep-debug target whole.debug && objcopy -S target bare && "
	    "objcopy --add-gnu-debuglink=whole.debug bare linked && "
	    "objcopy -R .note.go.buildid -R .note.gnu.build-id bare idless && "
	    "objcopy --add-gnu-debuglink=whole.debug idless nameless && mkdir away");
	return 0;
}

static int clean(void **state)
{
	image_free(img);
	img = NULL;
	return teardown(state);
}

static const struct debug_file *open_with(const char *name, const struct debug_search *search)
{
	struct error err = {0};
	char path[128];
	int fd;

	image_free(img);
	snprintf(path, sizeof(path), "%s/%s", target.dir, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	img = image_open_with(fd, path, search, &err);
	close(fd);
	if (!img)
		fail_msg("%s", err.text);
	return image_debug(img);
}

static const struct debug_file *open_given(const char *name, const char *given)
{
	struct debug_search search = {0};
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", target.dir, given);
	search.given = path;
	return open_with(name, &search);
}

static void ends_with(const char *path, const char *end)
{
	assert_non_null(path);
	assert_true(strlen(path) > strlen(end));
	assert_string_equal(path + strlen(path) - strlen(end), end);
}

static const struct debug_search usual;

static void test_crc(void **state)
{
	FILE *file = tmpfile();
	uint32_t crc = 0;

	(void)state;
	assert_non_null(file);
	/* The check value of the catalogues of CRCs. */
	fputs("123456789", file);
	fflush(file);
	assert_int_equal(debug_link_crc(fileno(file), &crc), 0);
	assert_int_equal(crc, 0xcbf43926);
	fclose(file);
}

static void test_link(void **state)
{
	uint64_t vaddr, size;

	(void)state;
	ends_with(open_with("linked", &usual)->path, "/whole.debug");
	assert_false(image_info(img)->has_dwarf);
	/* Its symbols, too. */
	assert_false(image_info(img)->stripped);
	assert_int_equal(image_symbol(img, "runtime.buildVersion", &vaddr, &size), 0);
	run("mkdir .debug && mv whole.debug .debug");
	ends_with(open_with("linked", &usual)->path, "/.debug/whole.debug");
	/* Where the file is, and not where a link to it is. */
	run("ln -s ../linked away/by-name && cp .debug/whole.debug . && rm -r .debug");
	ends_with(open_with("away/by-name", &usual)->path, "/whole.debug");
	assert_null(open_with("bare", &usual)->path);
	assert_null(open_with("bare", &usual)->refused);
	/* What has its own needs none. */
	assert_null(open_with("target", &usual)->path);
}

static void test_is_spared(void **state)
{
	struct stat whole, other;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/whole.debug", target.dir);
	assert_int_equal(stat(path, &whole), 0);
	assert_int_equal(fstat(target.fd, &other), 0);
	open_with("linked", NULL);
	assert_true(image_debug_is(img, &whole));
	assert_false(image_debug_is(img, &other));
	open_given("bare", "whole.debug");
	assert_true(image_debug_is(img, &whole));
}

static void test_wrong_crc(void **state)
{
	const struct debug_file *debug;

	(void)state;
	run("mkdir other && cp linked nameless other && cp whole.debug other && echo >>other/whole.debug");
	for (int i = 0; i < 2; i++) {
		debug = open_with(i ? "other/nameless" : "other/linked", &usual);
		assert_null(debug->path);
		assert_non_null(debug->refused);
		assert_non_null(strstr(debug->refused, "CRC"));
	}
	/* The next place is tried all the same, and nothing is said then. */
	run("mkdir other/.debug && cp whole.debug other/.debug");
	debug = open_with("other/linked", &usual);
	ends_with(debug->path, "/.debug/whole.debug");
	assert_null(debug->refused);
}

static void test_given(void **state)
{
	const struct debug_file *debug;

	(void)state;
	debug = open_given("bare", "whole.debug");
	assert_true(debug->given);
	ends_with(debug->path, "/whole.debug");
	/* Packed anew it is the same build. */
	run("objcopy --decompress-debug-sections whole.debug again.debug");
	assert_true(open_given("bare", "again.debug")->given);
	/* Without ids the CRC tells. */
	assert_true(open_given("nameless", "whole.debug")->given);
	assert_non_null(strstr(open_given("nameless", "again.debug")->unfit, "CRC"));
	assert_non_null(strstr(open_given("idless", "whole.debug")->unfit, "cannot be told"));
	/* Even where it has its own. */
	assert_true(open_given("target", "whole.debug")->given);
}

static void test_unfit(void **state)
{
	static const char *const files[] = {"bare", "away", "nothing", "text"};
	char other[256];

	(void)state;
	run("echo no ELF file >text");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const struct debug_file *debug = open_given("linked", files[i]);

		assert_false(debug->given);
		assert_non_null(debug->unfit);
		/* What it finds by itself it has all the same. */
		ends_with(debug->path, "/whole.debug");
	}
	/* One bit of the ids. */
	run("cp whole.debug other.debug");
	snprintf(other, sizeof(other), "%s/other.debug", target.dir);
	for (int i = 0; i < 2; i++) {
		const Elf64_Shdr *note =
			gotarget_section(&target, i ? ".note.gnu.build-id" : ".note.go.buildid");
		int fd = open(other, O_RDWR | O_CLOEXEC);
		uint8_t byte;

		if (!note)
			continue;
		assert_int_equal(pread(fd, &byte, 1, (off_t)note->sh_offset + 20), 1);
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, (off_t)note->sh_offset + 20), 1);
		close(fd);
	}
	assert_false(open_given("bare", "other.debug")->given);
	assert_non_null(strstr(image_debug(img)->unfit, "another build"));
}

/* Bytes of its headers, notes, symbols and sections, the same in every run: it is refused, or what it says is bounded. */
static void test_damaged(void **state)
{
	unsigned int taken = 0, refused = 0;
	uint32_t seed = 40407;
	struct stat st;
	char path[128];

	(void)state;
	for (int round = 0; round < 60; round++) {
		struct error err = {0};
		const struct debug_file *debug;
		uint64_t vaddr, size;
		int fd;

		run("cp whole.debug damaged.debug");
		snprintf(path, sizeof(path), "%s/damaged.debug", target.dir);
		fd = open(path, O_RDWR | O_CLOEXEC);
		assert_true(fd >= 0 && !fstat(fd, &st));
		for (int i = 0; i < 1 + round % 5; i++) {
			/* The ELF header, the section headers at the end, anywhere. */
			uint64_t span = round % 3 == 0   ? 64
					: round % 3 == 1 ? 1600
							 : (uint64_t)st.st_size;
			uint64_t from = round % 3 == 1 ? (uint64_t)st.st_size - span : 0;
			uint8_t byte;

			seed = seed * 1664525 + 1013904223;
			byte = (uint8_t)(seed >> 24);
			assert_int_equal(pwrite(fd, &byte, 1, (off_t)(from + seed % span)), 1);
		}
		close(fd);
		if (round % 7 == 6)
			assert_int_equal(truncate(path, st.st_size / 2), 0);
		debug = open_given("bare", "damaged.debug");
		if (!debug->given) {
			assert_non_null(debug->unfit);
			refused++;
			continue;
		}
		taken++;
		image_symbol(img, "runtime.buildVersion", &vaddr, &size);
		dwarf_close(dwarf_open_fd(debug->elf.content.fd, "damaged", true, &err));
	}
	assert_true(taken > 5 && refused > 5);
}

/* What an asker is told, and what the search makes of it. */
struct told {
	const char *path;
	int ret;
	char id[130];
};

static int tell(void *arg, const char *build_id, char **name, struct error *err)
{
	struct told *told = arg;

	snprintf(told->id, sizeof(told->id), "%s", build_id);
	if (told->ret)
		return told->ret == -ENOENT ? told->ret : error_set(err, told->ret, "no way");
	*name = strdup("it");
	return open(told->path, O_RDONLY | O_CLOEXEC);
}

static void test_fetch(void **state)
{
	struct told told = {0};
	const struct debug_search search = {.fetch = tell, .arg = &told};
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/whole.debug", target.dir);
	told.path = path;
	gotarget_release(&target);
	gotarget_build(&target, SHAPES, gotarget_from(24, "26.8"), "");
	run("objcopy --only-keep-debug target whole.debug && objcopy -S target bare");
	snprintf(path, sizeof(path), "%s/whole.debug", target.dir);
	assert_string_equal(open_with("bare", &search)->path, "it");
	assert_string_equal(told.id, image_info(img)->build_id);
	told.ret = -ENOENT;
	assert_null(open_with("bare", &search)->path);
	assert_null(image_debug(img)->refused);
	told.ret = -ETIMEDOUT;
	assert_string_equal(open_with("bare", &search)->refused, "no way");
	told = (struct told){.path = "/dev/zero"};
	assert_non_null(open_with("bare", &search)->refused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crc),       cmocka_unit_test(test_link),
		cmocka_unit_test(test_is_spared), cmocka_unit_test(test_wrong_crc),
		cmocka_unit_test(test_given),     cmocka_unit_test(test_unfit),
		cmocka_unit_test(test_damaged),   cmocka_unit_test(test_fetch),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_files, clean);
}
