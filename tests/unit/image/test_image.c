/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "go_program.h"
#include "image/image.h"

/* The line numbers below are of this text. */
static const char main_go[] = "package main\n" /* 1 */
			      "\n"
			      "type stack[T any] struct{ items []T }\n"
			      "\n"
			      "//go:noinline\n" /* 5 */
			      "func (s *stack[T]) push(v T) { s.items = append(s.items, v) }\n"
			      "\n"
			      "func small(a, b int) int { return a*b + len(sink) }\n" /* 8 */
			      "\n"
			      "func middle(a int) int {\n"  /* 10 */
			      "	return small(a, a+3) ^ 2\n" /* 11 */
			      "}\n"
			      "\n"
			      "//go:noinline\n"
			      "func outer(n int) int {\n" /* 15 */
			      "	x := middle(n)\n"         /* 16 */
			      "	println(x)\n"             /* 17 */
			      "	return x\n"
			      "}\n"
			      "\n"
			      "var sink []int\n"
			      "\n"
			      "func main() {\n" /* 23 */
			      "	var s stack[string]\n"
			      "	s.push(\"a\")\n"
			      "	sink = append(sink, outer(len(s.items)))\n"
			      "}\n";

enum { PLAIN, STRIPPED, PIE, NBUILDS };

static const struct {
	const char *name, *args;
} builds[NBUILDS] = {
	{"plain", ""},
	{"stripped", "-ldflags='-s -w'"},
	{"pie", "-buildmode=pie -ldflags='-s -w'"},
};

static struct go_program program;
static struct image *images[NBUILDS];

static bool build(void)
{
	if (!go_program_init(&program, main_go))
		return false;
	for (int i = 0; i < NBUILDS; i++) {
		struct error err = {0};
		int fd;

		if (!go_program_build(&program, builds[i].name, builds[i].args))
			return false;
		fd = go_program_open(&program, builds[i].name);
		images[i] = image_open(fd, builds[i].name, &err);
		if (!images[i])
			fprintf(stderr, "%s\n", err.text);
		close(fd); /* the image keeps its own */
		if (!images[i])
			return false;
	}
	return true;
}

static int remove_all(void **state)
{
	(void)state;
	for (int i = 0; i < NBUILDS; i++)
		image_free(images[i]);
	go_program_remove(&program);
	return 0;
}

static int build_all(void **state)
{
	if (build())
		return 0;
	remove_all(state); /* a failed setup has no teardown */
	return -1;
}

/* An address of a variable. */
static uint64_t image_data_start(const struct image *img)
{
	uint64_t vaddr, size;

	assert_int_equal(image_symbol(img, "runtime.buildVersion", &vaddr, &size), 0);
	return vaddr;
}

static size_t func_named(const struct image *img, const char *name, struct image_func *func)
{
	for (size_t i = 0; i < image_func_count(img); i++)
		if (image_func(img, i, true, func) == 0 && strcmp(func->name, name) == 0)
			return i;
	fail_msg("no function %s", name);
	return 0;
}

static void test_info(void **state)
{
	(void)state;
	for (int i = 0; i < NBUILDS; i++) {
		const struct image_info *info = image_info(images[i]);

		assert_string_equal(info->path, builds[i].name);
		assert_true(info->go_minor >= 19);
		assert_memory_equal(info->go_version, "go1.", 4);
		assert_string_equal(info->module, "example.com/target");
		assert_string_equal(info->module_root, program.dir);
		assert_int_equal(info->pie, i == PIE);
		assert_int_equal(info->stripped, i != PLAIN);
		assert_int_equal(info->has_dwarf, i == PLAIN);
		assert_false(info->cgo);
		assert_true(*info->build_id != 0);
		assert_true(info->text < info->etext);
		assert_true(fcntl(image_fd(images[i]), F_GETFD) & FD_CLOEXEC);
	}
}

