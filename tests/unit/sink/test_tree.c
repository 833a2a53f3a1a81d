/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace that is put together by hand, without an executable, a plan or records: every end of a call, every kind of
 * value, every reason why there is none, every mark. What each format makes of it is in expected/.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "call/sink.h"
#include "sink/formats.h"
#include "sink/made_values.h"

#define START    5000000000u
#define EXPECTED "tests/unit/sink/expected/"

enum {
	SERVE,
	KINDS,
	PARTS,
	REASONS,
	JUMPS,
	PANICS,
	EXITS,
	UNWINDS,
	LOST,
	ENDED,
	WAITS,
	LATE,
	FUNCS
};

static const char *const names[FUNCS] = {
	[SERVE] = "main.serve", [KINDS] = "main.kinds",     [PARTS] = "main.(*T).parts",
	[REASONS] = "main.no",  [JUMPS] = "main.jumps",     [PANICS] = "main.panics",
	[EXITS] = "main.exits", [UNWINDS] = "main.unwinds", [LOST] = "main.lost",
	[ENDED] = "main.ended", [WAITS] = "main.waits",     [LATE] = "main.late",
};

/* A tree with what its source knows: one set of values a call, for arguments and for results. */
static struct made args[FUNCS], results[FUNCS];
static struct call calls[FUNCS];
static struct mark marks[2];
static struct process process = {
	.pid = 100, .nspid = 7, .exe = (char *)"/srv/app", .go = "go1.26.8", .build_id = "c0ffee"};

static const struct values *find_args(struct tree_source *source, const struct tree *tree,
				      const struct call *call)
{
	(void)source;
	(void)tree;
	return args[call->func].count ? made_done(&args[call->func]) : NULL;
}

static const struct values *find_results(struct tree_source *source, const struct tree *tree,
					 const struct call *call)
{
	(void)source;
	(void)tree;
	return results[call->func].count ? made_done(&results[call->func]) : NULL;
}

static const struct caller frames[] = {
	{.func = "main.main", .offset = 15, .file = "/src/app/main.go", .line = 10},
	{.func = "net.(*L).loop",
	 .offset = 240,
	 .file = "/go/src/net/l.go",
	 .line = 77,
	 .inlined = "net.each",
	 .more = true},
	{.func = "net.(*L).loop", .offset = 240, .file = "/go/src/net/l.go", .line = 9},
	{.func = "runtime.goexit", .offset = 1},
};

static const struct caller *find_caller(struct tree_source *source, const struct call *call)
{
	(void)source;
	return call->caller == 1 ? &frames[0] : NULL;
}

static const struct caller *find_callers(struct tree_source *source, const struct tree *tree,
					 const struct call *call, uint32_t i)
{
	static const int first[] = {0, 1, 3};

	(void)source;
	(void)tree;
	(void)call;
	return i < sizeof(first) / sizeof(first[0]) ? &frames[first[i]] : NULL;
}

static struct tree_source source = {
	.args = find_args, .results = find_results, .caller = find_caller, .callers = find_callers};

static struct tree tree = {
	.process = &process, .source = &source, .goid = 42, .calls = calls, .marks = marks};

static void add_kinds(struct made *m)
{
	struct value *value;

	made_number(m, "i", "int", -5);
	made_add(m, VALUE_UNSIGNED, "u", "uint64")->u = UINT64_MAX;
	made_add(m, VALUE_HEX, "x", "x64")->u = 0x1f;
	made_add(m, VALUE_BOOL, "b", "bool")->u = 1;
	made_text(m, "c", "z")->kind = VALUE_CHAR;
	made_add(m, VALUE_FLOAT, "f", "float64")->f = 2.5;
	value = made_add(m, VALUE_COMPLEX, "z", "complex128");
	value->f = 1;
	value->imag = -2;
	value = made_number(m, "d", "time.Duration", 1500000000);
	value->says = value->exact = true;
	made_in(m);
	made_text(m, NULL, "1.5s")->kind = VALUE_SAID;
	made_out(m);
	made_text(m, "s", "zh\xc3\xa4ng \"\n\xe2\x80\xae");
	value = made_text(m, "cut", "aaa");
	value->truncated = value->counted = true;
	value->len = 99;
	made_text(m, "raw", "a\xff");
	made_add(m, VALUE_NULL, "n", "[]int");
	value = made_add(m, VALUE_ADDRESS, "p", "uintptr");
	value->u = 0x4b2c80;
	value->symbol = "main.v";
	value->offset = 16;
	made_add(m, VALUE_MAP, "m", "map[string]int")->len = 5;
	value = made_add(m, VALUE_CHAN, "ch", "chan int");
	value->len = 1;
	value->capacity = 4;
	made_add(m, VALUE_FUNC, "fn", "func()")->symbol = "main.f.func1";
}

