/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Several traces as one: in order of time, functions once, and what must be told apart apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "call/merge.h"

#define INPUTS 2

static struct buf seen;
static int fails_at; /* the sink fails then; 0: never */

/* A line each: function, number, process and run, start and duration. */
static int on_root(struct sink *sink, const struct tree *tree)
{
	(void)sink;
	for (size_t i = 0; i < tree->ncalls; i++)
		buf_addf(&seen, "f%u #%u %u/%u %u+%u\n", tree->calls[i].func,
			 (unsigned int)tree->calls[i].id, tree->process->pid, tree->process->run,
			 (unsigned int)tree->calls[i].start,
			 (unsigned int)(tree->calls[i].end - tree->calls[i].start));
	return fails_at && --fails_at == 0 ? -EPIPE : 0;
}

static int on_process(struct sink *sink, const struct process *process)
{
	(void)sink;
	buf_addf(&seen, "process %u %s\n", process->pid, process->host);
	return 0;
}

static const struct sink_ops ops = {.name = "seen", .process = on_process, .root = on_root};

/* A trace: calls of one function after the other, 10 ns long, each 100 ns from the one before. */
struct trace {
	struct merge *merge;
	size_t index;
	struct catalog catalog;
	struct sink_config config;
	uint64_t start;
	uint32_t calls;
	uint32_t func;
	int ret;
};

static void *play(void *arg)
{
	struct trace *trace = arg;
	struct process process = {.pid = 412, .run = 1, .exe = (char *)"/srv/main"};
	struct sink *sink;

	merge_begin(trace->merge);
	sink = merge_input(trace->merge, trace->index, &trace->config);
	trace->ret = sink_process(sink, &process);
	for (uint32_t i = 0; i < trace->calls && !trace->ret; i++) {
		struct call call = {.func = trace->func,
				    .parent = CALL_NONE,
				    .id = 1 + i,
				    .how = CALL_RETURN,
				    .start = trace->start + 100 * i};
		struct tree tree = {.process = &process, .goid = 7, .calls = &call, .ncalls = 1};

		call.end = call.start + 10;
		trace->ret = sink_root(sink, &tree);
	}
	merge_end(trace->merge, trace->index);
	return NULL;
}

static const struct catalog_exe exe = {.path = "/srv/main"};
static const struct catalog_func a = {.name = "main.a"}, b = {.name = "main.b"};

/* What both call is function 1 of the one, 0 of the other; the other's clock is 995 ns behind. */
static void run(struct trace *traces, const char *const hosts[INPUTS])
{
	struct sink sink = {.ops = &ops};
	struct merge *merge = merge_new(INPUTS, 0);
	pthread_t threads[INPUTS];

	assert_non_null(merge);
	merge_set_next(merge, &sink);
	buf_reset(&seen);
	for (size_t i = 0; i < INPUTS; i++) {
		struct trace *trace = &traces[i];

		trace->merge = merge;
		trace->index = i;
		assert_int_equal(catalog_add_exe(&trace->catalog, &exe), 0);
		if (!i)
			assert_int_equal(catalog_add_func(&trace->catalog, &a), 0);
		assert_int_equal(catalog_add_func(&trace->catalog, &b), 0);
		trace->func = !i;
		trace->config = (struct sink_config){.catalog = &trace->catalog, .host = hosts[i]};
		trace->config.realtime = i ? 995 : 0;
		merge_input(merge, i, &trace->config);
	}
	for (size_t i = 0; i < INPUTS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, play, &traces[i]), 0);
	for (size_t i = 0; i < INPUTS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(merge_catalog(merge)->nfuncs, 1);
	merge_free(merge);
	for (size_t i = 0; i < INPUTS; i++)
		catalog_release(&traces[i].catalog);
}

/* The lines of calls, in their order. */
static const char *calls(void)
{
	static struct buf text;
	const char *at = buf_str(&seen);

	buf_reset(&text);
	for (; *at; at += strcspn(at, "\n") + 1)
		if (*at == 'f')
			buf_add(&text, at, strcspn(at, "\n") + 1);
	return buf_str(&text);
}

/* Times: 1000 1100 1200 of the first; 1050 1150 of the other. */
static void in_order_of_time(void **state)
{
	static const char *const hosts[] = {"one", "two"};
	struct trace traces[INPUTS] = {{.start = 1000, .calls = 3}, {.start = 55, .calls = 2}};
	const char *all;

	(void)state;
	run(traces, hosts);
	all = buf_str(&seen);
	assert_non_null(strstr(all, "process 412 one\n"));
	assert_non_null(strstr(all, "process 10000412 two\n"));
	assert_string_equal(calls(), "f0 #2 412/2 1000+10\n"
				     "f0 #3 10000412/3 1050+10\n"
				     "f0 #4 412/2 1100+10\n"
				     "f0 #5 10000412/3 1150+10\n"
				     "f0 #6 412/2 1200+10\n");
}

/* Of one host the same number is the same process's. */
static void of_one_host(void **state)
{
	static const char *const hosts[] = {"one", "one"};
	struct trace traces[INPUTS] = {{.start = 1000, .calls = 1}, {.start = 55, .calls = 1}};

	(void)state;
	run(traces, hosts);
	assert_string_equal(calls(), "f0 #2 412/2 1000+10\nf0 #3 412/3 1050+10\n");
}

/* All end with it, and none waits for ever. */
static void an_error_ends_all(void **state)
{
	static const char *const hosts[] = {"one", "two"};
	struct trace traces[INPUTS] = {{.start = 1000, .calls = 30}, {.start = 55, .calls = 30}};

	(void)state;
	fails_at = 5;
	run(traces, hosts);
	fails_at = 0;
	assert_int_equal(traces[0].ret, -EPIPE);
	assert_int_equal(traces[1].ret, -EPIPE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order_of_time),
		cmocka_unit_test(of_one_host),
		cmocka_unit_test(an_error_ends_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
