/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks in any order: by the index, without it, and where some are damaged, they hold what they hold in their order.
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

#include "recording/format.h"
#include "recording/recording.h"
#include "words.h"

/* Of a call and one below it each; so many that there are several blocks. */
#define ROOTS  60000
#define BLOCKS 2 /* at least */

static const struct value *arg_of(uint64_t number)
{
	static struct value value;

	value = (struct value){
		.kind = VALUE_UNSIGNED, .name = "n", .type = "uint64", .u = number, .span = 1};
	return &value;
}

static const struct values *get_args(struct tree_source *source, const struct tree *tree,
				     const struct call *call)
{
	static struct values values;

	(void)source, (void)tree;
	values = (struct values){.first = arg_of(call->id), .nitems = 1, .len = 1};
	return &values;
}

static const struct values *get_none(struct tree_source *source, const struct tree *tree,
				     const struct call *call)
{
	(void)source, (void)tree, (void)call;
	return NULL;
}

static const struct caller *no_caller(struct tree_source *source, const struct call *call)
{
	(void)source, (void)call;
	return NULL;
}

static void send(struct sink *sink)
{
	static struct process process = {.pid = 412, .exe = "/srv/main"};
	static struct tree_source source = {
		.args = get_args, .results = get_none, .caller = no_caller};

	assert_int_equal(sink_begin(sink), 0);
	for (uint64_t i = 0; i < ROOTS; i++) {
		struct call calls[2] = {
			{.start = 1000 * i,
			 .end = 1000 * i + 900,
			 .id = 2 * i + 1,
			 .parent = CALL_NONE,
			 .how = CALL_RETURN,
			 .callers = CALL_NONE},
			{.start = 1000 * i + 100,
			 .end = 1000 * i + 800,
			 .id = 2 * i + 2,
			 .func = 1,
			 .level = 1,
			 .how = CALL_RETURN,
			 .callers = CALL_NONE},
		};
		struct tree tree = {.process = &process,
				    .source = &source,
				    .goid = 1 + i % 3,
				    .calls = calls,
				    .ncalls = 2};

		assert_int_equal(sink_root(sink, &tree), 0);
	}
	assert_int_equal(sink_end(sink, &(struct trace_summary){.calls = 2ull * ROOTS}), 0);
}

