/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/put.h"
#include "sink/call_site.h"

static unsigned int looked_up;

static const struct caller *find_caller(struct tree_source *source, const struct call *call)
{
	static struct caller caller;
	static char name[32];

	(void)source;
	looked_up++;
	snprintf(name, sizeof(name), "f.%llu", (unsigned long long)call->caller);
	caller = (struct caller){.func = name};
	return call->caller % 2 ? &caller : NULL;
}

/* Odd addresses are known. */
static struct tree_source source = {.caller = find_caller};
static const struct catalog catalog = {
	.exes = (struct catalog_exe[]){{.path = "a"}, {.path = "b"}, {.path = "c"}}, .nexes = 3};

static const struct call_site *find(struct call_sites *sites, uint32_t exe, uint64_t pc)
{
	const struct call call = {.caller = pc};

	return call_sites_find(sites, &source, &call, exe);
}

static void render(void *arg, struct buf *buf, const struct caller *caller,
		   const struct catalog_exe *exe, struct call_site *site)
{
	size_t padding = *(const size_t *)arg;

	(void)site;
	buf_adds(buf, exe->path);
	buf_adds(buf, caller->func);
	buf_fill(buf, '.', padding);
}

static void check(struct call_sites *sites, uint32_t exe, uint64_t pc, const char *expected)
{
	const struct call_site *site = find(sites, exe, pc);
	char slack[PUT_SLACK];

	assert_non_null(site);
	/* Whoever writes it reads so much: the sanitizers watch. */
	memcpy(slack, site->text, sizeof(slack));
	assert_int_equal(slack[0], *expected);
	assert_true(site->len >= strlen(expected));
	assert_memory_equal(site->text, expected, strlen(expected));
}

static void test_kept(void **state)
{
	struct call_sites sites;
	size_t padding = 0;

	(void)state;
	looked_up = 0;
	call_sites_init(&sites, &catalog, render, &padding);
	check(&sites, 0, 1, "af.1");
	check(&sites, 1, 1, "bf.1");
	check(&sites, 0, 1, "af.1");
	assert_int_equal(looked_up, 2);
	assert_null(find(&sites, 0, 2));
	assert_null(find(&sites, 0, 2));
	assert_int_equal(looked_up, 3);
	assert_null(find(&sites, 0, 0));
	assert_int_equal(looked_up, 3);
	call_sites_release(&sites);
}

static void test_no_source(void **state)
{
	const struct call call = {.caller = 1};
	struct call_sites sites;

	(void)state;
	call_sites_init(&sites, &catalog, render, NULL);
	assert_null(call_sites_find(&sites, NULL, &call, 0));
	call_sites_release(&sites);
}

static void test_bounded_count(void **state)
{
	struct call_sites sites;
	size_t padding = 0;

	(void)state;
	call_sites_init(&sites, &catalog, render, &padding);
	for (uint64_t pc = 1; pc < 3 * 2 * CALL_SITES_MAX; pc += 2) {
		assert_non_null(find(&sites, 0, pc));
		assert_true(sites.count <= CALL_SITES_MAX);
	}
	check(&sites, 0, 3, "af.3");
	call_sites_release(&sites);
}

/* What was found lately has a place of its own: shared by others, and no good once all is forgotten. */
static void test_recent(void **state)
{
	struct call_sites sites;
	size_t padding = 0, forgotten = 0;

	(void)state;
	call_sites_init(&sites, &catalog, render, &padding);
	for (int i = 0; i < 3; i++) {
		/* All in one place. */
		check(&sites, 0, 1, "af.1");
		check(&sites, 2, 1, "cf.1");
		check(&sites, 0, 1 | 1 << 12, "af.4097");
	}
	check(&sites, 0, 1, "af.1");
	for (uint64_t pc = 3; !forgotten; pc += 2) {
		size_t before = sites.count;

		if ((pc ^ pc >> 6) % CALL_SITES_RECENT != 1)
			check(&sites, 0, pc, "af.");
		forgotten = sites.count < before;
	}
	check(&sites, 0, 1, "af.1");
	assert_int_equal(find(&sites, 0, 1)->len, strlen("af.1"));
	call_sites_release(&sites);
}

static void test_bounded_text(void **state)
{
	struct call_sites sites;
	size_t padding = 1 << 20;

	(void)state;
	call_sites_init(&sites, &catalog, render, &padding);
	for (uint64_t pc = 1; pc < 200; pc += 2) {
		assert_non_null(find(&sites, 0, pc));
		assert_true(sites.text.len <= CALL_SITES_TEXT + padding + 32);
	}
	check(&sites, 0, 3, "af.3");
	call_sites_release(&sites);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),          cmocka_unit_test(test_no_source),
		cmocka_unit_test(test_bounded_count), cmocka_unit_test(test_recent),
		cmocka_unit_test(test_bounded_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
