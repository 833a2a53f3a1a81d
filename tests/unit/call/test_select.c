/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The selecting sink: what it hands on of trees that are made by hand, as pictures. What it has in common with the tracer is
 * tested with recorded cases (tests/cases); here is what only a recording is asked for: functions, times, marks, streams.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "call/foresight.h"
#include "call/select.h"

/* A line for each thing that comes. */
static struct buf text;

static void put_call(const struct tree *tree, const struct call *call, const char *what)
{
	buf_addf(&text, "%s%*s%c id %llu", what, (int)call->level * 2, "", (char)('a' + call->func),
		 (unsigned long long)call->id);
	if (call->parent != CALL_NONE)
		buf_addf(&text, " in %llu", (unsigned long long)tree->calls[call->parent].id);
	if (call->flags & CALL_CUT_FROM)
		buf_adds(&text, " from");
	if (call->flags & CALL_CUT_TO)
		buf_adds(&text, " to");
	buf_addc(&text, '\n');
}

static int on_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	(void)sink;
	buf_addf(&text, "%s", mark->kind->name);
	if (tree && mark->call != CALL_NONE)
		buf_addf(&text, " in %llu", (unsigned long long)tree->calls[mark->call].id);
	else
		buf_addf(&text, " alone");
	buf_addc(&text, '\n');
	return 0;
}

static int on_process(struct sink *sink, const struct process *process)
{
	(void)sink;
	buf_addf(&text, "process %u\n", process->pid);
	return 0;
}

static int on_root(struct sink *sink, const struct tree *tree)
{
	size_t mark = 0;

	for (size_t i = 0; i <= tree->ncalls; i++) {
		for (; mark < tree->nmarks && tree->marks[mark].before <= i; mark++)
			on_mark(sink, tree, &tree->marks[mark]);
		if (i < tree->ncalls)
			put_call(tree, &tree->calls[i], "");
	}
	return 0;
}

static int on_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	(void)sink;
	put_call(tree, &tree->calls[call], "> ");
	return 0;
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	(void)sink;
	put_call(tree, &tree->calls[call], "< ");
	return 0;
}

static void on_free(struct sink *sink)
{
	free(sink);
}

static const struct sink_ops picture_ops = {
	.name = "picture",
	.process = on_process,
	.root = on_root,
	.enter = on_enter,
	.leave = on_leave,
	.mark = on_mark,
	.free = on_free,
};

/* a 10..100 { b 20..40 { c 25..30 }, d 50..60 { wait 52..58 }, loss 70 }, c 80.. open */
static struct process process = {.pid = 412};
static struct call calls[] = {
	{.start = 10,
	 .end = 100,
	 .func = 0,
	 .parent = CALL_NONE,
	 .level = 0,
	 .how = CALL_RETURN,
	 .id = 1},
	{.start = 20, .end = 40, .func = 1, .parent = 0, .level = 1, .how = CALL_RETURN, .id = 2},
	{.start = 25, .end = 30, .func = 2, .parent = 1, .level = 2, .how = CALL_RETURN, .id = 3},
	{.start = 50, .end = 60, .func = 3, .parent = 0, .level = 1, .how = CALL_RETURN, .id = 4},
};
static struct mark marks[] = {
	{.kind = &mark_wait, .start = 52, .end = 58, .before = 4, .call = 3},
	{.kind = &mark_loss,
	 .start = 70,
	 .end = 70,
	 .before = 4,
	 .call = CALL_NONE,
	 .pid = 412,
	 .result = 3},
};
static struct tree whole = {
	.process = &process, .goid = 18, .calls = calls, .ncalls = 4, .marks = marks, .nmarks = 2};
static struct call open_call = {
	.start = 80, .func = 2, .parent = CALL_NONE, .how = CALL_OPEN, .id = 5};
static struct tree open_tree = {.process = &process, .goid = 19, .calls = &open_call, .ncalls = 1};

/* Which functions are shown; of 'F' those below it pass a filter that lasted 10 at least. */
static const char *shown_funcs;

static unsigned int on_func(struct select_choice *choice, uint32_t func)
{
	(void)choice;
	if (!shown_funcs)
		return SELECT_FUNC;
	return strchr(shown_funcs, (int)('a' + func))   ? SELECT_FUNC
	       : strchr(shown_funcs, (int)('A' + func)) ? SELECT_FUNC | SELECT_FILTERED
							: 0;
}

