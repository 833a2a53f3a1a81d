/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/run/reader.h"

/* More than a pipe holds. */
#define MUCH ((size_t)1 << 20)

/* A trace that goes into a pipe, and what happens while its reader is waited for. */
struct scene {
	struct child child;
	struct signals signals;
	struct reader reader;
	struct outlet outlet;
	int ends[2];
	size_t got;          /* bytes that were read */
	bool takes;          /* the reader takes something each time */
	unsigned int raised; /* signals that come, one each time */
	unsigned int calls;
};

static void between(void *arg)
{
	struct scene *scene = arg;
	char bytes[4096];
	ssize_t got;

	scene->calls++;
	if (scene->raised) {
		scene->raised--;
		raise(SIGTERM);
	}
	if (!scene->takes)
		return;
	got = read(scene->ends[0], bytes, sizeof(bytes));
	scene->got += got > 0 ? (size_t)got : 0;
}

static int setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct error err;

	if (!scene || pipe(scene->ends))
		return -1;
	fcntl(scene->ends[0], F_SETFL, O_NONBLOCK);
	scene->child = (struct child){.go = -1, .told = -1};
	scene->reader =
		(struct reader){.signals = &scene->signals, .between = between, .arg = scene};
	outlet_init(&scene->outlet, scene->ends[1]);
	reader_of(&scene->reader, &scene->outlet);
	*state = scene;
	return signals_open(&scene->signals, &scene->child, true, &err);
}

static int teardown(void **state)
{
	struct scene *scene = *state;

	outlet_close(&scene->outlet);
	signals_close(&scene->signals);
	close(scene->ends[0]);
	close(scene->ends[1]);
	free(scene);
	return 0;
}

static int write_much(struct scene *scene)
{
	static const char line[1024];

	for (size_t i = 0; i < MUCH / sizeof(line); i++)
		buf_add(&scene->outlet.buf, line, sizeof(line));
	return outlet_flush(&scene->outlet);
}

static void test_slow_reader(void **state)
{
	struct scene *scene = *state;

	scene->takes = true;
	assert_int_equal(write_much(scene), 0);
	assert_true(scene->got >= MUCH - 65536);
}

/* With one signal it has a second, by the next one it has had enough. */
static void test_reader_that_takes_nothing(void **state)
{
	struct scene *scene = *state;

	scene->raised = 2;
	assert_int_equal(write_much(scene), -EINTR);
	assert_int_equal(scene->signals.asked, 2);
	/* What is asked for later changes nothing. */
	scene->takes = true;
	assert_int_equal(outlet_flush(&scene->outlet), -EINTR);
}

static void test_patience(void **state)
{
	struct scene *scene = *state;

	scene->raised = 1;
	assert_int_equal(write_much(scene), -EINTR);
	assert_int_equal(scene->signals.asked, 1);
	assert_true(scene->calls >= 20);
}

static void test_fifo_without_a_reader(void **state)
{
	char directory[] = "/tmp/reader.XXXXXX", path[64];
	struct scene *scene = *state;
	struct outlet outlet = {.fd = -1};

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/fifo", directory);
	assert_int_equal(mkfifo(path, 0600), 0);
	raise(SIGINT);
	assert_int_equal(reader_open(&scene->reader, &outlet, path, NULL, true), -EINTR);
	assert_int_equal(scene->signals.last, SIGINT);
	outlet_close(&outlet);
	unlink(path);
	rmdir(directory);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_slow_reader),
		TEST(test_reader_that_takes_nothing),
		TEST(test_patience),
		TEST(test_fifo_without_a_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
