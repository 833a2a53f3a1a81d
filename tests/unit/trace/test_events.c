/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of what is told of the arguments of an event, and of what its records may be.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <ftrace/marks.h>

#include "trace/decode.h"
#include "trace/mark_source.h"

#define KEPT (sizeof(struct ft_event) - offsetof(struct ft_event, event))

static struct event_arg args[] = {
	{.name = (char *)"small",
	 .kind = EVENT_ARG_NUMBER,
	 .size = 4,
	 .is_signed = true,
	 .text = EVENT_NO_TEXT},
	{.name = (char *)"large", .kind = EVENT_ARG_NUMBER, .size = 8, .text = EVENT_NO_TEXT},
	{.name = (char *)"task", .kind = EVENT_ARG_TASK, .text = 0},
	{.name = (char *)"text", .kind = EVENT_ARG_STRING, .text = 1},
	{.name = (char *)"at", .kind = EVENT_ARG_POINTER, .size = 8, .text = EVENT_NO_TEXT},
};
static const struct event_type type = {
	.name = (char *)"group:name", .args = args, .nargs = 5, .ntexts = 2};
static const struct marks_wanted wanted = {.events = &type, .nevents = 1};

/* As it came; `bytes` are what is kept of it. */
static struct record {
	struct ft_event e;
	char rooms[FT_EVENT_TEXTS][FT_EVENT_TEXT];
} record;

static struct mark_source source;

static void make_record(void)
{
	struct ft_event_task task = {"postgres", 881};

	memset(&record, 0, sizeof(record));
	record.e.read = 3;
	record.e.args[0] = 0xdeadbeeffffffffe; /* the upper half means nothing */
	record.e.args[1] = UINT64_MAX;
	record.e.args[2] = 0xffff888000000000;
	record.e.args[3] = 0xffff888000000040;
	record.e.args[4] = 0xffff888000000080;
	memcpy(record.rooms[0], &task, sizeof(task));
	strcpy(record.rooms[1], "eth0");
}

static bool tell(size_t len)
{
	struct mark mark = {.kind = &mark_event};
	struct mark_bytes of = {
		.mark = &mark, .bytes = (const unsigned char *)&record.e.event, .len = len};

	source.wanted = &wanted;
	source.nargs = 0;
	buf_reset(&source.text);
	return event_tell(&source, &of);
}

static void assert_text(size_t index, const char *expected, enum mark_value kind)
{
	const struct mark_arg *arg = &source.args[index];

	assert_int_equal(arg->kind, kind);
	assert_int_equal(arg->len, strlen(expected));
	assert_memory_equal(source.text.data + arg->u, expected, arg->len);
}

static void test_arguments(void **state)
{
	(void)state;
	make_record();
	assert_true(tell(KEPT + sizeof(record.rooms)));
	assert_string_equal(source.detail.name, "group:name");
	assert_true(source.detail.has_args);
	assert_int_equal(source.nargs, 5);
	assert_string_equal(source.args[0].name, "small");
	assert_int_equal(source.args[0].kind, MARK_VALUE_NUMBER);
	assert_true(source.args[0].number == -2);
	assert_int_equal(source.args[1].kind, MARK_VALUE_UNSIGNED);
	assert_true(source.args[1].u == UINT64_MAX);
	assert_text(2, "postgres/881", MARK_VALUE_WORD);
	assert_text(3, "eth0", MARK_VALUE_TEXT);
	assert_false(source.args[3].truncated);
	assert_int_equal(source.args[4].kind, MARK_VALUE_HEX);
	assert_true(source.args[4].u == 0xffff888000000080);
	mark_source_release(&source);
}

/* What could not be read, or is not there, is told by its address. */
static void test_unreadable(void **state)
{
	(void)state;
	make_record();
	record.e.read = 1;
	assert_true(tell(KEPT + sizeof(record.rooms)));
	assert_int_equal(source.args[3].kind, MARK_VALUE_HEX);
	assert_true(source.args[3].u == 0xffff888000000040);
	record.e.read = 3;
	assert_true(tell(KEPT));
	assert_int_equal(source.args[2].kind, MARK_VALUE_HEX);
	mark_source_release(&source);
}

/* A name that fills its room has no NUL when it is hostile, and is cut. */
static void test_long_text(void **state)
{
	(void)state;
	make_record();
	memset(record.rooms[0], 'c', FT_EVENT_TEXT);
	memset(record.rooms[1], 'x', FT_EVENT_TEXT);
	assert_true(tell(KEPT + sizeof(record.rooms)));
	assert_int_equal(source.args[2].len, strlen("cccccccccccccccc/1667457891"));
	assert_int_equal(source.args[3].len, 64);
	assert_true(source.args[3].truncated);
	mark_source_release(&source);
}

static void test_hostile(void **state)
{
	(void)state;
	make_record();
	assert_false(tell(KEPT - 1));
	assert_false(tell(0));
	record.e.event = 1;
	assert_false(tell(KEPT + sizeof(record.rooms)));
	mark_source_release(&source);
}

static void test_sizes(void **state)
{
	const struct plan plan = {0};
	struct event event;

	(void)state;
	make_record();
	record.e.r.kind = FT_EVENT;
	for (size_t len = sizeof(struct ft_record); len <= sizeof(record); len += 4) {
		bool whole = len == sizeof(record.e) || len == FT_EVENT_WITH_TEXTS;

		record.e.r.size = (uint16_t)len;
		assert_int_equal(!decode(&plan, &record, len, &event), whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments), cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_long_text), cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