static bool on_passes(struct select_choice *choice, const struct tree *tree,
		      const struct call *call)
{
	(void)choice, (void)tree;
	return call->how == CALL_RETURN && call->end - call->start >= 10;
}

static bool on_mark_wanted(struct select_choice *choice, const struct tree *tree,
			   const struct mark *mark)
{
	(void)choice, (void)tree, (void)mark;
	return true;
}

/* The first tree as a recording has it when it was streamed. */
static int stream(void *arg, struct sink *sink)
{
	struct call chain[3];
	struct tree tree = {.process = &process, .goid = 18, .calls = chain};
	static const struct {
		int call; /* from 1; negative: it ends */
		int depth;
	} steps[] = {{1, 0}, {2, 1}, {3, 2}, {-3, 2}, {-2, 1}, {4, 1}, {-4, 1}, {-1, 0}};
	int err = 0;

	(void)arg;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && !err; i++) {
		uint32_t depth = (uint32_t)steps[i].depth;
		bool ends = steps[i].call < 0;

		chain[depth] = calls[abs(steps[i].call) - 1];
		chain[depth].parent = depth ? depth - 1 : CALL_NONE;
		chain[depth].level = depth;
		tree.ncalls = depth + 1;
		err = ends ? sink_leave(sink, &tree, depth) : sink_enter(sink, &tree, depth);
	}
	return err;
}

static int on_foresee(struct select_choice *choice, const struct select_config *config,
		      struct foresight *to)
{
	(void)choice;
	return foresight_learn(to, config, stream, NULL);
}

static struct select_choice choice = {.func = on_func, .passes = on_passes, .mark = on_mark_wanted};

/* What comes of both trees, or of the streamed one. */
static void comes(struct select_config config, bool streamed, const char *expected)
{
	struct sink *picture = calloc(1, sizeof(*picture)), *sink;
	struct trace_summary summary = {0};

	assert_non_null(picture);
	config.to = config.to ? config.to : UINT64_MAX;
	config.choice = &choice;
	picture->ops = &picture_ops;
	buf_reset(&text);
	sink = select_new(&config, picture);
	assert_int_equal(sink_process(sink, &process), 0);
	if (streamed) {
		assert_int_equal(stream(NULL, sink), 0);
	} else {
		assert_int_equal(sink_root(sink, &whole), 0);
		assert_int_equal(sink_root(sink, &open_tree), 0);
	}
	select_summary(sink, &summary);
	buf_addf(&text, "%llu calls, %llu open\n", (unsigned long long)summary.calls,
		 (unsigned long long)summary.open);
	assert_string_equal(buf_str(&text), expected);
	sink_free(sink);
}

static void test_callees_hang_on_the_nearest_shown_caller(void **state)
{
	(void)state;
	shown_funcs = "ac";
	comes((struct select_config){0}, false,
	      "process 412\n"
	      "a id 1\n"
	      "  c id 2 in 1\n"
	      "wait in 1\n"
	      "loss alone\n"
	      "c id 3\n"
	      "3 calls, 1 open\n");
	shown_funcs = "cd";
	comes((struct select_config){0}, false,
	      "process 412\n"
	      "c id 1\n"
	      "d id 2\n"
	      "wait in 2\n"
	      "loss alone\n"
	      "c id 3\n"
	      "3 calls, 1 open\n");
	shown_funcs = "";
	comes((struct select_config){0}, false, "process 412\nloss alone\n0 calls, 0 open\n");
	shown_funcs = NULL;
}

static void test_what_lies_between_two_times(void **state)
{
	(void)state;
	comes((struct select_config){.from = 28, .to = 55}, false,
	      "process 412\n"
	      "a id 1 from to\n"
	      "  b id 2 in 1 from\n"
	      "    c id 3 in 2 from\n"
	      "  d id 4 in 1 to\n"
	      "wait in 4\n"
	      "4 calls, 0 open\n");
	/* Both ends belong to it. */
	comes((struct select_config){.from = 30, .to = 50}, false,
	      "process 412\n"
	      "a id 1 from to\n"
	      "  b id 2 in 1 from\n"
	      "    c id 3 in 2 from\n"
	      "  d id 4 in 1 to\n"
	      "4 calls, 0 open\n");
	comes((struct select_config){.from = 31, .to = 49}, false,
	      "process 412\n"
	      "a id 1 from to\n"
	      "  b id 2 in 1 from\n"
	      "2 calls, 0 open\n");
	/* What never ended goes on. */
	comes((struct select_config){.from = 101, .to = 200}, false,
	      "process 412\nc id 1 from to\n1 calls, 1 open\n");
	comes((struct select_config){.from = 101}, false,
	      "process 412\nc id 1 from\n1 calls, 1 open\n");
	comes((struct select_config){.to = 9}, false, "0 calls, 0 open\n");
}

