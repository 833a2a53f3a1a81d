/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the recorded cases cannot see: counts, errors, and what must not grow. Calls come out as words:
 *
 *     a(b=return)=unwound     a root, with what was below it
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "trace/trace.h"

#define MS 1000000ull
#define SECOND 1000000000ull

enum { A, B };
enum { ENTRY, RET, TAIL, SITES };

static struct plan_func funcs[] = {{.name = "a"}, {.name = "b"}};
static struct site sites[] = {
	{.kind = SITE_ENTRY, .func = A}, {.kind = SITE_RET, .func = A}, {.kind = SITE_TAIL, .func = A},
	{.kind = SITE_ENTRY, .func = B}, {.kind = SITE_RET, .func = B}, {.kind = SITE_TAIL, .func = B},
	{.kind = SITE_RECOVER, .func = PLAN_NO_FUNC},
	{.kind = SITE_GOEXIT, .func = PLAN_NO_FUNC},
};
static const struct plan plan = {.funcs = funcs, .nfuncs = 2, .sites = sites, .nsites = 8};

static struct trace *trace;
static struct trace_config config;
static struct buf out;
static int answer;      /* of the operations */
static bool whole, gone;
static unsigned int foreign, entered, announced;
static uint64_t ids;
static size_t most_values; /* bytes that a streamed tree held */
static struct ft_loss_key lost_key;
static struct ft_loss lost;

static const char *const ends[] = {"open", "return", "tail", "unwound", "exit", "lost"};

static void put_call(const struct tree *tree, uint32_t index)
{
	const struct call *call = &tree->calls[index];
	bool first = true;

	buf_adds(&out, funcs[call->func].name);
	for (uint32_t i = index + 1; i < tree->ncalls; i++) {
		if (tree->calls[i].parent != index)
			continue;
		buf_addc(&out, first ? '(' : ' ');
		first = false;
		put_call(tree, i);
	}
	buf_adds(&out, first ? "=" : ")=");
	buf_adds(&out, ends[call->how]);
}

static int op_process(void *arg, const struct process *process)
{
	(void)arg, (void)process;
	announced++;
	return 0;
}

static int op_root(void *arg, const struct tree *tree)
{
	(void)arg;
	put_call(tree, 0);
	buf_addc(&out, ' ');
	return answer;
}

static int op_enter(void *arg, const struct tree *tree, uint32_t call)
{
	(void)arg;
	/* Whoever called it was told of before. */
	assert_true(call == 0 || tree->calls[tree->calls[call].parent].id);
	entered++;
	return answer;
}

static int op_leave(void *arg, const struct tree *tree, uint32_t call)
{
	(void)arg;
	most_values = tree->nvalues > most_values ? tree->nvalues : most_values;
	buf_adds(&out, funcs[tree->calls[call].func].name);
	buf_addc(&out, '.');
	return answer;
}

static int op_loss(void *arg, const struct loss *loss)
{
	(void)arg, (void)loss;
	buf_adds(&out, "loss ");
	return answer;
}

static uint64_t op_next_id(void *arg)
{
	(void)arg;
	return ++ids;
}

static int op_identify(void *arg, struct process *process, const struct ft_record *first)
{
	(void)arg;
	process->whole = whole;
	return foreign && first->tgid == foreign ? -ENOENT : 0;
}

static bool op_is_gone(void *arg, const struct process *process, uint64_t g, uint64_t goid)
{
	(void)arg, (void)process, (void)g, (void)goid;
	return gone;
}

static bool op_next_loss(void *arg, struct ft_loss_key *key, struct ft_loss *loss)
{
	(void)arg;
	if (!lost.count)
		return false;
	*key = lost_key;
	*loss = lost;
	lost = (struct ft_loss){0};
	return true;
}

static const struct trace_ops ops = {
	.process = op_process,
	.root = op_root,
	.enter = op_enter,
	.leave = op_leave,
	.loss = op_loss,
	.next_id = op_next_id,
	.identify = op_identify,
	.is_gone = op_is_gone,
	.next_loss = op_next_loss,
};

