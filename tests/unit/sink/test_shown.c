/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Structs that a tree has shown already.
 *
 *     calls[0]  main.serve(s)
 *     calls[1]    main.accept
 *     calls[2]    main.close
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "sink/shown.h"

#define SERVER 0xc000123000

static struct shown shown;
static struct call calls[] = {{.parent = CALL_NONE}, {.parent = 0}, {.parent = 0}};
static const struct tree tree = {.calls = calls, .ncalls = 3};

static int begin(void **state)
{
	(void)state;
	memset(&shown, 0, sizeof(shown));
	shown_begin_tree(&shown, &tree);
	shown_begin_line(&shown, 0);
	return 0;
}

static void add(uint32_t width)
{
	shown_add(&shown, SERVER, "Server", 6, width);
}

static bool before(uint32_t room)
{
	return shown_before(&shown, SERVER, "Server", 6, room);
}

static void one_of_the_line_or_of_an_open_caller_need_not_be_shown(void **state)
{
	(void)state;
	assert_false(before(1));
	add(10);
	assert_true(before(100));
	shown_begin_line(&shown, 1);
	assert_true(before(100));
	assert_false(shown_before(&shown, SERVER + 8, "Server", 6, 1));
	assert_false(shown_before(&shown, SERVER, "Served", 6, 1));
	assert_false(shown_before(&shown, 0, "", 0, 1));
}

static void one_of_a_call_that_is_over_only_when_it_had_the_room(void **state)
{
	(void)state;
	shown_begin_line(&shown, 1);
	add(50);
	shown_begin_line(&shown, 2);
	assert_true(before(50));
	assert_false(before(51));
	shown_begin_line(&shown, 0);
	assert_false(before(51));
}

static void another_tree_knows_nothing(void **state)
{
	(void)state;
	add(UINT32_MAX);
	shown_begin_tree(&shown, &tree);
	shown_begin_line(&shown, 0);
	assert_false(before(1));
}

static void what_is_taken_back_was_not_shown(void **state)
{
	size_t mark;

	(void)state;
	add(20);
	mark = shown_mark(&shown);
	add(UINT32_MAX);
	shown_undo(&shown, mark);
	shown_begin_line(&shown, 1);
	shown_begin_line(&shown, 2);
	assert_true(before(20));
	mark = shown_mark(&shown);
	/* More than are remembered of a line. */
	for (uint64_t i = 1; i <= 2 * SHOWN_JOURNAL; i++)
		shown_add(&shown, SERVER + 8 * i, "T", 1, 1);
	shown_undo(&shown, mark);
	for (uint64_t i = 1; i <= 2 * SHOWN_JOURNAL; i++)
		assert_false(shown_before(&shown, SERVER + 8 * i, "T", 1, 1));
	assert_true(before(20));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(one_of_the_line_or_of_an_open_caller_need_not_be_shown),
		TEST(one_of_a_call_that_is_over_only_when_it_had_the_room),
		TEST(another_tree_knows_nothing),
		TEST(what_is_taken_back_was_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
