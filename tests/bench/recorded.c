/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes a recording of so many calls:  recorded CALLS [stream] >FILE
 *
 * Requests to a server of 64 goroutines, the same in each run: a root call with nine below it, arguments, results, a wait in
 * every tenth. Call number CALLS / 2 is the slowest. `stream`: all of them below one call of main.main, and each by itself, as
 * the tracer hands them on when such a call takes too long.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recording/recording.h"

#define START      1000000000ull
#define GOROUTINES 64
#define TREE       10 /* calls of a request */
#define SLOWEST    5000000000ull

static const char *const funcs[] = {"main.main",   "main.serve",  "main.handle",
				    "main.parse",  "main.lookup", "main.store",
				    "main.encode", "main.lock",   "net.(*conn).Write"};
static const uint32_t of_call[TREE] = {1, 2, 3, 3, 4, 7, 5, 5, 6, 8};
static const uint32_t parents[TREE] = {CALL_NONE, 0, 1, 1, 1, 4, 1, 6, 0, 0};
static const uint32_t levels[TREE] = {0, 1, 2, 2, 2, 3, 2, 3, 1, 1};
/* When it begins in its request, and how long it takes. */
static const uint32_t begins[TREE] = {0, 1, 2, 3, 5, 6, 9, 10, 14, 17};
static const uint32_t takes[TREE] = {20, 12, 1, 1, 3, 1, 3, 2, 2, 2};

static struct call calls[1 + TREE];
static struct call_times times[1 + TREE];
static uint64_t number; /* of the request */

static const struct values *get_args(struct tree_source *source, const struct tree *tree,
				     const struct call *call)
{
	static char text[32];
	static struct value values[3];
	static struct values all = {.first = values, .nitems = 2, .len = 2};

	(void)source, (void)tree;
	if (call->func != 1 && call->func != 3)
		return NULL;
	snprintf(text, sizeof(text), "/items/%llu", (unsigned long long)(call->id * 7919 % 100003));
	values[0] = (struct value){
		.kind = VALUE_UNSIGNED, .name = "id", .type = "uint64", .u = call->id, .span = 1};
	values[1] = (struct value){.kind = VALUE_TEXT,
				   .name = "path",
				   .type = "string",
				   .text = text,
				   .nbytes = (uint32_t)strlen(text),
				   .len = strlen(text),
				   .utf8 = true,
				   .span = 1};
	return &all;
}

static const struct values *get_results(struct tree_source *source, const struct tree *tree,
					const struct call *call)
{
	static const struct value nil = {
		.kind = VALUE_NULL, .name = "~r0", .type = "error", .span = 1};
	static const struct values none = {.first = &nil, .nitems = 1, .len = 1};

	(void)source, (void)tree;
	return call->func == 1 ? &none : NULL;
}

static const struct caller *get_caller(struct tree_source *source, const struct call *call)
{
	static struct caller callers[16];

	(void)source;
	if (call->caller >= 16)
		return NULL;
	callers[call->caller] = (struct caller){.func = funcs[call->caller],
						.offset = 20 + call->caller,
						.file = "/src/app/main.go",
						.line = 100 + (int)call->caller};
	return &callers[call->caller];
}

static const struct mark_detail *get_mark(struct tree_source *source, const struct tree *tree,
					  const struct mark *mark)
{
	static const struct mark_detail detail = {
		.name = "sync.Mutex.Lock",
		.waited = true,
		.waiting = 700,
		.runnable = 200,
		.waker = {.known = true, .goid_known = true, .goid = 7}};

	(void)source, (void)tree, (void)mark;
	return &detail;
}

static struct tree_source source = {
	.args = get_args, .results = get_results, .caller = get_caller, .mark = get_mark};
static struct process process = {.pid = 412, .exe = "/srv/app", .go = "go1.26.8"};

/* A request that begins at `now`: its calls from calls[1] on. */
static void make_request(uint64_t now, uint64_t first_id, uint64_t slowest)
{
	uint64_t unit = 1000 + number * 2654435761u % 4096;

	for (uint32_t i = 0; i < TREE; i++) {
		struct call *call = &calls[1 + i];

		*call = (struct call){.start = now + begins[i] * unit,
				      .id = first_id + i,
				      .func = of_call[i],
				      .parent = parents[i],
				      .level = levels[i],
				      .tid = 412,
				      .how = CALL_RETURN,
				      .caller = i ? of_call[parents[i]] : 0,
				      .args = 0,
				      .results = 0,
				      .callers = CALL_NONE};
		call->end = call->start + takes[i] * unit;
		if (call->id == slowest)
			call->end = call->start + SLOWEST;
		times[1 + i] = (struct call_times){.ns = {call->end - call->start}, .known = true};
	}
}