static int setup(void **state)
{
	(void)state;
	config = (struct trace_config){.plan = &plan, .hold = TRACE_HOLD_NEVER};
	answer = 0;
	whole = true;
	gone = false;
	foreign = entered = announced = 0;
	ids = 0;
	most_values = 0;
	lost = (struct ft_loss){0};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	trace_free(trace);
	trace = NULL;
	buf_release(&out);
	return 0;
}

static void start(void)
{
	trace = trace_new(&config, &ops, NULL);
	assert_non_null(trace);
}

static struct ft_entry record; /* what all records have unless a test changes it */

static int send(uint8_t kind, uint32_t site, uint64_t time, uint64_t lane, uint64_t depth)
{
	record.r.kind = kind;
	record.r.site = site;
	record.r.time = time;
	record.r.lane = lane;
	record.r.depth = depth;
	record.r.tgid = 10;
	record.r.tid = 10;
	record.r.size = kind == FT_ENTRY ? sizeof(record) : sizeof(record.r);
	return trace_record(trace, &record, record.r.size);
}

static int enter(uint32_t func, uint64_t time, uint64_t lane, uint64_t depth)
{
	return send(FT_ENTRY, func * SITES + ENTRY, time, lane, depth);
}

static int leave(uint32_t func, uint64_t time, uint64_t lane, uint64_t depth)
{
	return send(FT_EXIT, func * SITES + RET, time, lane, depth);
}

static void expect(const char *text)
{
	assert_string_equal(buf_str(&out), text);
	buf_reset(&out);
}

static void test_open_lanes_are_counted(void **state)
{
	(void)state;
	start();
	/* A root that the next one takes away leaves one lane open, not two. */
	for (uint64_t i = 1; i < 1000; i++) {
		enter(A, i, 5, 100);
		assert_int_equal(trace_counts(trace)->open_lanes, 1);
	}
	enter(A, 1000, 6, 100);
	assert_int_equal(trace_counts(trace)->open_lanes, 2);
	leave(A, 1001, 5, 100);
	leave(A, 1002, 6, 100);
	assert_int_equal(trace_counts(trace)->open_lanes, 0);
}

static void test_the_tree(void **state)
{
	(void)state;
	start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	leave(B, 3, 5, 200);
	enter(B, 4, 5, 200);
	/* b never returns: a does. */
	leave(A, 5, 5, 100);
	expect("a(b=return b=unwound)=return ");
	assert_int_equal(announced, 1);
	assert_int_equal(trace_counts(trace)->roots, 1);
	assert_int_equal(trace_counts(trace)->records, 5);
}

static void test_recover_and_goexit(void **state)
{
	(void)state;
	start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	/* The frame that goes on is a's: its own depth is less. */
	send(FT_RECOVER, 6, 3, 5, 150);
	enter(B, 4, 5, 180);
	leave(B, 5, 5, 180);
	send(FT_GOEXIT, 7, 6, 5, 0);
	expect("a(b=unwound b=return)=unwound ");
	assert_int_equal(trace_counts(trace)->open_lanes, 0);
}

/* Loops and morestack run an entry again: one call. Without the mark they are two. */
static void test_repeated_entry(void **state)
{
	(void)state;
	sites[ENTRY].may_repeat = true;
	start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	enter(A, 3, 5, 100);
	leave(A, 4, 5, 100);
	sites[ENTRY].may_repeat = false;
	expect("a(b=unwound)=return ");
	enter(A, 5, 5, 100);
	enter(A, 6, 5, 100);
	leave(A, 7, 5, 100);
	expect("a=unwound a=return ");
}

static void test_unseen_entries(void **state)
{
	(void)state;
	start();
	leave(A, 1, 5, 100);
	/* Traced from its first instruction on nothing was missed. */
	expect("");
	send(FT_PROC_EXIT, 0, 2, 0, 0);
	whole = false;
	leave(A, 3, 5, 100);
	expect("a=return ");
}

