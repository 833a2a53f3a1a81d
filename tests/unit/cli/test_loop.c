/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "cli/run/loop.h"

#define SECONDS(n) ((n)*CLOCK_SECOND)

/* Who acted, in order. */
static char acted[16];

/* `arg` is a letter. It is over for it then. */
static int act(struct watcher *self, uint64_t now)
{
	assert_true(self->due == LOOP_NEVER || self->due <= now);
	self->due = LOOP_NEVER;
	strncat(acted, self->arg, 1);
	return 0;
}

static int fail_once(struct watcher *self, uint64_t now)
{
	act(self, now);
	return -EIO;
}

static void add(struct loop *loop, const int *fd, uint64_t due,
		int (*does)(struct watcher *self, uint64_t now), char *letter)
{
	const struct watcher watcher = {.fd = fd, .due = due, .act = does, .arg = letter};

	assert_int_equal(loop_add(loop, &watcher), 0);
}

static int setup(void **state)
{
	(void)state;
	memset(acted, 0, sizeof(acted));
	return 0;
}

static void test_the_earliest_first(void **state)
{
	struct loop loop = {0};
	uint64_t now = clock_now();

	(void)state;
	add(&loop, NULL, now + 40000000, act, "c");
	add(&loop, NULL, now + 1, act, "a");
	add(&loop, NULL, now + 20000000, act, "b");
	add(&loop, NULL, now + SECONDS(1000), act, "d");
	while (strlen(acted) < 3)
		assert_int_equal(loop_turn(&loop), 0);
	/* However late each turn is, none acts before its time. */
	assert_null(strchr(acted, 'd'));
	assert_true(clock_now() >= now + 40000000);
	loop_release(&loop);
}

static void test_all_that_is_due_in_order(void **state)
{
	struct loop loop = {0};
	uint64_t now = clock_now();

	(void)state;
	add(&loop, NULL, now, act, "a");
	add(&loop, NULL, 0, act, "b");
	add(&loop, NULL, LOOP_NEVER, act, "x");
	add(&loop, NULL, now - 1, act, "c");
	assert_int_equal(loop_turn(&loop), 0);
	assert_string_equal(acted, "abc");
	loop_release(&loop);
}

static void test_descriptors(void **state)
{
	struct loop loop = {0};
	int ready[2], silent[2], none = -1;

	(void)state;
	assert_int_equal(pipe(ready) | pipe(silent), 0);
	add(&loop, &silent[0], LOOP_NEVER, act, "s");
	add(&loop, &ready[0], LOOP_NEVER, act, "r");
	add(&loop, &none, LOOP_NEVER, act, "n");
	assert_int_equal(write(ready[1], "x", 1), 1);
	assert_int_equal(loop_turn(&loop), 0);
	assert_string_equal(acted, "r");
	/* The other end is closed: that is to be seen, too. */
	close(silent[1]);
	assert_int_equal(loop_turn(&loop), 0);
	assert_string_equal(acted, "rsr");
	/* One whose descriptor has gone meanwhile is left alone. */
	close(silent[0]);
	silent[0] = -1;
	assert_int_equal(loop_turn(&loop), 0);
	assert_string_equal(acted, "rsrr");
	close(ready[0]);
	close(ready[1]);
	loop_release(&loop);
}

static void test_time_beside_a_descriptor(void **state)
{
	struct loop loop = {0};
	int silent[2];

	(void)state;
	assert_int_equal(pipe(silent), 0);
	add(&loop, &silent[0], clock_now() + 1000000, act, "t");
	assert_int_equal(loop_turn(&loop), 0);
	assert_string_equal(acted, "t");
	close(silent[0]);
	close(silent[1]);
	loop_release(&loop);
}

static void test_failure_ends_the_turn(void **state)
{
	struct loop loop = {0};

	(void)state;
	add(&loop, NULL, 0, act, "a");
	add(&loop, NULL, 0, fail_once, "f");
	add(&loop, NULL, 0, act, "b");
	assert_int_equal(loop_turn(&loop), -EIO);
	assert_string_equal(acted, "af");
	assert_int_equal(loop_turn(&loop), 0);
	assert_string_equal(acted, "afb");
	loop_release(&loop);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_earliest_first),    TEST(test_all_that_is_due_in_order),
		TEST(test_descriptors),           TEST(test_time_beside_a_descriptor),
		TEST(test_failure_ends_the_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