/* A recording of that, in a file without a name. */
static int record(void)
{
	int fd = memfd_create("recording", 0), copy = dup(fd);
	struct catalog catalog = {0};
	struct outlet outlet;
	struct sink_config config = {.outlet = &outlet, .catalog = &catalog};
	struct sink *sink;

	catalog_add_exe(&catalog, &(struct catalog_exe){.path = "/srv/main"});
	catalog_add_func(&catalog, &(struct catalog_func){.name = "main.a"});
	catalog_add_func(&catalog, &(struct catalog_func){.name = "main.b"});
	outlet_init(&outlet, copy);
	sink = sink_ftrace.new(&config);
	send(sink);
	assert_int_equal(outlet_close(&outlet), 0);
	sink_free(sink);
	catalog_release(&catalog);
	close(copy);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static struct recording *open_found(int fd)
{
	struct error err;
	struct recording *recording;

	lseek(fd, 0, SEEK_SET);
	recording = recording_open(fd, "x.ftrace", &err);
	assert_non_null(recording);
	assert_int_equal(recording_find_blocks(recording), 0);
	return recording;
}

/* The words of one block; the caller frees them. */
static char *play_block(struct recording *recording, size_t i, int expected)
{
	struct words words = {.sink.ops = &words_ops, .catalog = recording_catalog(recording)};
	char *text;

	assert_int_equal(recording_play_block(recording, i, &words.sink), expected);
	text = strdup(buf_str(&words.text));
	buf_release(&words.text);
	return text;
}

/* All of it in its order, as recording_play() has it. */
static char *play_all(int fd)
{
	struct words words = {.sink.ops = &words_ops};
	struct error err;
	struct recording *recording;
	char *text;

	lseek(fd, 0, SEEK_SET);
	recording = recording_open(fd, "x.ftrace", &err);
	assert_non_null(recording);
	words.catalog = recording_catalog(recording);
	assert_int_equal(recording_play(recording, &words.sink), 0);
	recording_close(recording);
	text = strdup(buf_str(&words.text));
	buf_release(&words.text);
	return text;
}

/* From the last block to the first: put together they are the whole. */
static void check_all(int fd, bool cut)
{
	char *whole = play_all(fd);
	size_t count, calls = 0, end = strlen(whole);
	struct recording *recording = open_found(fd);
	const struct recording_block *blocks = recording_blocks(recording, &count);

	assert_true(count >= BLOCKS);
	assert_int_equal(recording_damage(recording)->cut, cut);
	for (size_t i = count; i-- > 0;) {
		char *text = play_block(recording, i, 0);

		assert_true(strlen(text) <= end);
		end -= strlen(text);
		assert_memory_equal(whole + end, text, strlen(text));
		assert_int_equal(recording_block_done(recording), blocks[i].calls);
		calls += blocks[i].calls;
		free(text);
	}
	assert_int_equal(end, 0);
	assert_int_equal(calls, 2 * ROOTS);
	recording_close(recording);
	free(whole);
}

static void test_backwards_by_the_index(void **state)
{
	int fd = record();

	(void)state;
	check_all(fd, false);
	close(fd);
}

static void test_without_an_index(void **state)
{
	int fd = record();
	struct recording *recording = open_found(fd);
	size_t count;
	off_t size = lseek(fd, 0, SEEK_END);

	(void)state;
	/* The tail alone: the summary is still there. */
	assert_non_null(recording_blocks(recording, &count));
	recording_close(recording);
	assert_int_equal(ftruncate(fd, size - (off_t)sizeof(struct file_tail)), 0);
	check_all(fd, false);
	close(fd);
}

/* The offset of a block's packed bytes. */
static off_t inside(struct recording *recording, size_t i)
{
	size_t count;
	const struct recording_block *blocks = recording_blocks(recording, &count);

	return (off_t)(blocks[i].offset + sizeof(struct block_head) + 100);
}

static void test_a_damaged_block(void **state)
{
	int fd = record();
	struct recording *recording = open_found(fd);
	unsigned char byte;
	off_t at = inside(recording, 0);
	char *first, *second = play_block(recording, 1, 0);

	(void)state;
	recording_close(recording);
	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 0x55;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	for (int indexed = 1; indexed >= 0; indexed--) {
		char *text;

		recording = open_found(fd);
		first = play_block(recording, 0, -EBADMSG);
		text = play_block(recording, 1, 0);
		assert_string_equal(first, "");
		assert_string_equal(text, second);
		recording_close(recording);
		free(first);
		free(text);
		assert_int_equal(ftruncate(fd, lseek(fd, 0, SEEK_END) - 1), 0);
	}
	free(second);
	close(fd);
}

static void test_a_pipe_is_refused(void **state)
{
	int fd = record(), ends[2];
	char bytes[4096];
	ssize_t len = pread(fd, bytes, sizeof(bytes), 0);
	struct recording *recording;
	struct error err;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, (size_t)len), len);
	close(ends[1]);
	recording = recording_open(ends[0], "pipe", &err);
	assert_non_null(recording);
	assert_int_equal(recording_find_blocks(recording), -ESPIPE);
	recording_close(recording);
	close(ends[0]);
	close(fd);
}

/* Keeps the first call that it is given. */
struct keeper {
	struct sink sink;
	struct tree tree;
	struct call call;
};

static int keep(struct sink *sink, const struct tree *tree)
{
	struct keeper *keeper = (struct keeper *)sink;

	if (!keeper->tree.source) {
		keeper->tree = *tree;
		keeper->call = tree->calls[0];
	}
	return 0;
}

static const struct sink_ops keeper_ops = {.root = keep};

static void test_a_held_block_still_tells_its_values(void **state)
{
	int fd = record();
	struct recording *recording = open_found(fd);
	struct keeper kept[BLOCKS];
	struct held_block *held[BLOCKS];

	(void)state;
	for (size_t i = 0; i < BLOCKS; i++) {
		kept[i] = (struct keeper){.sink.ops = &keeper_ops};
		assert_int_equal(recording_play_block(recording, i, &kept[i].sink), 0);
		held[i] = recording_hold(recording);
		assert_non_null(held[i]);
	}
	assert_true(kept[1].call.id > kept[0].call.id);
	for (size_t round = 0; round < 2 * BLOCKS; round++) {
		size_t i = round % BLOCKS;
		const struct values *values;

		recording_turn_to(recording, held[i]);
		values = tree_args(&kept[i].tree, &kept[i].call);
		assert_non_null(values);
		assert_int_equal(values->first->u, kept[i].call.id);
	}
	/* Another block in between takes nothing of them away. */
	free(play_block(recording, 1, 0));
	recording_turn_to(recording, held[0]);
	assert_int_equal(tree_args(&kept[0].tree, &kept[0].call)->first->u, kept[0].call.id);
	recording_turn_to(recording, NULL);
	for (size_t i = 0; i < BLOCKS; i++)
		held_block_free(held[i]);
	recording_close(recording);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_backwards_by_the_index),
		cmocka_unit_test(test_without_an_index),
		cmocka_unit_test(test_a_damaged_block),
		cmocka_unit_test(test_a_pipe_is_refused),
		cmocka_unit_test(test_a_held_block_still_tells_its_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
