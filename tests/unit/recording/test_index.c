/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Some of a recording by its index: all that is wanted is there, blocks without it are not read; and an index that does not
 * say what the file says is none.
 */
#define _GNU_SOURCE /* memfd_create */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "recording/format.h"
#include "recording/recording.h"

/* In each phase another goroutine calls another function, so often that the last one is in other blocks than the first. */
#define PHASES 3
#define ROOTS  60000 /* of a phase */
#define STEP   1000  /* ns between two calls, and from one phase to the next */

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

static struct process process = {.pid = 412, .exe = "/srv/main"};
static struct tree_source source = {.args = get_none, .results = get_none, .caller = no_caller};

/* In the second phase a streamed call begins that ends in the third one. */
static void send_streamed(struct sink *sink, bool ends)
{
	struct call call = {.start = (ROOTS + 10) * STEP,
			    .end = (2 * ROOTS + 10) * STEP,
			    .id = PHASES * ROOTS + 1,
			    .parent = CALL_NONE,
			    .how = CALL_RETURN,
			    .callers = CALL_NONE};
	struct tree tree = {
		.process = &process, .source = &source, .goid = 9, .calls = &call, .ncalls = 1};

	assert_int_equal(ends ? sink_leave(sink, &tree, 0) : sink_enter(sink, &tree, 0), 0);
}

static void send(struct sink *sink)
{
	assert_int_equal(sink_begin(sink), 0);
	for (uint64_t i = 0; i < PHASES * ROOTS; i++) {
		uint64_t phase = i / ROOTS;
		struct call call = {.start = STEP * i,
				    .end = STEP * i + STEP - 1,
				    .id = i + 1,
				    .func = (uint32_t)phase,
				    .parent = CALL_NONE,
				    .how = CALL_RETURN,
				    .callers = CALL_NONE};
		struct tree tree = {.process = &process,
				    .source = &source,
				    .goid = 1 + phase,
				    .calls = &call,
				    .ncalls = 1};

		assert_int_equal(sink_root(sink, &tree), 0);
		if (i == ROOTS + 10 || i == 2 * ROOTS + 10)
			send_streamed(sink, i > 2 * ROOTS);
	}
	assert_int_equal(sink_end(sink, &(struct trace_summary){.calls = PHASES * ROOTS + 1}), 0);
}

static int record(void)
{
	static const char *const names[PHASES] = {"main.a", "main.b", "main.c"};
	int fd = memfd_create("recording", 0), copy = dup(fd);
	struct catalog catalog = {0};
	struct outlet outlet;
	struct sink_config config = {.outlet = &outlet, .catalog = &catalog};
	struct sink *sink;

	catalog_add_exe(&catalog, &(struct catalog_exe){.path = "/srv/main"});
	for (int i = 0; i < PHASES; i++)
		catalog_add_func(&catalog, &(struct catalog_func){.name = names[i]});
	outlet_init(&outlet, copy);
	sink = sink_ftrace.new(&config);
	send(sink);
	assert_int_equal(outlet_close(&outlet), 0);
	sink_free(sink);
	catalog_release(&catalog);
	close(copy);
	return fd;
}

/* What came. */
struct counting {
	struct sink sink;
	uint64_t calls[PHASES + 1]; /* by function; streamed ones last */
	uint64_t entered;
};

static int on_root(struct sink *sink, const struct tree *tree)
{
	((struct counting *)sink)->calls[tree->goid - 1]++;
	return 0;
}

static int on_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	(void)tree, (void)call;
	((struct counting *)sink)->entered++;
	return 0;
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	(void)tree, (void)call;
	((struct counting *)sink)->calls[PHASES]++;
	return 0;
}

static const struct sink_ops counting_ops = {
	.name = "counting", .root = on_root, .enter = on_enter, .leave = on_leave};

static struct counting play(int fd, struct recording_wants wants)
{
	struct counting counting = {.sink.ops = &counting_ops};
	struct recording_index *index = recording_index_read(fd);
	struct recording *recording;
	struct error err;

