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

/* In the place of src/trace/caller.c: odd addresses are known. */
const struct caller *callers_find(struct callers *callers, uint32_t image, uint64_t pc)
{
	static struct caller caller;
	static char name[32];

	(void)callers;
	looked_up++;
	snprintf(name, sizeof(name), "f%u.%llu", image, (unsigned long long)pc);
	caller = (struct caller){.func = name};
	return pc % 2 ? &caller : NULL;
}

static void render(void *arg, struct buf *buf, const struct caller *caller, struct call_site *site)
{
	size_t padding = *(const size_t *)arg;

	(void)site;
	buf_adds(buf, caller->func);
	buf_fill(buf, '.', padding);
}

static void check(struct call_sites *sites, uint32_t image, uint64_t pc, const char *expected)
{
	const struct call_site *site = call_sites_find(sites, image, pc);
	char slack[PUT_SLACK];

	assert_non_null(site);
	/* Whoever writes it reads so much: the sanitizers watch. */
	memcpy(slack, site->text, sizeof(slack));
	assert_int_equal(slack[0], 'f');
	assert_true(site->len >= strlen(expected));
	assert_memory_equal(site->text, expected, strlen(expected));
}

static void test_kept(void **state)
{
	struct call_sites sites;
	size_t padding = 0;

	(void)state;
	looked_up = 0;
	call_sites_init(&sites, (struct callers *)&padding, render, &padding);
	check(&sites, 0, 1, "f0.1");
	check(&sites, 1, 1, "f1.1");
	check(&sites, 0, 1, "f0.1");
	assert_int_equal(looked_up, 2);
	assert_null(call_sites_find(&sites, 0, 2));
	assert_null(call_sites_find(&sites, 0, 2));
	assert_int_equal(looked_up, 3);
	assert_null(call_sites_find(&sites, 0, 0));
	assert_int_equal(looked_up, 3);
	call_sites_release(&sites);
}

static void test_no_callers(void **state)
{
	struct call_sites sites;

	(void)state;
	call_sites_init(&sites, NULL, render, NULL);
	assert_null(call_sites_find(&sites, 0, 1));
	call_sites_release(&sites);
}

static void test_bounded_count(void **state)
{
	struct call_sites sites;
	size_t padding = 0;

	(void)state;
	call_sites_init(&sites, (struct callers *)&padding, render, &padding);
	for (uint64_t pc = 1; pc < 3 * 2 * CALL_SITES_MAX; pc += 2) {
		assert_non_null(call_sites_find(&sites, 0, pc));
		assert_true(sites.count <= CALL_SITES_MAX);
	}
	check(&sites, 0, 3, "f0.3");
	call_sites_release(&sites);
}

/* What was found lately has a place of its own: shared by others, and no good once all is forgotten. */
static void test_recent(void **state)
{
	struct call_sites sites;
	size_t padding = 0, forgotten = 0;

	(void)state;
	call_sites_init(&sites, (struct callers *)&padding, render, &padding);
	for (int i = 0; i < 3; i++) {
		/* All in one place. */
		check(&sites, 0, 1, "f0.1");
		check(&sites, 2, 1, "f2.1");
		check(&sites, 0, 1 | 1 << 12, "f0.4097");
	}
	check(&sites, 0, 1, "f0.1");
	for (uint64_t pc = 3; !forgotten; pc += 2) {
		size_t before = sites.count;

		if ((pc ^ pc >> 6) % CALL_SITES_RECENT != 1)
			check(&sites, 0, pc, "f0.");
		forgotten = sites.count < before;
	}
	check(&sites, 0, 1, "f0.1");
	assert_int_equal(call_sites_find(&sites, 0, 1)->len, strlen("f0.1"));
	call_sites_release(&sites);
}

static void test_bounded_text(void **state)
{
	struct call_sites sites;
	size_t padding = 1 << 20;

	(void)state;
	call_sites_init(&sites, (struct callers *)&padding, render, &padding);
	for (uint64_t pc = 1; pc < 200; pc += 2) {
		assert_non_null(call_sites_find(&sites, 0, pc));
		assert_true(sites.text.len <= CALL_SITES_TEXT + padding + 32);
	}
	check(&sites, 0, 3, "f0.3");
	call_sites_release(&sites);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kept),          cmocka_unit_test(test_no_callers),
		cmocka_unit_test(test_bounded_count), cmocka_unit_test(test_recent),
		cmocka_unit_test(test_bounded_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