/* With --goid: on a scheduler's stack what was not wanted leaves no phantom behind. */
static void test_strays_of_other_goroutines(void **state)
{
	static const uint64_t goids[] = {7};

	(void)state;
	whole = false;
	config.select.goids = goids;
	config.select.ngoids = 1;
	start();
	record.r.flags = FT_R_STACK;
	record.curg = 7;
	enter(A, 1, 0x1000, 100);
	record.curg = 8;
	enter(B, 2, 0x1000, 200);
	leave(B, 3, 0x1000, 200);
	leave(A, 4, 0x1000, 100);
	record.curg = 0;
	record.r.flags = 0;
	expect("a=return ");
	enter(A, 5, 8, 100);
	leave(A, 6, 8, 100);
	expect("");
}

static void test_process_ends(void **state)
{
	(void)state;
	start();
	enter(B, 2, 6, 100);
	enter(A, 1, 5, 100);
	send(FT_PROC_EXIT, 0, 3, 0, 0);
	expect("a=exit b=exit ");
	assert_int_equal(trace_counts(trace)->open_lanes, 0);
	assert_int_equal(trace_gone(trace, 10), 0);
	expect("");
	/* The next one of that number is another process. */
	enter(A, 4, 5, 100);
	assert_int_equal(trace_gone(trace, 10), 0);
	expect("a=exit ");
	assert_int_equal(announced, 2);
	/* Not hits, so not counted. */
	assert_int_equal(trace_counts(trace)->records, 3);
}

static void test_foreign_process(void **state)
{
	(void)state;
	foreign = 10;
	start();
	assert_int_equal(enter(A, 1, 5, 100), 0);
	assert_int_equal(leave(A, 2, 5, 100), 0);
	assert_int_equal(trace_finish(trace), 0);
	expect("");
	assert_int_equal(announced, 0);
}

static void lose(uint64_t time, uint64_t lane)
{
	lost_key = (struct ft_loss_key){.tgid = 10, .lane = lane};
	lost = (struct ft_loss){.first = time, .last = time, .count = 1};
	record.r.epoch++;
}

static void test_lost_exit(void **state)
{
	(void)state;
	record.r.epoch = 0;
	start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	lose(3, 5);
	leave(A, 4, 5, 100);
	record.r.epoch = 0;
	expect("a(b=lost)=return ");
	assert_int_equal(trace_counts(trace)->lost, 1);
}

/* What is kept although it is short, or nobody knows how long, keeps its callers. */
static void test_short_callers_of_kept_calls(void **state)
{
	(void)state;
	record.r.epoch = 0;
	config.select.min_duration = SECOND;
	start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	leave(B, 3, 5, 200);
	leave(A, 4, 5, 100);
	expect("");
	enter(A, 5, 5, 100);
	enter(B, 6, 5, 200);
	lose(7, 5);
	leave(A, 8, 5, 100);
	record.r.epoch = 0;
	expect("a(b=lost)=return ");
}

static void test_gone_goroutine(void **state)
{
	(void)state;
	record.r.epoch = 0;
	record.g = 0x1000;
	gone = true;
	start();
	enter(A, 1, 5, 100);
	assert_int_equal(trace_tick(trace, 10 * SECOND), 0);
	/* Nothing was lost: it is only slow. */
	expect("");
	lose(2, 5);
	enter(B, 3, 6, 100);
	leave(B, 4, 6, 100);
	buf_reset(&out);
	assert_int_equal(trace_tick(trace, SECOND / 2), 0);
	expect("");
	assert_int_equal(trace_tick(trace, 10 * SECOND), 0);
	record.r.epoch = 0;
	record.g = 0;
	expect("a=lost ");
	assert_int_equal(trace_counts(trace)->open_lanes, 0);
}

