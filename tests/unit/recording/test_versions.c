/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings that older releases have written: version-N.ftrace is one call of main.a in goroutine 18.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "recording/recording.h"

static unsigned int roots;

static int on_root(struct sink *sink, const struct tree *tree)
{
	(void)sink;
	roots++;
	assert_int_equal(tree->ncalls, 1);
	assert_int_equal(tree->goid, 18);
	assert_int_equal(tree->calls[0].end - tree->calls[0].start, 2000);
	/* What the version does not know. */
	assert_null(tree_goroutine(tree));
	assert_int_equal(tree->process->run, 0);
	return 0;
}

static void test_version_1(void **state)
{
	static const struct sink_ops ops = {.name = "test", .root = on_root};
	struct sink sink = {&ops};
	struct error err = {0};
	int fd = open("tests/unit/recording/version-1.ftrace", O_RDONLY | O_CLOEXEC);
	struct recording *recording = recording_open(fd, "FILE", &err);

	(void)state;
	if (!recording)
		fail_msg("%s", err.text);
	assert_false(recording_head(recording)->origins);
	assert_false(recording_head(recording)->goroutines);
	assert_int_equal(recording_play(recording, &sink), 0);
	assert_int_equal(roots, 1);
	assert_int_equal(recording_damage(recording)->blocks, 0);
	assert_false(recording_damage(recording)->cut);
	recording_close(recording);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
