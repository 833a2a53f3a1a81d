/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/target/lookup.h"

/* In it: here/prog, bin/prog, bin/tool, plain/prog that is not executable, dirs/prog/. The test stands in here/. */
static char root[] = "/tmp/ftrace-unit-XXXXXX";

static void put(const char *name, mode_t mode)
{
	int fd = open(name, O_CREAT | O_WRONLY, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(root) || chdir(root))
		return -1;
	mkdir("here", 0755);
	mkdir("bin", 0755);
	mkdir("plain", 0755);
	mkdir("dirs", 0755);
	mkdir("dirs/prog", 0755);
	put("here/prog", 0755);
	put("bin/prog", 0755);
	put("bin/tool", 0755);
	put("plain/prog", 0644);
	return chdir("here");
}

static int teardown(void **state)
{
	static const char *const names[] = {"here/prog",  "bin/prog",  "bin/tool",
					    "plain/prog", "dirs/prog", "here",
					    "bin",        "plain",     "dirs"};

	(void)state;
	if (chdir(root))
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		remove(names[i]);
	return rmdir(root);
}

/* `want` is below `root` when it begins with a slash. */
static void expect(char *found, const char *want)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s%s", *want == '/' ? root : "", want);
	assert_non_null(found);
	assert_string_equal(found, full);
	free(found);
}

/* Directories of `root`, or "" for an empty element. */
static void set_path(const char *first, const char *second)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s:%s%s", *first ? root : "", first, *second ? root : "",
		 second);
	setenv("PATH", path, 1);
}

static void test_started(void **state)
{
	struct error err = {0};

	(void)state;
	set_path("/bin", "/plain");
	expect(lookup_started("prog", &err), "/bin/prog");
	expect(lookup_started("tool", &err), "/bin/tool");
	/* What is no file that can be executed is passed over, as long as there is another. */
	set_path("/plain", "/bin");
	expect(lookup_started("prog", &err), "/bin/prog");
	set_path("/dirs", "/bin");
	expect(lookup_started("prog", &err), "/bin/prog");
	set_path("/dirs", "/plain");
	expect(lookup_started("prog", &err), "/plain/prog");
	/* Empty elements, at either end: here. */
	set_path("", "/bin");
	expect(lookup_started("prog", &err), "./prog");
	set_path("/dirs", "");
	expect(lookup_started("prog", &err), "./prog");
	setenv("PATH", "", 1);
	expect(lookup_started("prog", &err), "./prog");
	/* A slash, and nothing is looked up. */
	expect(lookup_started("./prog", &err), "./prog");
	expect(lookup_started("none/prog", &err), "none/prog");
	unsetenv("PATH");
	free(lookup_started("sh", &err));
	assert_int_equal(err.code, 0);
}

static void test_not_started(void **state)
{
	struct error err = {0};
	char name[2 * PATH_MAX];

	(void)state;
	set_path("/dirs", "/dirs");
	assert_null(lookup_started("prog", &err));
	assert_int_equal(err.code, -ENOENT);
	assert_string_equal(err.text, "prog: not in PATH; what is here is ./prog");
	assert_null(lookup_started("tool", &err));
	assert_string_equal(err.text, "tool: not in PATH; give its path");
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_null(lookup_started(name, &err));
	assert_int_equal(err.code, -ENOENT);
}

static void test_traced(void **state)
{
	(void)state;
	set_path("/bin", "/plain");
	expect(lookup_traced("prog"), "prog");
	expect(lookup_traced("tool"), "/bin/tool");
	expect(lookup_traced("none"), "none");
	expect(lookup_traced("./tool"), "./tool");
	set_path("/plain", "/plain");
	expect(lookup_traced("tool"), "tool");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_started),
		cmocka_unit_test(test_not_started),
		cmocka_unit_test(test_traced),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