static void test_functions(void **state)
{
	(void)state;
	for (int b = 0; b < NBUILDS; b++) {
		const struct image *img = images[b];
		struct image_func f;
		size_t i = func_named(img, "main.outer", &f);

		assert_int_equal(f.line, 15);
		assert_non_null(strstr(f.file, "/main.go"));
		assert_false(f.assembly || f.wrapper || f.foreign);
		assert_int_equal(image_find(img, f.entry), i);
		assert_int_equal(image_find(img, f.entry + f.size - 1), i);
		assert_int_not_equal(image_find(img, f.entry - 1), i);
		assert_int_not_equal(image_find(img, f.entry + f.size), i);
		assert_int_equal(image_sp_delta(img, i, f.entry), 0);
		func_named(img, b == PLAIN ? "runtime.gogo.abi0" : "runtime.gogo", &f);
		assert_true(f.assembly);
		assert_int_equal(image_func(img, image_func_count(img), false, &f), -EINVAL);
	}
}

static void test_outside(void **state)
{
	const struct image *img = images[PLAIN];
	struct image_pos pos;
	uint64_t value;

	(void)state;
	assert_int_equal(image_find(img, 0), -ENOENT);
	assert_int_equal(image_find(img, image_info(img)->etext), -ENOENT);
	assert_int_equal(image_find(img, UINT64_MAX), -ENOENT);
	assert_int_equal(image_position(img, 0, &pos, 1), -ENOENT);
	assert_int_equal(image_offset(img, 0, &value), -ENOENT);
	assert_null(image_code(img, image_info(img)->text, SIZE_MAX));
	assert_null(image_bytes(img, UINT64_MAX, 16));
	assert_int_equal(image_symbol(img, "no such symbol", &value, &value), -ENOENT);
	assert_int_equal(image_symbol(images[STRIPPED], "main.main", &value, &value), -ENOENT);
}

/* Stripping moves no code: the pclntab alone must give what the symbols gave. */
static void test_stripped_is_equal(void **state)
{
	const struct image *a = images[PLAIN], *b = images[STRIPPED];

	(void)state;
	assert_int_equal(image_func_count(a), image_func_count(b));
	for (size_t i = 0; i < image_func_count(a); i++) {
		struct image_func fa, fb;

		assert_int_equal(image_func(a, i, true, &fa), image_func(b, i, true, &fb));
		assert_int_equal(fa.entry, fb.entry);
		assert_string_equal(fa.file, fb.file);
		assert_int_equal(fa.line, fb.line);
		assert_memory_equal(fa.name, fb.name, strcspn(fb.name, "["));
		if (!fa.foreign)
			assert_int_equal(fa.size, fb.size);
	}
}

static void test_code(void **state)
{
	(void)state;
	for (int b = 0; b < NBUILDS; b++) {
		const struct image *img = images[b];
		uint64_t offset, rets = 0;
		struct image_func f;
		uint8_t file[16];
		size_t index = func_named(img, "main.outer", &f);
		const uint8_t *code = image_code(img, f.entry, f.size);

		assert_non_null(code);
		assert_int_equal(image_offset(img, f.entry, &offset), 0);
		assert_int_equal(pread(image_fd(img), file, 16, (off_t)offset), 16);
		assert_memory_equal(code, file, 16);
		for (uint64_t at = 0; at < f.size;) {
			struct insn insn;
			int n = image_info(img)->arch->decode(code + at, f.size - at, f.entry + at,
							      &insn);

			assert_true(n > 0);
			if (insn.kind == INSN_RET) {
				assert_int_equal(image_sp_delta(img, index, f.entry + at), 0);
				rets++;
			}
			at += (uint64_t)n;
		}
		assert_int_equal(rets, 1);
	}
}

struct seen {
	size_t into;
	int small, middle;
};

static int see_inline(const struct image_inline *in, void *arg)
{
	struct seen *seen = arg;

	if (in->into != seen->into)
		return 0;
	if (strcmp(in->func, "main.small") == 0 && in->line == 11)
		seen->small++;
	if (strcmp(in->func, "main.middle") == 0 && in->line == 16)
		seen->middle++;
	assert_non_null(strstr(in->file, "/main.go"));
	return 0;
}

static int stop_at_once(const struct image_inline *in, void *arg)
{
	(void)in;
	++*(int *)arg;
	return 42;
}