static void test_hold(void **state)
{
	(void)state;
	config.hold = 100 * MS;
	start();
	enter(A, 1, 5, 100);
	enter(B, 2, 5, 200);
	leave(B, 3, 5, 200);
	trace_tick(trace, 50 * MS);
	expect("");
	trace_tick(trace, 200 * MS);
	expect("b.");
	assert_int_equal(entered, 2);
	leave(A, 300 * MS, 5, 100);
	expect("a.");
	/* The next tree of that lane is held again. */
	enter(A, 301 * MS, 5, 100);
	leave(A, 302 * MS, 5, 100);
	expect("a=return ");
}

/* A stack of calls that are all young, and the innermost is shown: no recursion over its depth. */
static void test_deep_stream(void **state)
{
	const uint64_t depth = 300000;

	(void)state;
	config.hold = 0;
	config.select.min_duration = SECOND;
	start();
	for (uint64_t i = 1; i <= depth; i++)
		enter(A, i, 5, i * 16);
	assert_int_equal(entered, 0);
	leave(A, 5 * SECOND, 5, depth * 16);
	assert_int_equal(entered, depth);
	expect("a.");
	assert_int_equal(ids, depth);
}

/* Values of calls that are over do not pile up below one that goes on. */
static void test_values_do_not_pile_up(void **state)
{
	struct {
		struct ft_record r;
		unsigned char values[4000];
	} result = {.r = {.kind = FT_EXIT, .site = B * SITES + RET, .size = sizeof(result),
			  .flags = FT_R_VALUES, .tgid = 10, .tid = 10, .lane = 5, .depth = 200}};

	(void)state;
	config.hold = 0;
	start();
	enter(A, 1, 5, 100);
	for (uint64_t i = 2; i < 1000; i++) {
		enter(B, i, 5, 200);
		result.r.time = i;
		assert_int_equal(trace_record(trace, &result, sizeof(result)), 0);
	}
	assert_in_range(most_values, sizeof(result.values), 2 * sizeof(result.values));
}

static void test_max_calls(void **state)
{
	(void)state;
	config.select.max_calls = 2;
	start();
	enter(B, 1, 6, 100);
	for (uint64_t i = 1; i < 5; i++) {
		enter(A, 2 * i, 5, 100);
		assert_int_equal(leave(A, 2 * i + 1, 5, 100), i < 2 ? 0 : 1);
	}
	assert_int_equal(trace_tick(trace, SECOND), 1);
	expect("a=return a=return ");
	assert_int_equal(trace_counts(trace)->roots, 2);
}

static void test_error_stops(void **state)
{
	(void)state;
	answer = -ENOSPC;
	start();
	enter(A, 1, 5, 100);
	assert_int_equal(leave(A, 2, 5, 100), -ENOSPC);
	buf_reset(&out);
	answer = 0;
	assert_int_equal(enter(A, 3, 5, 100), -ENOSPC);
	assert_int_equal(trace_tick(trace, SECOND), -ENOSPC);
	assert_int_equal(trace_finish(trace), -ENOSPC);
	expect("");
}

static void test_damage(void **state)
{
	unsigned char bytes[64] __attribute__((aligned(8))) = {0};

	(void)state;
	start();
	assert_int_equal(trace_record(trace, bytes, 0), 0);
	assert_int_equal(trace_record(trace, bytes, sizeof(bytes)), 0);
	assert_int_equal(trace_counts(trace)->damaged, 2);
	assert_int_equal(trace_counts(trace)->records, 2);
	trace_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open_lanes_are_counted), TEST(test_the_tree),
		TEST(test_recover_and_goexit),	   TEST(test_repeated_entry),
		TEST(test_unseen_entries),	   TEST(test_strays_of_other_goroutines),
		TEST(test_process_ends),	   TEST(test_foreign_process),
		TEST(test_lost_exit),		   TEST(test_short_callers_of_kept_calls),
		TEST(test_gone_goroutine),	   TEST(test_hold),
		TEST(test_deep_stream),		   TEST(test_values_do_not_pile_up),
		TEST(test_max_calls),		   TEST(test_error_stops),
		TEST(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
