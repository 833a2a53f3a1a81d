/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* asprintf */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../gotarget.h"
#include "plan/callgraph.h"
#include "plan/plan.h"

static struct gotarget target;
static struct error err;

static int build(void **state)
{
	(void)state;
	gotarget_build(&target, "tests/unit/plan/calls", "", "");
	return 0;
}

static int release(void **state)
{
	(void)state;
	gotarget_release(&target);
	return 0;
}

static struct image *open_image(const struct gotarget *from)
{
	struct image *img = image_open(from->fd, "calls", &err);

	if (!img)
		fail_msg("%s", err.text);
	return img;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What was followed: "NAME:LEVEL" of package main, without the package, sorted, a blank behind
 * each.
 * Literals have other names in each release; they are left out unless asked for. */
static void followed_text(const struct image *img, const struct selection_marks *marks,
			  bool literals, char *text, size_t size)
{
	char *items[64];
	size_t nitems = 0, used = 0;

	for (size_t i = 0; i < marks->count; i++) {
		struct image_func func;

		if (!(marks->selected[i] & SELECTED_FOLLOWED))
			continue;
		assert_int_equal(image_func(img, i, false, &func), 0);
		if (strncmp(func.name, "main.", 5) != 0)
			continue;
		if (!literals && (strstr(func.name, ".func") || strstr(func.name, "wrap")))
			continue;
		assert_true(nitems < 64);
		assert_true(asprintf(&items[nitems++], "%s:%u ", func.name + 5, marks->levels[i]) >
			    0);
	}
	qsort(items, nitems, sizeof(*items), by_text);
	*text = '\0';
	for (size_t i = 0; i < nitems; i++) {
		used += (size_t)snprintf(text + used, size - used, "%s", items[i]);
		assert_true(used < size);
		free(items[i]);
	}
}

struct wish {
	const char *glob;
	unsigned int follow;
	const char *excluded; /* NULL: nothing */
	bool literals;
};

static struct callgraph_counts follow(const struct image *img, const struct wish *wish, char *text,
				      size_t size)
{
	struct selection sel = {.follow = wish->follow};
	struct selection_marks marks = {0};
	struct callgraph_counts counts = {0};
	struct short_names names = {0};
	struct naming *naming;

	assert_int_equal(selection_add_glob(&sel, wish->glob, false, &err), 0);
	if (wish->excluded)
		assert_int_equal(selection_add_excluded(&sel, wish->excluded, &err), 0);
	naming = naming_new(&sel, img, &names);
	assert_non_null(naming);
	assert_int_equal(naming_mark(naming, &marks, &err), 0);
	assert_int_equal(callgraph_follow(naming, sel.follow, img, &marks, &counts), 0);
	naming_free(naming);
	followed_text(img, &marks, wish->literals, text, size);
	free(marks.selected);
	free(marks.levels);
	selection_release(&sel);
	return counts;
}

/* How often a defer goes through a pointer is the compiler's business. */
#define ANY SIZE_MAX

static const struct {
	struct wish wish;
	const char *expected;
	size_t pointers;
} rows[] = {
	{{"main.top", 1, NULL, false}, "middle:1 ", 0},
	{{"main.top", 2, NULL, false}, "leaf:2 middle:1 ", 0},
	{{"main.top", 255, NULL, false}, "leaf:2 middle:1 ", 0},
	{{"main.top", 2, "main.middle", false}, "", 0},
	{{"main.top", 2, "main.leaf", false}, "middle:1 ", 0},
	{{"main.ring", 5, NULL, false}, "ringBack:1 ", 0},
	{{"main.ring*", 5, NULL, false}, "", 0},
	{{"main.inlines", 1, NULL, false}, "middle:1 ", 0},
	{{"main.literals", 2, NULL, false}, "apply:1 middle:2 ", 1},
	{{"main.throughInterface", 3, NULL, false}, "", 2},
	{{"main.square.area", 1, NULL, false}, "leaf:1 ", 0},
	{{"main.direct", 2, NULL, false}, "leaf:2 square.area:1 ", 0},
	{{"main.allocates", 1, NULL, false}, "middle:1 ", 0},
	/* What a deferred literal calls is on the second level, what a wrapper calls on the first. */
	{{"main.goes", 1, NULL, false}, "bare:1 task:1 ", ANY},
	{{"main.goes", 2, NULL, false}, "bare:1 middle:2 task:1 ", ANY},
	{{"main.defers", 2, NULL, false}, "bare:1 middle:2 task:1 ", ANY},
	{{"main.defersInLoop", 1, NULL, false}, "bare:1 task:1 ", ANY},
};

static void check_rows(const struct gotarget *from, const char *what)
{
	struct image *img = open_image(from);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct callgraph_counts counts;
		char got[1024];

		counts = follow(img, &rows[i].wish, got, sizeof(got));
		if (strcmp(got, rows[i].expected) != 0)
			fail_msg("%s, %s, %u levels: '%s' instead of '%s'", what, rows[i].wish.glob,
				 rows[i].wish.follow, got, rows[i].expected);
		if (rows[i].pointers != ANY && counts.pointers != rows[i].pointers)
			fail_msg("%s, %s: %zu pointers instead of %zu", what, rows[i].wish.glob,
				 counts.pointers, rows[i].pointers);
	}
	image_free(img);
}