static void test_inlined(void **state)
{
	(void)state;
	for (int b = 0; b < NBUILDS; b++) {
		struct seen seen = {0};
		struct image_func f;
		int calls = 0, deep = 0;

		seen.into = func_named(images[b], "main.outer", &f);
		assert_int_equal(image_each_inline(images[b], see_inline, &seen), 0);
		assert_int_equal(seen.small, 1);
		assert_int_equal(seen.middle, 1);
		assert_int_equal(image_each_inline(images[b], stop_at_once, &calls), 42);
		assert_int_equal(calls, 1);
		for (uint64_t pc = f.entry; pc < f.entry + f.size; pc++) {
			struct image_pos pos[4];
			int n = image_position(images[b], pc, pos, 4);

			assert_true(n >= 1);
			assert_string_equal(pos[n - 1].func, "main.outer");
			assert_false(pos[n - 1].inlined);
			if (n < 3)
				continue;
			deep++;
			assert_int_equal(n, 3);
			assert_string_equal(pos[0].func, "main.small");
			assert_int_equal(pos[0].line, 8);
			assert_true(pos[0].inlined);
			assert_string_equal(pos[1].func, "main.middle");
			assert_int_equal(pos[1].line, 11);
			assert_int_equal(pos[2].line, 16);
			assert_int_equal(image_position(images[b], pc, pos, 2), 2);
		}
		assert_true(deep > 0);
	}
}

static void test_symbols(void **state)
{
	struct image_func f;
	uint64_t vaddr, size;

	(void)state;
	func_named(images[PLAIN], "main.outer", &f);
	assert_int_equal(image_symbol(images[PLAIN], "main.outer", &vaddr, &size), 0);
	assert_int_equal(vaddr, f.entry);
	assert_int_equal(size, f.size);
	func_named(images[PLAIN], "main.(*stack[go.shape.string]).push", &f);
	assert_int_equal(f.line, 6);
}

/* Each variable by its own bytes, and none by those before and behind all of them. */
static void test_variables(void **state)
{
	const struct image *img = images[PLAIN];
	uint64_t vaddr, size, begins = 0;

	(void)state;
	assert_int_equal(image_symbol(img, "runtime.buildVersion", &vaddr, &size), 0);
	assert_int_equal(size, 16);
	for (uint64_t at = vaddr; at < vaddr + size; at++) {
		assert_string_equal(image_variable(img, at, &begins), "runtime.buildVersion");
		assert_int_equal(begins, vaddr);
	}
	begins = 0;
	image_variable(img, vaddr + size, &begins);
	assert_int_not_equal(begins, vaddr);
	assert_null(image_variable(img, 0, &begins));
	assert_null(image_variable(img, UINT64_MAX, &begins));
	assert_null(image_variable(img, image_info(img)->text, &begins));
	assert_int_equal(image_symbol(img, "type:*", &vaddr, &size), 0);
	assert_null(image_variable(img, vaddr, &begins));
	/* Of no size in Go 1.24, of its own in 1.26. */
	assert_int_equal(image_symbol(img, "go:func.*", &vaddr, &size), 0);
	assert_null(image_variable(img, vaddr, &begins));
	assert_null(image_variable(images[STRIPPED], vaddr, &begins));
}

/* Neither code nor variables, nor what lies on a page with them. */
static void test_constants(void **state)
{
	const struct image *img = images[PLAIN];
	uint64_t vaddr, size;

	(void)state;
	assert_int_equal(image_symbol(img, "runtime.rodata", &vaddr, &size), 0);
	assert_non_null(image_constant(img, vaddr + 64, 8));
	assert_ptr_equal(image_constant(img, vaddr + 64, 8), image_bytes(img, vaddr + 64, 8));
	assert_null(image_constant(img, vaddr + 64, SIZE_MAX / 2));
	assert_int_equal(image_symbol(img, "runtime.buildVersion", &vaddr, &size), 0);
	assert_non_null(image_bytes(img, vaddr, 16));
	assert_null(image_constant(img, vaddr, 16));
	assert_null(image_constant(img, image_info(img)->text, 16));
	assert_null(image_constant(img, UINT64_MAX, 16));
	assert_null(image_constant(img, UINT64_MAX - 15, 16));
}

