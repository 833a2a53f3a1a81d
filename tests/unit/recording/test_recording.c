/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace that is made by hand goes into a recording and comes back as lines of words; then what is cut, damaged or made up.
 */
#define _GNU_SOURCE /* memfd_create */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "recording/format.h"
#include "recording/recording.h"
#include "words.h"

#define START 1000000000u

/* What the trace is made of. */
static struct catalog catalog;
static struct caller places[] = {
	{.func = "main.main", .offset = 15, .file = "/src/main.go", .line = 10, .more = true},
	{.func = "main.main",
	 .offset = 15,
	 .file = "/src/main.go",
	 .line = 8,
	 .inlined = "main.in"},
};
static const struct value args[] = {
	{.kind = VALUE_SIGNED, .name = "a", .type = "int", .s = -7, .span = 1},
	{.kind = VALUE_POINTER,
	 .name = "s",
	 .type = "*main.T",
	 .u = 0xc000,
	 .nchildren = 1,
	 .span = 4},
	{.kind = VALUE_OBJECT, .type = "main.T", .nchildren = 2, .span = 3},
	{.kind = VALUE_TEXT,
	 .name = "name",
	 .type = "string",
	 .text = "zhang",
	 .nbytes = 5,
	 .len = 9,
	 .truncated = true,
	 .counted = true,
	 .span = 1},
	{.kind = VALUE_DYNAMIC,
	 .name = "any",
	 .text = "int",
	 .nbytes = 3,
	 .dynamic = "int",
	 .word = 0x10,
	 .span = 1},
	{.kind = VALUE_SIGNED,
	 .name = "d",
	 .type = "time.Duration",
	 .s = 1500,
	 .exact = true,
	 .says = true,
	 .nchildren = 1,
	 .span = 2},
	{.kind = VALUE_SAID, .text = "1.5\u00b5s", .nbytes = 6, .utf8 = true, .span = 1},
};
static const struct values all_args = {.first = args, .nitems = 3, .len = 4};
static const struct value results[] = {
	{.kind = VALUE_NULL, .name = "~r0", .type = "error", .span = 1}};
static const struct values all_results = {.first = results, .nitems = 1, .len = 1};
static const struct mark_arg mark_args[] = {
	{.name = "fd", .kind = MARK_VALUE_NUMBER, .number = 7, .file = "/etc/hosts"},
	{.name = "list", .kind = MARK_VALUE_LIST, .nvalues = 1},
	{.kind = MARK_VALUE_WORD, .text = "EPOLLIN", .len = 7},
};

static const struct values *get_args(struct tree_source *source, const struct tree *tree,
				     const struct call *call)
{
	(void)source, (void)tree;
	return call->args == CALL_NONE ? NULL : &all_args;
}

static const struct values *get_results(struct tree_source *source, const struct tree *tree,
					const struct call *call)
{
	(void)source, (void)tree;
	return call->results == CALL_NONE ? NULL : &all_results;
}

static const struct caller *get_caller(struct tree_source *source, const struct call *call)
{
	(void)source;
	return call->caller ? places : NULL;
}

static const struct mark_detail *get_mark(struct tree_source *source, const struct tree *tree,
					  const struct mark *mark)
{
	static struct mark_detail wait = {.name = "select",
					  .waited = true,
					  .waiting = 5,
					  .runnable = 2,
					  .waker = {true, true, 22, places}};
	static struct mark_detail call = {.name = "read",
					  .args = mark_args,
					  .nargs = 3,
					  .has_args = true,
					  .has_result = true,
					  .result = -1,
					  .error = "EIO",
					  .error_text = "Input/output error"};

	(void)source, (void)tree;
	return mark->kind == &mark_wait ? &wait : &call;
}

static struct tree_source source = {
	.args = get_args, .results = get_results, .caller = get_caller, .mark = get_mark};
