/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/rights/account.h"

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
	unsetenv("DOAS_USER");
	unsetenv("PKEXEC_UID");
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

/* doas and pkexec have no variable for the group: it is the user's own. */
static void test_other_callers(void **state)
{
	static const struct {
		const char *sudo, *doas, *pkexec;
		int ret;
		const char *says;
	} rows[] = {
		{NULL, "nobody", NULL, 1, NULL},
		{NULL, NULL, "65534", 1, NULL},
		{"65534", "nobody", "65534", 1, NULL},
		/* Of two, the one that root called says nothing. */
		{"0", "nobody", NULL, 1, NULL},
		{"65534", "root", "0", 1, NULL},
		{NULL, "root", NULL, 0, NULL},
		{NULL, NULL, "0", 0, NULL},
		{"1", "nobody", NULL, -EINVAL, "SUDO_UID and DOAS_USER: two users; "},
		{NULL, "daemon", "65534", -EINVAL, "DOAS_USER and PKEXEC_UID: two users; "},
		{"1", "root", "65534", -EINVAL, "SUDO_UID and PKEXEC_UID: two users; "},
		{NULL, "", NULL, -EINVAL, "DOAS_USER: '': no such user; "},
		{NULL, "65534", NULL, -EINVAL, "DOAS_USER: '65534': no such user; "},
		{NULL, NULL, "", -EINVAL, "PKEXEC_UID: '': "},
		{NULL, NULL, "x", -EINVAL, "PKEXEC_UID: 'x': "},
		{NULL, NULL, "4000000000", -EINVAL, "PKEXEC_UID: '4000000000': no such user; "},
		{"65534", NULL, "4294967296", -EINVAL, "PKEXEC_UID: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct account account;
		struct error err = {0};

		caller(NULL, NULL, &account, &err);
		if (rows[i].sudo)
			setenv("SUDO_UID", rows[i].sudo, 1);
		if (rows[i].sudo)
			setenv("SUDO_GID", rows[i].sudo, 1);
		if (rows[i].doas)
			setenv("DOAS_USER", rows[i].doas, 1);
		if (rows[i].pkexec)
			setenv("PKEXEC_UID", rows[i].pkexec, 1);
		assert_int_equal(account_caller(&account, &err), geteuid() ? 0 : rows[i].ret);
		if (geteuid())
			continue;
		if (rows[i].says)
			assert_int_equal(strncmp(err.text, rows[i].says, strlen(rows[i].says)), 0);
		assert_int_equal(account.uid, rows[i].ret > 0 ? 65534 : 0);
		assert_int_equal(account.gid, rows[i].ret > 0 ? 65534 : 0);
		if (rows[i].ret > 0)
			assert_string_equal(account.name, "nobody");
		else
			assert_null(account.name);
		account_release(&account);
	}
	unsetenv("DOAS_USER");
	unsetenv("PKEXEC_UID");
}

static int is(const char *name, const char *value)
{
	const char *got = getenv(name);

	return value ? got && !strcmp(got, value) : !got;
}

static int whoami(const struct account *want)
{
	gid_t groups[64];
	int count = getgroups(64, groups);

	for (int i = 0; i < count; i++)
		if (!groups[i] && want->gid)
			return 1;
	return getuid() != want->uid || geteuid() != want->uid || getgid() != want->gid ||
	       !is("HOME", want->home) || !is("USER", want->name) || !is("LOGNAME", want->name) ||
	       !is("XDG_RUNTIME_DIR", NULL) || !is("XDG_CONFIG_HOME", "/mine");
}

/* Whether a process of its own is that user when it has become so (NULL: without that) and looks like `want`. */
static bool becomes(const struct account *account, const struct account *want)
{
	pid_t pid = fork();
	int status = -1;

	if (!pid)
		_exit((account && account_become(account)) || whoami(want));
	waitpid(pid, &status, 0);
	return !status;
}

static void test_become(void **state)
{
	char name[] = "somebody", home[] = "/none";
	struct account somebody = {
		.uid = 4000000000u, .gid = 4000000001u, .name = name, .home = home};
	struct account nameless = {.uid = 4000000000u, .gid = 4000000001u};
	struct account self = {.uid = getuid(), .gid = getgid(), .name = name, .home = home};
	struct account same = {.uid = getuid(), .gid = getgid()};

	(void)state;
	setenv("HOME", "/other", 1);
	setenv("USER", "other", 1);
	setenv("XDG_RUNTIME_DIR", "/run/user/1", 1);
	setenv("XDG_CONFIG_HOME", "/mine", 1);
	assert_true(becomes(&self, &self));
	assert_true(becomes(&same, &same));
	assert_false(becomes(NULL, &self));
	/* Root can be anybody, and nobody else can. */
	assert_int_equal(becomes(&somebody, &somebody), !geteuid());
	assert_int_equal(becomes(&nameless, &nameless), !geteuid());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),          cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_caller),        cmocka_unit_test(test_caller_absurd),
		cmocka_unit_test(test_other_callers), cmocka_unit_test(test_become),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