static void test_idle(void **state)
{
	struct image *img = go_program_image(&program, builds[PLAIN].name);
	struct image_func func;

	(void)state;
	func_named(img, "main.outer", &func);
	assert_non_null(image_code(img, func.entry, func.size));
	image_idle(img);
	func_named(img, "main.outer", &func);
	assert_memory_equal(image_code(img, func.entry, func.size),
			    image_code(images[PLAIN], func.entry, func.size), func.size);
	image_free(img);
}

/* What is done to the file while the image is open. */
static const char *const changes[] = {
	": >changing",                                                     /* nothing left */
	"truncate -s 5000 changing",                                       /* cut within a page */
	"cp stripped changing",                                            /* another build */
	"head -c $(stat -c %s changing) /dev/zero | tr '\\0' x >changing", /* as long as before */
};

static void test_changed(const char *change)
{
	struct image_pos pos[4], was[4];
	struct image_func func, main_func;
	const char *name, *file;
	struct image *img;
	uint64_t vaddr;
	size_t away = 0;

	assert_true(go_program_run(&program, "cp plain changing"));
	img = go_program_image(&program, "changing");
	func_named(img, "main.outer", &func);
	name = func.name;
	file = func.file;
	/* Only this one's code is looked at. */
	assert_non_null(image_code(img, func.entry, func.size));
	image_keep(img);
	assert_true(image_is_current(img));
	assert_true(go_program_run(&program, change));
	assert_false(image_is_current(img));
	assert_string_equal(name, "main.outer");
	assert_non_null(strstr(file, "main.go"));
	func_named(img, "main.main", &main_func);
	assert_int_equal(main_func.line, 23);
	assert_int_equal(image_position(img, func.entry + 1, pos, 4),
			 image_position(images[PLAIN], func.entry + 1, was, 4));
	assert_string_equal(pos[0].file, was[0].file);
	assert_int_equal(pos[0].line, was[0].line);
	assert_string_equal(image_variable(img, image_data_start(img), &vaddr),
			    image_variable(images[PLAIN], image_data_start(img), &vaddr));
	assert_memory_equal(image_code(img, func.entry, func.size),
			    image_code(images[PLAIN], func.entry, func.size), func.size);
	/* What nobody has looked at before is not there: it would be something else. */
	for (size_t i = 0; i < image_func_count(img); i++) {
		const uint8_t *code;

		if (image_func(img, i, false, &func))
			continue;
		code = image_code(img, func.entry, func.size);
		away += !code;
		if (code)
			assert_memory_equal(code, image_code(images[PLAIN], func.entry, func.size),
					    func.size);
	}
	assert_true(away);
	image_free(img);
}

static void test_overwritten(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
		test_changed(changes[i]);
}

static void test_renamed_over(void **state)
{
	struct image_func func;
	struct image *img;

	(void)state;
	assert_true(go_program_run(&program, "cp plain changing"));
	img = go_program_image(&program, "changing");
	assert_true(go_program_run(&program, "cp stripped new && mv new changing"));
	assert_true(image_is_current(img));
	func_named(img, "main.outer", &func);
	assert_memory_equal(image_code(img, func.entry, func.size),
			    image_code(images[PLAIN], func.entry, func.size), func.size);
	image_free(img);
}

static void test_tls(void **state)
{
	(void)state;
	for (int i = 0; i < NBUILDS; i++) {
		struct error err = {0};
		int64_t offset;

		assert_int_equal(image_tls_offset(images[i], &offset, &err), 0);
		assert_int_equal(offset, -8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_info),        cmocka_unit_test(test_functions),
		cmocka_unit_test(test_outside),     cmocka_unit_test(test_stripped_is_equal),
		cmocka_unit_test(test_code),        cmocka_unit_test(test_inlined),
		cmocka_unit_test(test_symbols),     cmocka_unit_test(test_variables),
		cmocka_unit_test(test_idle),        cmocka_unit_test(test_tls),
		cmocka_unit_test(test_overwritten), cmocka_unit_test(test_renamed_over),
		cmocka_unit_test(test_constants),
	};

	return cmocka_run_group_tests(tests, build_all, remove_all);
}