static void test_levels(void **state)
{
	(void)state;
	check_rows(&target, "plain");
}

/* Function values of a position-independent program are filled in by the loader. */
static void test_builds(void **state)
{
	static const struct {
		const char *release, *flags;
	} builds[] = {
		{"", "-buildmode=pie"},
		{"", "-ldflags='-s -w'"},
		{"", "-buildmode=pie -ldflags='-s -w'"},
		{"", "-buildmode=pie -ldflags=-linkmode=external"},
		{"", "-trimpath"},
		{"19.13", ""},
		{"21.13", "-buildmode=pie"},
		{"22.12", ""},
		{"25.0", ""},
		{"27.0", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
		struct gotarget other;
		char what[80];

		gotarget_build(&other, "tests/unit/plan/calls", builds[i].release, builds[i].flags);
		snprintf(what, sizeof(what), "Go 1.%s %s", builds[i].release, builds[i].flags);
		check_rows(&other, what);
		gotarget_release(&other);
	}
}

/* Where the file has the word that is loaded at `addr`. */
static uint8_t *word_at(const struct gotarget *from, uint64_t addr)
{
	const Elf64_Ehdr *elf = (const Elf64_Ehdr *)from->file;
	const Elf64_Phdr *segments = (const Elf64_Phdr *)(from->file + elf->e_phoff);

	for (int i = 0; i < elf->e_phnum; i++)
		if (segments[i].p_type == PT_LOAD &&
		    addr - segments[i].p_vaddr + 8 <= segments[i].p_filesz)
			return from->file + segments[i].p_offset + (addr - segments[i].p_vaddr);
	return NULL;
}

/* A linker may leave to the loader what a relocated word holds, and put nothing into the file. */
static void clear_relocated(struct gotarget *from)
{
	const Elf64_Ehdr *elf = (const Elf64_Ehdr *)from->file;
	const Elf64_Shdr *sections = (const Elf64_Shdr *)(from->file + elf->e_shoff);
	size_t cleared = 0;
	FILE *f;

	for (int i = 0; i < elf->e_shnum; i++) {
		const Elf64_Rela *rela = (const Elf64_Rela *)(from->file + sections[i].sh_offset);

		for (size_t n = 0;
		     sections[i].sh_type == SHT_RELA && n < sections[i].sh_size / sizeof(*rela);
		     n++) {
			uint8_t *word = word_at(from, rela[n].r_offset);

			if (ELF64_R_TYPE(rela[n].r_info) != R_X86_64_RELATIVE || !word)
				continue;
			memset(word, 0, 8);
			cleared++;
		}
	}
	assert_true(cleared > 1000);
	f = fopen(from->path, "r+");
	assert_non_null(f);
	assert_int_equal(fwrite(from->file, 1, from->size, f), from->size);
	assert_int_equal(fclose(f), 0);
}

static void test_relocated(void **state)
{
	struct gotarget other;

	(void)state;
	gotarget_build(&other, "tests/unit/plan/calls", "", "-buildmode=pie");
	clear_relocated(&other);
	check_rows(&other, "cleared words");
	gotarget_release(&other);
}

/* A literal is followed where it is written, not where it is called; a tail jump is a call. */
static void test_literals(void **state)
{
	static const struct wish literals = {"main.literals", 1, NULL, true},
				 deferred = {"main.defers", 1, NULL, true},
				 jump = {"main.assembled*", 1, NULL, true},
				 shapes = {"main.instances", 1, NULL, true};
	struct image *img = open_image(&target);
	char got[1024];

	(void)state;
	follow(img, &literals, got, sizeof(got));
	assert_string_equal(got, "apply:1 literals.func1:1 ");
	follow(img, &deferred, got, sizeof(got));
	assert_non_null(strstr(got, "defers.func1:1 "));
	follow(img, &jump, got, sizeof(got));
	assert_string_equal(got, "further.abi0:1 ");
	follow(img, &shapes, got, sizeof(got));
	assert_string_equal(got, "generic[go.shape.float64]:1 generic[go.shape.string]:1 ");
	image_free(img);
}

/* Nothing outside leads into the runtime, whoever's name its function has; inside calls count. */
static void test_runtime(void **state)
{
	struct selection outside = {.follow = 255}, inside = {.follow = 1};
	struct image *img = open_image(&target);
	struct plan *plan = plan_new();

	(void)state;
	assert_int_equal(selection_add_glob(&outside, "main.main", false, &err), 0);
	assert_int_equal(plan_add(plan, img, &outside, false, &err), 0);
	assert_true(plan->calls.functions > 20);
	assert_non_null(plan_find(plan, 0, "strings.Repeat"));
	assert_non_null(plan_find(plan, 0, "sync.(*WaitGroup).Wait"));
	for (size_t i = 0; i < plan->nfuncs; i++) {
		struct image_func func;

		image_func(img, plan->funcs[i].index, true, &func);
		if (callgraph_is_runtime(func.name) || strstr(func.file, "/src/runtime/"))
			fail_msg("%s was followed", func.name);
		assert_int_equal(plan->funcs[i].level == 0, !strcmp(func.name, "main.main"));
	}
	plan_free(plan);
	selection_release(&outside);

	plan = plan_new();
	assert_int_equal(selection_add_glob(&inside, "runtime.makeslice", false, &err), 0);
	assert_int_equal(plan_add(plan, open_image(&target), &inside, false, &err), 0);
	assert_non_null(plan_find(plan, 0, "runtime.mallocgc"));
	plan_free(plan);
	selection_release(&inside);
}

static void test_names_of_the_runtime(void **state)
{
	static const char *const own[] = {"runtime.main",
					  "runtime.(*mheap).alloc",
					  "internal/runtime/maps.(*Map).Put",
					  "internal/runtime.f",
					  "runtime/internal/atomic.Xadd",
					  "memeqbody",
					  "type:.eq.main.T",
					  "type..hash.main.T",
					  ""},
				 *const others[] = {"main.main",
						    "runtime/debug.FreeOSMemory",
						    "internal/runtimes/x.F",
						    "example.com/runtime.F",
						    "typed.F",
						    "runtimes.F",
						    "runtime/internals.F",
						    "sync.runtime_procPin"};

	(void)state;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!callgraph_is_runtime(own[i]))
			fail_msg("'%s' is the runtime's", own[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (callgraph_is_runtime(others[i]))
			fail_msg("'%s' is not the runtime's", others[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),    cmocka_unit_test(test_builds),
		cmocka_unit_test(test_relocated), cmocka_unit_test(test_literals),
		cmocka_unit_test(test_runtime),   cmocka_unit_test(test_names_of_the_runtime),
	};

	return cmocka_run_group_tests(tests, build, release);
}
