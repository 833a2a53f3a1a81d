/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/account.h"

static void test_find(void **state)
{
	struct account account = {0};
	struct error err;

	(void)state;
	assert_int_equal(account_find(&account, "root", &err), 0);
	assert_int_equal(account.uid, 0);
	assert_string_equal(account.name, "root");
	assert_non_null(account.home);
	account_release(&account);
	assert_int_equal(account_find(&account, "0", &err), 0);
	assert_string_equal(account.name, "root");
	account_release(&account);
	assert_null(account.name);
	account_release(&account);
}

static void test_unknown(void **state)
{
	static const char *const names[] = {"",           "no such user",
					    "-1",         "+0",
					    " 0",         "4294967295",
					    "4294967296", "99999999999999999999"};
	struct account account = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct error err = {0};

		assert_int_equal(account_find(&account, names[i], &err), -ENOENT);
		assert_non_null(strstr(err.text, "no such user; "));
		assert_null(account.name);
	}
}

/* What account_caller() makes of sudo's variables; NULL: not set. */
static int caller(const char *uid, const char *gid, struct account *account, struct error *err)
{
	unsetenv("SUDO_UID");
	unsetenv("SUDO_GID");
	if (uid)
		setenv("SUDO_UID", uid, 1);
	if (gid)
		setenv("SUDO_GID", gid, 1);
	*account = (struct account){0};
	return account_caller(account, err);
}

static void test_caller(void **state)
{
	struct account account;
	struct error err;

	(void)state;
	assert_int_equal(caller(NULL, NULL, &account, &err), 0);
	if (geteuid()) {
		/* Who is not root builds as himself, whatever the variables say. */
		assert_int_equal(caller("1", "1", &account, &err), 0);
		assert_int_equal(caller("x", "x", &account, &err), 0);
		return;
	}
	assert_int_equal(caller("0", "0", &account, &err), 0);
	assert_int_equal(caller("65534", "7", &account, &err), 1);
	assert_int_equal(account.uid, 65534);
	assert_int_equal(account.gid, 7);
	account_release(&account);
	/* One without an entry is a user all the same. */
	assert_int_equal(caller("4000000000", "4000000001", &account, &err), 1);
	assert_int_equal(account.uid, 4000000000u);
	assert_int_equal(account.gid, 4000000001u);
	assert_null(account.name);
	account_release(&account);
}

static void test_caller_absurd(void **state)
{
	static const char *const values[] = {"",   "x",          "-1",
					     "1 ", "4294967295", "99999999999999999999"};
	struct account account;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]) && !geteuid(); i++) {
		struct error err = {0};

		assert_int_equal(caller(values[i], "1", &account, &err), -EINVAL);
		assert_non_null(strstr(err.text, "SUDO_UID: "));
		assert_int_equal(caller("1", values[i], &account, &err), -EINVAL);
		assert_non_null(strstr(err.text, "SUDO_GID: "));
	}
	if (!geteuid()) {
		struct error err = {0};

		assert_int_equal(caller("1", NULL, &account, &err), -EINVAL);
	}
}

static int whoami(void *arg)
{
	const struct account *want = arg;
	const char *home = getenv("HOME");
	gid_t groups[64];
	int count = getgroups(64, groups);

	for (int i = 0; i < count; i++)
		if (!groups[i] && want->gid)
			return 1;
	return getuid() != want->uid || geteuid() != want->uid || getgid() != want->gid ||
	       (want->home && (!home || strcmp(home, want->home) != 0));
}

static int fails(void *arg)
{
	(void)arg;
	return 3;
}

static void test_become(void **state)
{
	char name[] = "somebody", home[] = "/none";
	struct account somebody = {
		.uid = 4000000000u, .gid = 4000000001u, .name = name, .home = home};
	struct account nameless = {.uid = 4000000000u, .gid = 4000000001u};
	struct account self = {.uid = getuid(), .gid = getgid()};

	(void)state;
	assert_true(account_do(&self, whoami, &self));
	assert_true(account_do(NULL, whoami, &self));
	assert_false(account_do(NULL, fails, NULL));
	/* Root can be anybody, and nobody else can. */
	assert_int_equal(account_do(&somebody, whoami, &somebody), !geteuid());
	assert_int_equal(account_do(&nameless, whoami, &nameless), !geteuid());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),   cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_caller), cmocka_unit_test(test_caller_absurd),
		cmocka_unit_test(test_become),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