	assert_non_null(index);
	lseek(fd, 0, SEEK_SET);
	recording = recording_open(fd, "x.ftrace", &err);
	assert_non_null(recording);
	wants.arg = index;
	assert_int_equal(recording_play_some(recording, index, &wants, &counting.sink), 0);
	assert_int_equal(recording_damage(recording)->blocks, 0);
	assert_false(recording_damage(recording)->cut);
	recording_close(recording);
	recording_index_free(index);
	return counting;
}

static void test_times(void **state)
{
	int fd = record();
	struct counting got = play(fd, (struct recording_wants){.to = UINT64_MAX});

	(void)state;
	assert_int_equal(got.calls[0] + got.calls[1] + got.calls[2], PHASES * ROOTS);
	/* The beginning of the first phase. */
	got = play(fd, (struct recording_wants){.to = STEP});
	assert_true(got.calls[0] >= 2);
	assert_int_equal(got.calls[2], 0);
	/* The end of the third one: the streamed call that began in the second one was over by then. */
	got = play(fd,
		   (struct recording_wants){.from = (PHASES * ROOTS - 1) * STEP, .to = UINT64_MAX});
	assert_true(got.calls[2] >= 1);
	assert_int_equal(got.calls[0] + got.calls[1] + got.entered, 0);
	/* While it ran its beginning is there, too. */
	got = play(fd, (struct recording_wants){.from = (2 * ROOTS + 9) * STEP,
						.to = (2 * ROOTS + 9) * STEP});
	assert_int_equal(got.entered, 1);
	assert_int_equal(got.calls[PHASES], 1);
	close(fd);
}

static void test_goroutines(void **state)
{
	int fd = record();
	struct counting got = play(fd, (struct recording_wants){.to = UINT64_MAX,
								.goids = (uint64_t[]){1},
								.ngoids = 1});

	(void)state;
	assert_int_equal(got.calls[0], ROOTS);
	assert_int_equal(got.calls[2], 0);
	got = play(fd, (struct recording_wants){
			       .to = UINT64_MAX, .goids = (uint64_t[]){77}, .ngoids = 1});
	assert_int_equal(got.calls[0] + got.calls[1] + got.calls[2], 0);
	close(fd);
}

static bool is_main_a(void *arg, uint32_t func)
{
	const struct catalog_func *entry = catalog_func(recording_index_catalog(arg), func);

	return !strcmp(entry->name, "main.a");
}

static void test_functions(void **state)
{
	int fd = record();
	struct counting got =
		play(fd, (struct recording_wants){.to = UINT64_MAX, .func = is_main_a});

	(void)state;
	assert_int_equal(got.calls[0], ROOTS);
	/* Of blocks with streamed calls nothing is said. */
	assert_int_equal(got.entered, 1);
	assert_true(got.calls[1] + got.calls[2] < 2 * ROOTS);
	close(fd);
}

/* The plain bytes of the index become others, packed and with a head that holds. */
static void change_index(int fd, void (*change)(unsigned char *bytes, uint32_t *len))
{
	off_t size = lseek(fd, 0, SEEK_END);
	struct file_tail tail;
	struct block_head head;
	unsigned char *packed, *plain;
	size_t len;

	assert_int_equal(pread(fd, &tail, sizeof(tail), size - (off_t)sizeof(tail)), sizeof(tail));
	assert_int_equal(pread(fd, &head, sizeof(head), (off_t)tail.index), sizeof(head));
	packed = malloc(head.packed);
	plain = malloc(head.plain + 16);
	assert_int_equal(pread(fd, packed, head.packed, (off_t)(tail.index + sizeof(head))),
			 head.packed);
	assert_int_equal(ZSTD_decompress(plain, head.plain, packed, head.packed), head.plain);
	change(plain, &head.plain);
	free(packed);
	packed = malloc(ZSTD_compressBound(head.plain));
	len = ZSTD_compress(packed, ZSTD_compressBound(head.plain), plain, head.plain, 1);
	head.packed = (uint32_t)len;
	head.check = block_check(&head);
	assert_int_equal(pwrite(fd, &head, sizeof(head), (off_t)tail.index), sizeof(head));
	assert_int_equal(pwrite(fd, packed, len, (off_t)(tail.index + sizeof(head))), len);
	assert_int_equal(pwrite(fd, &tail, sizeof(tail), (off_t)(tail.index + sizeof(head) + len)),
			 sizeof(tail));
	assert_int_equal(ftruncate(fd, (off_t)(tail.index + sizeof(head) + len + sizeof(tail))), 0);
	free(packed);
	free(plain);
}