static void test_a_call_without_an_end_lasts_as_long_as_is_known(void **state)
{
	(void)state;
	calls[0].how = CALL_LOST;
	calls[0].end = 0;
	comes(
		(struct select_config){
			.from = 60, .to = 60, .calls.goids = (uint64_t[]){18}, .calls.ngoids = 1},
		false, "process 412\na id 1 from\n  d id 2 in 1 from\n2 calls, 0 open\n");
	comes((struct select_config){.from = 61, .to = 65}, false, "0 calls, 0 open\n");
	calls[0].how = CALL_RETURN;
	calls[0].end = 100;
}

static void test_goroutines(void **state)
{
	(void)state;
	comes((struct select_config){.calls.goids = (uint64_t[]){19}, .calls.ngoids = 1}, false,
	      "process 412\nc id 1\n1 calls, 1 open\n");
}

static void test_whole_trees_leave_call_by_call(void **state)
{
	(void)state;
	comes((struct select_config){.stream = true}, false,
	      "process 412\n"
	      "> a id 1\n"
	      ">   b id 2 in 1\n"
	      ">     c id 3 in 2\n"
	      "<     c id 3 in 2\n"
	      "<   b id 2 in 1\n"
	      ">   d id 4 in 1\n"
	      "wait in 4\n"
	      "<   d id 4 in 1\n"
	      "loss alone\n"
	      "< a id 1\n"
	      "> c id 5\n"
	      "< c id 5\n"
	      "5 calls, 1 open\n");
}

static void test_streamed_calls(void **state)
{
	static const char *const filtered = "process 412\n"
					    "> a id 1\n"
					    ">   b id 2 in 1\n"
					    "<   b id 2 in 1\n"
					    "< a id 1\n"
					    "2 calls, 0 open\n";

	(void)state;
	shown_funcs = "bd";
	comes((struct select_config){0}, true,
	      "process 412\n> b id 1\n< b id 1\n> d id 2\n< d id 2\n2 calls, 0 open\n");
	shown_funcs = NULL;
	comes((struct select_config){.from = 55, .to = 57}, true,
	      "process 412\n"
	      "> a id 1 from\n"
	      ">   d id 2 in 1 from\n"
	      "<   d id 2 in 1 from to\n"
	      "< a id 1 from to\n"
	      "2 calls, 0 open\n");
	/* Known in advance, and without. */
	choice.foresee = on_foresee;
	comes((struct select_config){.calls.min_duration = 11}, true, filtered);
	shown_funcs = "aBC";
	comes((struct select_config){.filters = true}, true, filtered);
	shown_funcs = "Cb";
	comes((struct select_config){.filters = true, .calls.min_duration = 20}, true,
	      "process 412\n> b id 1\n< b id 1\n1 calls, 0 open\n");
	choice.foresee = NULL;
	shown_funcs = NULL;
	comes((struct select_config){.calls.min_duration = 11}, true, filtered);
}

static void test_so_many_roots(void **state)
{
	(void)state;
	shown_funcs = "bcd";
	comes((struct select_config){.calls.max_calls = 1}, false,
	      "process 412\nb id 1\n  c id 2 in 1\n2 calls, 0 open\n");
	shown_funcs = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_callees_hang_on_the_nearest_shown_caller),
		cmocka_unit_test(test_what_lies_between_two_times),
		cmocka_unit_test(test_a_call_without_an_end_lasts_as_long_as_is_known),
		cmocka_unit_test(test_goroutines),
		cmocka_unit_test(test_whole_trees_leave_call_by_call),
		cmocka_unit_test(test_streamed_calls),
		cmocka_unit_test(test_so_many_roots),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_release(&text);
	return failed;
}