static struct process process = {.pid = 412, .exe = "/srv/main", .go = "go1.26.8"};
static struct call calls[] = {
	{.func = 0,
	 .parent = CALL_NONE,
	 .start = START + 10,
	 .end = START + 90,
	 .id = 1,
	 .tid = 412,
	 .how = CALL_RETURN,
	 .caller = 0x1234,
	 .args = 0,
	 .results = 0,
	 .callers = CALL_NONE},
	{.func = 1,
	 .parent = 0,
	 .level = 1,
	 .start = START + 20,
	 .end = START + 50,
	 .id = 2,
	 .tid = 413,
	 .how = CALL_UNWOUND,
	 .flags = CALL_PANIC,
	 .args = CALL_NONE,
	 .results = CALL_NONE,
	 .callers = CALL_NONE},
	{.func = 0,
	 .parent = 1,
	 .level = 2,
	 .start = START + 30,
	 .id = 3,
	 .tid = 413,
	 .how = CALL_LOST,
	 .args = 0,
	 .results = CALL_NONE,
	 .callers = CALL_NONE},
	{.func = 1,
	 .parent = 0,
	 .level = 1,
	 .start = START + 60,
	 .end = START + 80,
	 .id = 4,
	 .tid = 413,
	 .how = CALL_RETURN,
	 .args = CALL_NONE,
	 .results = 0,
	 .callers = CALL_NONE},
};
static struct call_times times[] = {
	{.ns = {60, 5, 5, 10, 0}, .known = true},
	{.ns = {30}, .known = true},
	{.known = false},
	{.ns = {20}, .known = true},
};
static struct mark marks[] = {
	{.kind = &mark_wait,
	 .start = START + 21,
	 .end = START + 28,
	 .before = 2,
	 .call = 1,
	 .goid = 18,
	 .goid_known = true,
	 .pid = 412},
	{.kind = &mark_syscall,
	 .start = START + 85,
	 .end = START + 86,
	 .before = 4,
	 .call = 0,
	 .goid = 18,
	 .goid_known = true,
	 .pid = 412,
	 .tid = 413},
};
static struct tree tree = {.process = &process,
			   .source = &source,
			   .goid = 18,
			   .calls = calls,
			   .ncalls = 4,
			   .times = times,
			   .marks = marks,
			   .nmarks = 2};
static const struct trace_summary summary = {.calls = 6, .records = 12, .lost = 3, .duration = 99};

static void make_catalog(void)
{
	catalog = (struct catalog){0};
	assert_int_equal(catalog_add_exe(&catalog, &(struct catalog_exe){.path = "/srv/main"}), 0);
	assert_int_equal(catalog_add_func(&catalog, &(struct catalog_func){.name = "main.a",
									   .file = "/src/main.go",
									   .line = 3}),
			 0);
	assert_int_equal(catalog_add_func(&catalog, &(struct catalog_func){.name = "main.b"}), 0);
}

/* The trace goes into a sink. */
static void send(struct sink *sink)
{
	struct mark loss = {.kind = &mark_loss,
			    .start = START + 200,
			    .end = START + 201,
			    .result = 3,
			    .pid = 412,
			    .call = CALL_NONE};
	struct call streamed = calls[0], inner = calls[1];
	struct call chain[2];
	struct tree open = tree;

	assert_int_equal(sink_begin(sink), 0);
	assert_int_equal(sink_process(sink, &process), 0);
	assert_int_equal(sink_root(sink, &tree), 0);
	assert_int_equal(sink_mark(sink, NULL, &loss), 0);
	streamed.id = 5;
	streamed.flags = inner.flags = CALL_STREAMED | CALL_ENTERED;
	streamed.how = CALL_OPEN;
	inner.id = 6;
	chain[0] = streamed;
	chain[1] = inner;
	open.calls = chain;
	open.ncalls = 1;
	open.nmarks = 0;
	open.times = NULL;
	assert_int_equal(sink_enter(sink, &open, 0), 0);
	open.ncalls = 2;
	assert_int_equal(sink_enter(sink, &open, 1), 0);
	marks[0].call = 1;
	assert_int_equal(sink_mark(sink, &open, &marks[0]), 0);
	assert_int_equal(sink_leave(sink, &open, 1), 0);
	open.ncalls = 1;
	chain[0].how = CALL_RETURN;
	assert_int_equal(sink_leave(sink, &open, 0), 0);
}

/* A recording of it; the caller frees the bytes. */
static unsigned char *record(size_t *size)
{
	int fd = memfd_create("recording", 0);
	struct outlet outlet;
	struct sink_config config = {.outlet = &outlet,
				     .catalog = &catalog,
				     .tool = "ftrace",
				     .kernel = "6.1",
				     .start = START,
				     .realtime = 5,
				     .waits = true};
	struct sink *sink;
	unsigned char *bytes;
	off_t len;

	make_catalog();
	outlet_init(&outlet, fd);
	sink = sink_ftrace.new(&config);
	assert_non_null(sink);
	send(sink);
	assert_int_equal(sink_end(sink, &summary), 0);
	assert_int_equal(outlet_close(&outlet), 0);
	sink_free(sink);
	len = lseek(fd, 0, SEEK_END);
	bytes = malloc((size_t)len);
	assert_int_equal(pread(fd, bytes, (size_t)len, 0), len);
	close(fd);
	catalog_release(&catalog);
	*size = (size_t)len;
	return bytes;
}

/* Plays these bytes; NULL when they are refused. The caller frees the words. */
static char *play(const unsigned char *bytes, size_t size, struct recording_damage *damage,
		  struct trace_summary *read_summary)
{
	int fd = memfd_create("recording", 0);
	struct words words = {.sink.ops = &words_ops};
	struct recording *recording;
	struct error err;
	char *text;