static void add_dynamic(struct made *m, const char *name, const char *type, const char *text)
{
	struct value *value = made_add(m, VALUE_DYNAMIC, name, "interface {}");

	value->dynamic = type;
	value->text = text;
	value->nbytes = (uint32_t)strlen(text);
}

static void add_parts(struct made *m)
{
	struct value *value;

	made_add(m, VALUE_POINTER, "t", "*main.T");
	made_in(m);
	made_add(m, VALUE_OBJECT, NULL, "main.T");
	made_in(m);
	made_text(m, "name", "zhang");
	made_add(m, VALUE_LIST, "tags", "[]string")->truncated = true;
	made_in(m);
	made_text(m, NULL, "a");
	made_text(m, NULL, "b");
	made_out(m);
	made_add(m, VALUE_DEEPER, "deep", "main.U");
	made_out(m);
	made_out(m);
	add_dynamic(m, "v", "example.com/x.ID", "x.ID");
	made_in(m);
	made_number(m, NULL, "int", 3);
	made_out(m);
	add_dynamic(m, "err", "*errors.errorString", "*errors.errorString");
	m->all[m->count - 1].says = true;
	made_in(m);
	made_add(m, VALUE_POINTER, NULL, NULL);
	made_in(m);
	made_add(m, VALUE_OBJECT, NULL, NULL);
	made_in(m);
	made_text(m, "s", "boom");
	made_out(m);
	made_out(m);
	made_text(m, NULL, "boom");
	made_out(m);
	value = made_add(m, VALUE_OBJECT, "at", "time.Time");
	value->says = value->exact = true;
	made_in(m);
	made_add(m, VALUE_UNSIGNED, "wall", "uint64");
	made_number(m, "ext", "int64", 62135596800);
	made_add(m, VALUE_NULL, "loc", "*time.Location");
	made_text(m, NULL, "1970-01-01T00:00:00Z")->kind = VALUE_SAID;
	made_out(m);
}

static void add_reasons(struct made *m)
{
	made_error(m, "a", VALUE_NOT_READ, 0);
	made_error(m, "b", VALUE_UNREADABLE, 0x10);
	made_error(m, "c", VALUE_BAD_LENGTH, (uint64_t)-5);
	made_error(m, "d", VALUE_BAD_LENGTH, 0)->counted = false;
	made_error(m, "e", VALUE_BAD_INDEX, 0);
	made_error(m, "f", VALUE_UNKNOWN_TYPE, 0x5000);
	made_error(m, "g", VALUE_UNKNOWN_TYPE, 0)->counted = false;
	made_error(m, "h", VALUE_IN_REGISTER, 0)->symbol = "X0";
	made_error(m, "i", VALUE_LEFT_OUT, 0);
	made_add(m, VALUE_DEEPER, "j", "T");
}

static void add_call(uint32_t func, uint32_t parent, enum call_end how, uint8_t flags)
{
	struct call *call = &calls[tree.ncalls];
	uint32_t level = parent == CALL_NONE ? 0 : calls[parent].level + 1;

	*call = (struct call){
		.id = tree.ncalls + 1,
		.start = START + 1000000 * tree.ncalls,
		.end = START + 1000000 * tree.ncalls + 182 * (level + 1),
		.caller = func == KINDS ? 0 : 1,
		.func = func,
		.parent = parent,
		.level = level,
		.tid = 101,
		.args = CALL_NONE,
		.results = CALL_NONE,
		.callers = CALL_NONE,
		.how = (uint8_t)how,
		.flags = flags,
	};
	tree.ncalls++;
}

