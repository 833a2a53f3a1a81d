/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../gotarget.h"
#include "arch/amd64/amd64.h"
#include "plan/body.h"

/* The same program with a push behind the stack check, and from before Go had one. */
static const char *const releases[] = {"", "19.13"};

static struct gotarget target;
static struct image *image;
static struct body body;
static char why[160];

static void open_program(const char *release)
{
	struct error err = {0};

	gotarget_build(&target, "tests/unit/plan/bodies", release, "");
	image = image_open(target.fd, "bodies", &err);
	if (!image)
		fail_msg("%s", err.text);
}

static void close_program(void)
{
	body_release(&body);
	image_free(image);
	image = NULL;
	gotarget_release(&target);
}

static int build(void **state)
{
	(void)state;
	open_program("");
	return 0;
}

static int release(void **state)
{
	(void)state;
	close_program();
	return 0;
}

static int decode(const char *name)
{
	for (size_t i = 0; i < image_func_count(image); i++) {
		struct image_func func;

		if (!image_func(image, i, false, &func) && !strcmp(func.name, name))
			return body_decode(&body, image, i, why, sizeof(why));
	}
	fail_msg("%s is not in the program", name);
	return -ENOENT;
}

static void entry_of(const char *name, struct body_site *site)
{
	assert_int_equal(decode(name), 0);
	if (body_entry(&body, site, why, sizeof(why)))
		fail_msg("%s: %s", name, why);
}

struct exits {
	unsigned int rets, jumps, sometimes;
};

static int count_exit(const struct body_site *site, void *arg)
{
	struct exits *exits = arg;

	exits->rets += site->insn->kind == INSN_RET;
	exits->jumps += site->insn->kind != INSN_RET;
	exits->sometimes += site->only_if;
	assert_false(site->only_if_not);
	return 0;
}

static struct exits exits_of(const char *name)
{
	struct exits exits = {0};

	assert_int_equal(decode(name), 0);
	assert_int_equal(body_each_exit(&body, count_exit, &exits), 0);
	return exits;
}

/* Each of the three forms of the stack check, large frames' included. */
static void test_prologues(void **state)
{
	static const char *const names[] = {"main.small", "main.medium", "main.large"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct body_site site;

		entry_of(names[i], &site);
		assert_int_equal(site.insn->kind, INSN_PUSH);
		assert_true(site.insn->emulated);
		assert_true(site.insn->addr > body.func.entry);
		assert_true(site.g_in_register);
		assert_false(site.may_repeat);
		assert_false(site.only_if_not);
	}
}

static void test_prologues_without_push(void **state)
{
	static const char *const names[] = {"main.small", "main.medium", "main.large"};

	(void)state;
	close_program();
	open_program(releases[1]);
	for (size_t i = 0; i < 3; i++) {
		struct body_site site;

		entry_of(names[i], &site);
		assert_int_equal(site.insn->kind, INSN_JCC);
		assert_int_equal(site.insn->cond, AMD64_CC_BE);
		assert_true(site.only_if_not);
		assert_true(site.g_in_register);
		assert_false(site.may_repeat);
	}
	close_program();
	open_program("");
}

static void test_no_prologue(void **state)
{
	struct body_site site;

	(void)state;
	entry_of("main.leaf", &site);
	assert_int_equal(site.insn->addr, body.func.entry);
	assert_false(site.g_in_register);
	assert_false(site.may_repeat);
	entry_of("main.plain.abi0", &site);
	assert_int_equal(site.insn->addr, body.func.entry);
}

/* Its first instruction runs once for each turn, for one call. */
static void test_loop_from_the_start(void **state)
{
	struct body_site site;

	(void)state;
	entry_of("main.loops.abi0", &site);
	assert_int_equal(site.insn->addr, body.func.entry);
	assert_true(site.may_repeat);
}

static void test_exits(void **state)
{
	static const struct {
		const char *name;
		struct exits exits;
	} rows[] = {
		{"main.small", {1, 0, 0}},
		{"main.forever", {0, 0, 0}},
		{"main.plain.abi0", {1, 0, 0}},
		{"main.jumps.abi0", {0, 1, 0}},
		{"main.jumpsIf.abi0", {1, 1, 1}},
		{"main.jumpsByTable.abi0", {1, 0, 0}},
		{"main.jumpsByRegister.abi0", {0, 1, 0}},
		{"main.jumpsLater.abi0", {1, 0, 0}},
		{"main.loops.abi0", {1, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exits exits = exits_of(rows[i].name);

		if (memcmp(&exits, &rows[i].exits, sizeof(exits)) != 0)
			fail_msg("%s: %u rets, %u jumps, %u of them now and then", rows[i].name,
				 exits.rets, exits.jumps, exits.sometimes);
	}
}

/* Whether a loop or jrcxz is taken the flags do not tell: one that leaves the function is no site. */
static void test_condition_not_in_flags(void **state)
{
	struct exits exits = exits_of("main.jumpsIf.abi0");

	(void)state;
	assert_int_equal(exits.sometimes, 1);
	for (size_t i = 0; i < body.ninsns; i++)
		if (body.insns[i].kind == INSN_JCC)
			body.insns[i].cond = INSN_COND_NONE;
	exits = (struct exits){0};
	assert_int_equal(body_each_exit(&body, count_exit, &exits), 0);
	assert_int_equal(exits.rets, 1);
	assert_int_equal(exits.jumps, 0);
}

static int stop(const struct body_site *site, void *arg)
{
	(void)site;
	++*(int *)arg;
	return -ECANCELED;
}

static void test_each_exit_stops(void **state)
{
	int calls = 0;

	(void)state;
	assert_int_equal(decode("main.jumpsIf.abi0"), 0);
	assert_int_equal(body_each_exit(&body, stop, &calls), -ECANCELED);
	assert_int_equal(calls, 1);
}

static void test_refused(void **state)
{
	struct body_site site;

	(void)state;
	assert_int_equal(decode("main.undecodable.abi0"), -EILSEQ);
	assert_string_equal(why, "its code cannot be decoded at +0x1");
	assert_int_equal(decode("main.intoTheMiddle.abi0"), -EILSEQ);
	assert_string_equal(why, "a jump leads into an instruction at +0x3");
	assert_int_equal(decode("main.trap.abi0"), 0);
	assert_int_equal(body_entry(&body, &site, why, sizeof(why)), -ENOTSUP);
	assert_non_null(strstr(why, "its first instruction is a trap"));
}

static void test_beyond_the_last(void **state)
{
	(void)state;
	assert_int_equal(body_decode(&body, image, image_func_count(image), why, sizeof(why)),
			 -EILSEQ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prologues),
		cmocka_unit_test(test_no_prologue),
		cmocka_unit_test(test_loop_from_the_start),
		cmocka_unit_test(test_exits),
		cmocka_unit_test(test_condition_not_in_flags),
		cmocka_unit_test(test_each_exit_stops),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_beyond_the_last),
		cmocka_unit_test(test_prologues_without_push),
	};

	return cmocka_run_group_tests(tests, build, release);
}