static void nothing(unsigned char *bytes, uint32_t *len)
{
	(void)bytes, (void)len;
}

/* The first entry: its operation, where its block is, of which kind. */
static void another_place(unsigned char *bytes, uint32_t *len)
{
	(void)len;
	bytes[1]++;
}

static void another_kind(unsigned char *bytes, uint32_t *len)
{
	(void)len;
	bytes[2] = BLOCK_DATA;
}

static void cut_short(unsigned char *bytes, uint32_t *len)
{
	(void)bytes;
	*len -= 1;
}

/* A block less: the operation of the first entry is one that says nothing of blocks. */
static void one_missing(unsigned char *bytes, uint32_t *len)
{
	uint32_t at = 1, numbers = 5;

	while (numbers)
		numbers -= !(bytes[at++] & 0x80);
	memmove(bytes, bytes + at, *len - at);
	*len -= at;
}

static void contents_of_nothing(unsigned char *bytes, uint32_t *len)
{
	bytes[(*len)++] = OP_CONTENTS;
	bytes[(*len)++] = 0;
	bytes[(*len)++] = 0;
}

static void test_what_is_no_index(void **state)
{
	static void (*const changes[])(unsigned char *, uint32_t *) = {
		another_place, another_kind, cut_short, one_missing, contents_of_nothing,
	};
	struct recording_index *index;
	int fd = record();

	(void)state;
	change_index(fd, nothing);
	index = recording_index_read(fd);
	assert_non_null(index);
	recording_index_free(index);
	close(fd);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		fd = record();
		change_index(fd, changes[i]);
		index = recording_index_read(fd);
		if (index)
			fail_msg("change %zu: it was believed", i);
		close(fd);
	}
}

/* Blocks that --tui would go through. */
static size_t count_blocks(int fd)
{
	struct recording *recording;
	struct error err;
	size_t count;

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	recording = recording_open(fd, "x", &err);
	assert_non_null(recording);
	assert_int_equal(recording_find_blocks(recording), 0);
	recording_blocks(recording, &count);
	recording_close(recording);
	return count;
}

/* An index that tells of all blocks before it is none when others stand behind it, or it leaves some out: they are found. */
static void test_no_block_is_hidden(void **state)
{
	int fd = record();
	size_t count = count_blocks(fd);
	uint64_t at = sizeof(struct file_head);
	struct block_head head;
	struct file_tail tail;
	unsigned char *block;
	off_t size;

	(void)state;
	assert_true(count > 1);
	change_index(fd, one_missing);
	assert_int_equal(count_blocks(fd), count);
	close(fd);
	fd = record();
	size = lseek(fd, 0, SEEK_END) - (off_t)sizeof(tail);
	assert_int_equal(pread(fd, &tail, sizeof(tail), size), sizeof(tail));
	assert_int_equal(pread(fd, &head, sizeof(head), (off_t)at), sizeof(head));
	at += sizeof(head) + head.packed;
	assert_int_equal(pread(fd, &head, sizeof(head), (off_t)at), sizeof(head));
	assert_int_equal(head.kind, BLOCK_DATA);
	block = malloc(sizeof(head) + head.packed);
	assert_int_equal(pread(fd, block, sizeof(head) + head.packed, (off_t)at),
			 sizeof(head) + head.packed);
	assert_int_equal(pwrite(fd, block, sizeof(head) + head.packed, size),
			 sizeof(head) + head.packed);
	size += (off_t)(sizeof(head) + head.packed);
	assert_int_equal(pwrite(fd, &tail, sizeof(tail), size), sizeof(tail));
	assert_null(recording_index_read(fd));
	assert_int_equal(count_blocks(fd), count + 1);
	free(block);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_goroutines),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_what_is_no_index),
		cmocka_unit_test(test_no_block_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