static int send_tree(struct sink *sink, uint64_t goid)
{
	struct mark mark = {.kind = &mark_wait,
			    .start = calls[1 + 5].start,
			    .end = calls[1 + 5].start + 900,
			    .goid = goid,
			    .goid_known = true,
			    .pid = 412,
			    .before = 6,
			    .call = 5};
	struct tree tree = {.process = &process,
			    .source = &source,
			    .goid = goid,
			    .calls = calls + 1,
			    .ncalls = TREE,
			    .times = times + 1,
			    .marks = &mark,
			    .nmarks = number % 10 == 0};

	return sink_root(sink, &tree);
}

/* The chain of open calls down to number `i` of the request, below main.main. */
static void make_chain(uint32_t i, struct tree *tree, struct call *chain)
{
	uint32_t depth = levels[i] + 1;

	tree->calls = chain;
	tree->ncalls = depth + 1;
	for (uint32_t at = i; at != CALL_NONE; at = parents[at]) {
		chain[levels[at] + 1] = calls[1 + at];
		chain[levels[at] + 1].level = levels[at] + 1;
		chain[levels[at] + 1].parent = levels[at];
	}
	chain[0] = calls[0];
}

static int send_streamed(struct sink *sink)
{
	struct call chain[TREE];
	struct tree tree = {.process = &process, .source = &source, .goid = 1};
	int err = 0;

	for (uint32_t i = 0; i < TREE && !err; i++) {
		make_chain(i, &tree, chain);
		err = sink_enter(sink, &tree, (uint32_t)tree.ncalls - 1);
		/* All that is not a caller of the next one has ended. */
		for (uint32_t at = i; !err && at != CALL_NONE; at = parents[at]) {
			if (i + 1 < TREE && levels[at] < levels[i + 1])
				break;
			make_chain(at, &tree, chain);
			err = sink_leave(sink, &tree, (uint32_t)tree.ncalls - 1);
		}
	}
	return err;
}

static int send(struct sink *sink, uint64_t count, bool stream)
{
	struct tree tree = {.process = &process, .source = &source, .goid = 1};
	uint64_t now = START, id = 1;
	int err = sink_process(sink, &process);

	calls[0] = (struct call){.start = now,
				 .id = id,
				 .parent = CALL_NONE,
				 .tid = 412,
				 .how = CALL_OPEN,
				 .caller = 99,
				 .callers = CALL_NONE,
				 .flags = CALL_STREAMED | CALL_ENTERED,
				 .args = CALL_NONE,
				 .results = CALL_NONE};
	tree.calls = calls;
	tree.ncalls = 1;
	if (!err && stream)
		err = sink_enter(sink, &tree, 0);
	for (id += stream; id < count && !err; id += TREE, number++) {
		make_request(now, id, count / 2);
		now += 110000;
		err = stream ? send_streamed(sink) : send_tree(sink, 17 + number % GOROUTINES);
	}
	calls[0].how = CALL_RETURN;
	calls[0].end = now;
	return err || !stream ? err : sink_leave(sink, &tree, 0);
}

int main(int argc, char **argv)
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	bool stream = argc > 2 && !strcmp(argv[2], "stream");
	struct catalog catalog = {0};
	struct outlet outlet;
	struct sink_config config = {.outlet = &outlet,
				     .catalog = &catalog,
				     .tool = "ftrace",
				     .kernel = "6",
				     .command = "recorded",
				     .start = START,
				     .realtime = 1790000000000000000,
				     .waits = true};
	struct trace_summary summary = {.calls = count, .records = 2 * count};
	struct sink *sink;
	int err;

	if (!count || isatty(STDOUT_FILENO)) {
		fprintf(stderr, "usage: recorded CALLS [stream] >FILE\n");
		return 2;
	}
	catalog_add_exe(&catalog, &(struct catalog_exe){.path = "/srv/app", .root = "/src/app"});
	for (size_t i = 0; i < sizeof(funcs) / sizeof(funcs[0]); i++)
		catalog_add_func(&catalog, &(struct catalog_func){.name = funcs[i],
								  .file = "/src/app/main.go",
								  .line = 7});
	outlet_init(&outlet, STDOUT_FILENO);
	sink = sink_ftrace.new(&config);
	err = sink ? sink_begin(sink) : -1;
	if (!err)
		err = send(sink, count, stream);
	if (!err)
		err = sink_end(sink, &summary);
	sink_free(sink);
	err |= outlet_close(&outlet);
	catalog_release(&catalog);
	return err ? 1 : 0;
}
