/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls as spans: which are, what they hang on, to which trace they belong, and how much is said of one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink/otlp/spans.h"

static const struct catalog_func funcs[] = {
	{.name = "main.a", .file = "/src/a.go", .line = 7}, {.name = "main.b"}, {.name = "main.c"}};
static struct catalog catalog;
static struct sink_config config;
static struct spans spans;
static struct buf all;
static uint32_t count;
static struct process process = {
	.pid = 412, .exe = (char *)"/srv/shop", .go = "go1.26.8", .run = 1};
static struct goroutine origin;

static int put(void *arg, struct buf *request, uint32_t n)
{
	(void)arg;
	count += n;
	buf_add(&all, request->data, request->len);
	return 0;
}

static int make(void **state)
{
	(void)state;
	unsetenv("OTEL_SERVICE_NAME");
	unsetenv("OTEL_RESOURCE_ATTRIBUTES");
	for (int i = 0; i < 3; i++)
		assert_int_equal(catalog_add_func(&catalog, &funcs[i]), 0);
	config = (struct sink_config){.catalog = &catalog};
	assert_int_equal(spans_init(&spans, &config, &span_writer_json), 0);
	spans.put = put;
	count = 0;
	buf_reset(&all);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	spans_release(&spans);
	catalog_release(&catalog);
	catalog = (struct catalog){0};
	buf_release(&all);
	return 0;
}

static const struct goroutine *tell(struct tree_source *source, const struct tree *tree)
{
	(void)source, (void)tree;
	return &origin;
}

static const struct values *no_values(struct tree_source *source, const struct tree *tree,
				      const struct call *call)
{
	(void)source, (void)tree, (void)call;
	return NULL;
}

static struct tree_source source = {.args = no_values, .results = no_values, .goroutine = tell};

/* The text behind the `n`th `"key":"` from 0 on. */
static const char *field(const char *key, int n)
{
	static char found[64];
	const char *at = buf_str(&all);
	char pattern[64];

	snprintf(pattern, sizeof(pattern), "\"%s\":\"", key);
	do {
		at = strstr(at, pattern);
		if (!at)
			return NULL;
		at += strlen(pattern);
	} while (n--);
	snprintf(found, sizeof(found), "%.*s", (int)strcspn(at, "\""), at);
	return found;
}

static struct call call(uint32_t func, uint32_t parent, uint64_t start, uint64_t end)
{
	return (struct call){.func = func,
			     .parent = parent,
			     .start = start,
			     .end = end,
			     .how = CALL_RETURN,
			     .level = parent == CALL_NONE ? 0 : 1};
}

static void what_has_no_end_is_left_out(void **state)
{
	struct call calls[] = {call(0, CALL_NONE, 100, 200), call(1, 0, 110, 0),
			       call(2, 1, 120, 130)};
	struct tree tree = {
		.process = &process, .source = &source, .goid = 7, .calls = calls, .ncalls = 3};
	char root[64];

	(void)state;
	calls[1].how = CALL_LOST;
	assert_int_equal(spans_root(&spans, &tree), 0);
	assert_int_equal(spans_flush(&spans), 0);
	assert_int_equal(count, 2);
	assert_int_equal(spans.left_out, 1);
	assert_string_equal(field("name", 1), "main.a");
	assert_string_equal(field("name", 2), "main.c");
	strcpy(root, field("spanId", 0));
	assert_int_equal(strlen(root), 16);
	/* The nearest one above. */
	assert_string_equal(field("parentSpanId", 0), root);
	assert_null(field("parentSpanId", 1));
	assert_string_equal(field("startTimeUnixNano", 1), "120");
	assert_string_equal(field("endTimeUnixNano", 1), "130");
	assert_non_null(
		strstr(buf_str(&all), "\"service.name\",\"value\":{\"stringValue\":\"shop\"}"));
	assert_non_null(
		strstr(buf_str(&all), "\"code.line.number\",\"value\":{\"intValue\":\"7\"}"));
}

static void a_goroutine_joins_the_call_that_started_it(void **state)
{
	struct call parent = call(0, CALL_NONE, 100, 200), child = call(1, CALL_NONE, 150, 160);
	struct tree of_parent = {
		.process = &process, .source = NULL, .goid = 7, .calls = &parent, .ncalls = 1};
	struct tree of_child = {.process = &process,
				.source = &source,
				.goid = 9,
				.origin = 1,
				.calls = &child,
				.ncalls = 1};
	char trace[64], id[64];

	(void)state;
	origin = (struct goroutine){.has_parent = true,
				    .linked = true,
				    .parent = 7,
				    .call = 100,
				    .root_goid = 7,
				    .root_start = 100};
	/* The child's call is over first. */
	assert_int_equal(spans_root(&spans, &of_child), 0);
	assert_int_equal(spans_root(&spans, &of_parent), 0);
	assert_int_equal(spans_flush(&spans), 0);
	strcpy(trace, field("traceId", 0));
	assert_string_equal(field("traceId", 1), trace);
	strcpy(id, field("spanId", 1));
	assert_string_equal(field("parentSpanId", 0), id);
	assert_null(field("parentSpanId", 1));
	/* Of another program in the same process they would be others. */
	origin = (struct goroutine){0};
	assert_int_equal(spans_root(&spans, &of_child), 0);
	assert_int_equal(spans_flush(&spans), 0);
	assert_string_not_equal(field("traceId", 2), trace);
}

static void events_are_bounded(void **state)
{
	struct call one = call(0, CALL_NONE, 100, 10000);
	struct mark *marks = calloc(SPANS_EVENTS + 9, sizeof(*marks));
	struct tree tree = {.process = &process,
			    .goid = 7,
			    .calls = &one,
			    .ncalls = 1,
			    .marks = marks,
			    .nmarks = SPANS_EVENTS + 9};
	const char *at;
	int events = 0;

	(void)state;
	assert_non_null(marks);
	for (size_t i = 0; i < tree.nmarks; i++)
		marks[i] = (struct mark){
			.kind = &mark_wait, .start = 200 + i, .end = 201 + i, .before = 1};
	assert_int_equal(spans_root(&spans, &tree), 0);
	assert_int_equal(spans_flush(&spans), 0);
	for (at = buf_str(&all); (at = strstr(at, "timeUnixNano")); at++)
		events++;
	assert_int_equal(events, SPANS_EVENTS);
	assert_non_null(strstr(buf_str(&all), "],\"droppedEventsCount\":9}"));
	free(marks);
}

static void requests_are_bounded(void **state)
{
	struct call one = call(0, CALL_NONE, 100, 200);
	struct tree tree = {.process = &process, .goid = 7, .calls = &one, .ncalls = 1};

	(void)state;
	for (uint32_t i = 0; i <= SPANS_MOST; i++)
		assert_int_equal(spans_root(&spans, &tree), 0);
	assert_int_equal(count, SPANS_MOST);
	assert_int_equal(spans_flush(&spans), 0);
	assert_int_equal(count, SPANS_MOST + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_has_no_end_is_left_out, make, drop),
		cmocka_unit_test_setup_teardown(a_goroutine_joins_the_call_that_started_it, make,
						drop),
		cmocka_unit_test_setup_teardown(events_are_bounded, make, drop),
		cmocka_unit_test_setup_teardown(requests_are_bounded, make, drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