static void make_tree(void)
{
	for (int i = 0; i < FUNCS; i++) {
		made_reset(&args[i]);
		made_reset(&results[i]);
	}
	add_kinds(&args[KINDS]);
	made_number(&results[KINDS], "~r0", "int", 3);
	add_parts(&args[PARTS]);
	made_number(&results[PARTS], "n", "int", 3);
	made_add(&results[PARTS], VALUE_NULL, "err", "error");
	add_reasons(&args[REASONS]);
	made_text(&results[SERVE], "~r0", "done");
	tree.ncalls = 0;
	add_call(SERVE, CALL_NONE, CALL_RETURN, 0);
	add_call(KINDS, 0, CALL_RETURN, 0);
	add_call(PARTS, 0, CALL_RETURN, 0);
	add_call(REASONS, 2, CALL_RETURN, 0);
	add_call(JUMPS, 0, CALL_TAIL, 0);
	add_call(PANICS, 0, CALL_UNWOUND, CALL_PANIC);
	add_call(EXITS, 0, CALL_UNWOUND, CALL_GOEXIT);
	add_call(UNWINDS, 0, CALL_UNWOUND, CALL_APPROXIMATE);
	add_call(LOST, 0, CALL_LOST, 0);
	add_call(ENDED, 0, CALL_EXIT, 0);
	add_call(WAITS, 0, CALL_OPEN, 0);
	calls[0].end = START + 2000000000u;
	calls[0].callers = 0;
	calls[2].end = calls[3].end + 20000;
	marks[0] = (struct mark){.kind = &mark_loss,
				 .pid = 100,
				 .goid = 42,
				 .goid_known = true,
				 .start = calls[4].start - 5,
				 .result = 41,
				 .before = 4};
	marks[1] = marks[0];
	marks[1].start = calls[10].start + 5;
	marks[1].result = 1;
	marks[1].before = (uint32_t)tree.ncalls;
	tree.nmarks = 2;
}

/* All that a sink may be told, once. */
static void put_all(struct sink *sink)
{
	struct mark elsewhere = {
		.kind = &mark_loss, .pid = 100, .start = START + 2000000100u, .result = 3};
	struct mark off = {.kind = &mark_switched_off,
			   .what = KINDS,
			   .start = START + 2000000200u,
			   .result = 2000000};
	struct trace_summary summary = {.calls = tree.ncalls + 1,
					.records = 22,
					.lost = 45,
					.unwound = 3,
					.open = 1,
					.duration = 3000000000};
	struct call late = {.id = tree.ncalls + 1,
			    .end = START + 2000000300u,
			    .func = LATE,
			    .parent = CALL_NONE,
			    .tid = 101,
			    .args = CALL_NONE,
			    .results = CALL_NONE,
			    .callers = CALL_NONE,
			    .how = CALL_RETURN,
			    .flags = CALL_ENTRY_UNSEEN};
	struct tree alone = {.process = &process, .calls = &late, .ncalls = 1, .curg = 43};

	assert_false(sink_begin(sink));
	assert_false(sink_process(sink, &process));
	assert_false(sink_root(sink, &tree));
	assert_false(sink_mark(sink, NULL, &elsewhere));
	assert_false(sink_mark(sink, NULL, &off));
	assert_false(sink_root(sink, &alone));
	assert_false(sink_end(sink, &summary));
}

static void assert_file(int fd, const char *path)
{
	FILE *file = fopen(path, "r"), *got = fdopen(fd, "r");
	char *want = NULL, *have = NULL;
	size_t want_cap = 0, have_cap = 0;

	assert_non_null(file);
	assert_non_null(got);
	rewind(got);
	for (int line = 1;; line++) {
		bool wanted = getline(&want, &want_cap, file) >= 0;
		bool came = getline(&have, &have_cap, got) >= 0;

		if (!wanted && !came)
			break;
		if (!wanted || !came || strcmp(want, have) != 0)
			fail_msg("%s:%d is\n%snot\n%s", path, line, came ? have : "nothing\n",
				 wanted ? want : "nothing");
	}
	free(want);
	free(have);
	fclose(file);
	fclose(got);
}

static void check(const struct sink_ops *ops, const char *path)
{
	struct catalog catalog = {0};
	struct outlet outlet;
	struct sink_config config = {.outlet = &outlet,
				     .catalog = &catalog,
				     .stack = 4,
				     .tool = "ftrace",
				     .kernel = "6.18",
				     .start = START,
				     .realtime = 1000000000000000000 - (int64_t)START,
				     .time = SINK_TIME_RELATIVE};
	int fd = memfd_create("out", MFD_CLOEXEC);
	struct sink *sink;

	assert_true(fd >= 0);
	assert_int_equal(catalog_add_exe(&catalog, &(struct catalog_exe){.root = "/src/app"}), 0);
	for (int i = 0; i < FUNCS; i++)
		assert_int_equal(
			catalog_add_func(&catalog, &(struct catalog_func){.name = names[i]}), 0);
	make_tree();
	outlet_init(&outlet, fd);
	sink = ops->new (&config);
	assert_non_null(sink);
	put_all(sink);
	sink_free(sink);
	assert_int_equal(outlet_close(&outlet), 0);
	catalog_release(&catalog);
	assert_file(fd, path);
}

static void as_text(void **state)
{
	(void)state;
	check(&sink_text, EXPECTED "tree.text");
}

static void as_lines_of_json(void **state)
{
	(void)state;
	check(&sink_jsonl, EXPECTED "tree.jsonl");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_text),
		cmocka_unit_test(as_lines_of_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