	assert_int_equal(pwrite(fd, bytes, size, 0), size);
	recording = recording_open(fd, "x.ftrace", &err);
	if (!recording) {
		assert_true(err.code < 0);
		assert_non_null(strstr(err.text, "x.ftrace"));
		close(fd);
		return NULL;
	}
	words.catalog = recording_catalog(recording);
	assert_int_equal(recording_play(recording, &words.sink), 0);
	*damage = *recording_damage(recording);
	recording_summary(recording, read_summary);
	recording_close(recording);
	close(fd);
	text = strdup(buf_str(&words.text));
	buf_release(&words.text);
	return text;
}

/* What a sink is given without a recording. */
static char *direct(void)
{
	struct words words = {.sink.ops = &words_ops, .catalog = &catalog};
	char *text;

	make_catalog();
	send(&words.sink);
	catalog_release(&catalog);
	text = strdup(buf_str(&words.text));
	buf_release(&words.text);
	return text;
}

static void test_what_comes_back_is_what_went_in(void **state)
{
	struct recording_damage damage;
	struct trace_summary back;
	size_t size;
	unsigned char *bytes = record(&size);
	char *expected = direct(), *text = play(bytes, size, &damage, &back);

	(void)state;
	assert_non_null(text);
	assert_string_equal(text, expected);
	assert_int_equal(damage.blocks, 0);
	assert_false(damage.cut);
	assert_memory_equal(&back, &summary, sizeof(back));
	free(text);
	free(expected);
	free(bytes);
}

/* Wherever it is cut: what came before is there, and it is said that it has no end. */
static void test_cut_anywhere(void **state)
{
	size_t size;
	unsigned char *bytes = record(&size);
	char *expected = direct();

	(void)state;
	for (size_t len = 0; len < size - sizeof(struct file_tail); len++) {
		struct recording_damage damage;
		struct trace_summary back;
		char *text = play(bytes, len, &damage, &back);

		if (!text)
			continue;
		/* But for the index, which only saves time. */
		assert_true(damage.cut || damage.blocks || back.calls == summary.calls);
		/* All or nothing of a block. */
		assert_true(!*text || !strcmp(text, expected));
		if (!*text)
			assert_int_equal(back.calls, 0);
		free(text);
	}
	free(expected);
	free(bytes);
}

/* A damaged block is left out, and told; the head of it says how many calls it had. */
static void test_a_damaged_block_is_told(void **state)
{
	struct recording_damage damage;
	struct trace_summary back;
	struct block_head head;
	size_t size, at = sizeof(struct file_head);
	unsigned char *bytes = record(&size);
	char *text;

	(void)state;
	memcpy(&head, bytes + at, sizeof(head));
	at += sizeof(head) + head.packed;
	memcpy(&head, bytes + at, sizeof(head));
	assert_int_equal(head.kind, BLOCK_DATA);
	bytes[at + sizeof(head) + head.packed / 2] ^= 0x55;
	text = play(bytes, size, &damage, &back);
	assert_non_null(text);
	assert_string_equal(text, "");
	assert_int_equal(damage.blocks, 1);
	assert_int_equal(damage.first, 1);
	assert_int_equal(damage.calls, 6);
	assert_false(damage.cut);
	free(text);
	free(bytes);
}

/* A head that is damaged costs what it says, and nothing of the blocks behind it. */
static void test_a_damaged_head_costs_itself(void **state)
{
	struct recording_damage damage;
	struct trace_summary back;
	struct block_head head;
	size_t size;
	unsigned char *bytes = record(&size);
	char *expected = direct(), *text;

	(void)state;
	memcpy(&head, bytes + sizeof(struct file_head), sizeof(head));
	assert_int_equal(head.kind, BLOCK_HEAD);
	bytes[sizeof(struct file_head) + sizeof(head) + head.packed / 2] ^= 0x55;
	text = play(bytes, size, &damage, &back);
	assert_non_null(text);
	assert_string_equal(text, expected);
	assert_int_equal(damage.blocks, 1);
	assert_int_equal(damage.first, 0);
	assert_int_equal(damage.calls, 0);
	assert_int_equal(back.calls, summary.calls);
	free(text);
	free(expected);
	free(bytes);
}

static void test_others_are_refused(void **state)
{
	struct recording_damage damage;
	struct trace_summary back;
	struct file_head head;
	size_t size;
	unsigned char *bytes = record(&size);

	(void)state;
	assert_null(play((const unsigned char *)"not a recording at all", 22, &damage, &back));
	assert_null(play(bytes, 0, &damage, &back));
	memcpy(&head, bytes, sizeof(head));
	head.version = RECORDING_VERSION + 1;
	head.check = ~head.version;
	memcpy(bytes, &head, sizeof(head));
	assert_null(play(bytes, size, &damage, &back));
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_comes_back_is_what_went_in),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_a_damaged_block_is_told),
		cmocka_unit_test(test_a_damaged_head_costs_itself),
		cmocka_unit_test(test_others_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
