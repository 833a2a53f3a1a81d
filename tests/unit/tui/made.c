/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memfd_create */
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "recording/format.h"

#define START 1000000000u

static const char *const funcs[] = {"main.serve", "main.parse", "main.store",
				    "main.lock",  "main.main",  "main.work"};

static const struct values *get_args(struct tree_source *source, const struct tree *tree,
				     const struct call *call)
{
	static struct value value;
	static const struct values one = {.first = &value, .nitems = 1, .len = 1};

	(void)source, (void)tree;
	if (call->args == CALL_NONE)
		return NULL;
	value = (struct value){
		.kind = VALUE_UNSIGNED, .name = "id", .type = "int", .u = call->args, .span = 1};
	return &one;
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

static const struct mark_detail *get_mark(struct tree_source *source, const struct tree *tree,
					  const struct mark *mark)
{
	static const struct mark_detail detail = {
		.name = "sync.Mutex.Lock", .waited = true, .waiting = 500, .runnable = 100};

	(void)source, (void)tree, (void)mark;
	return &detail;
}

static struct tree_source source = {
	.args = get_args, .results = get_none, .caller = no_caller, .mark = get_mark};
static struct process process = {.pid = 412, .exe = "/srv/main"};

static struct call call_of(uint32_t func, uint32_t parent, uint64_t start, uint64_t ns, uint64_t id)
{
	return (struct call){.func = func,
			     .parent = parent,
			     .level = parent == CALL_NONE ? 0 : 1,
			     .start = start,
			     .end = start + ns,
			     .id = id,
			     .tid = 412,
			     .how = CALL_RETURN,
			     .args = CALL_NONE,
			     .results = CALL_NONE,
			     .callers = CALL_NONE};
}

static void send_request(struct sink *sink, uint64_t n, bool slow)
{
	uint64_t at = START + n * 100000, id = n * MADE_CALLS + 1;
	struct call calls[MADE_CALLS] = {
		call_of(0, CALL_NONE, at, n % 100 == 7 ? 20000 : 10000, id),
		call_of(1, 0, at + 1000, 1000, id + 1),
		call_of(2, 0, at + 3000, slow ? 1000000000 : 2000, id + 2),
		call_of(3, 2, at + 3500, 1000, id + 3),
	};
	struct mark mark = {.kind = &mark_wait,
			    .start = at + 1200,
			    .end = at + 1800,
			    .before = 2,
			    .call = 1,
			    .goid = 1 + n % 3,
			    .goid_known = true,
			    .pid = 412};
	struct tree tree = {.process = &process,
			    .source = &source,
			    .goid = 1 + n % 3,
			    .calls = calls,
			    .ncalls = MADE_CALLS,
			    .marks = &mark,
			    .nmarks = 1};

	calls[3].level = 2;
	calls[0].args = (uint32_t)n;
	assert_int_equal(sink_root(sink, &tree), 0);
}

static void send_streamed(struct sink *sink, uint64_t requests)
{
	struct call chain[2] = {call_of(4, CALL_NONE, START, requests * 1000, 1)};
	struct tree tree = {
		.process = &process, .source = &source, .goid = 1, .calls = chain, .ncalls = 1};

	assert_int_equal(sink_enter(sink, &tree, 0), 0);
	tree.ncalls = 2;
	for (uint64_t n = 0; n < requests; n++) {
		chain[1] = call_of(5, 0, START + n * 1000, 500, n + 2);
		chain[1].args = (uint32_t)n;
		assert_int_equal(sink_enter(sink, &tree, 1), 0);
		assert_int_equal(sink_leave(sink, &tree, 1), 0);
	}
	tree.ncalls = 1;
	assert_int_equal(sink_leave(sink, &tree, 0), 0);
}

/* A recording into a file without a name. */
static int record(uint64_t requests, uint64_t slowest, bool streamed)
{
	int fd = memfd_create("recording", MFD_CLOEXEC);
	struct catalog catalog = {0};
	struct outlet outlet;
	struct sink_config config = {.outlet = &outlet, .catalog = &catalog, .start = START};
	struct sink *sink;

	catalog_add_exe(&catalog, &(struct catalog_exe){.path = "/srv/main"});
	for (size_t i = 0; i < sizeof(funcs) / sizeof(funcs[0]); i++)
		catalog_add_func(&catalog, &(struct catalog_func){.name = funcs[i],
								  .file = "/src/main.go",
								  .line = 10 + (int)i});
	outlet_init(&outlet, fd);
	sink = sink_ftrace.new(&config);
	assert_non_null(sink);
	assert_int_equal(sink_begin(sink), 0);
	for (uint64_t n = 0; n < requests && !streamed; n++)
		send_request(sink, n, n == slowest);
	if (streamed)
		send_streamed(sink, requests);
	assert_int_equal(sink_end(sink, &(struct trace_summary){.calls = requests}), 0);
	sink_free(sink);
	assert_int_equal(outlet_close(&outlet), 0);
	catalog_release(&catalog);
	return fd;
}

/* The head of block number `n` of the file. */
static off_t find_block(int fd, unsigned int n, struct block_head *head)
{
	off_t at = sizeof(struct file_head);

	for (;; n--) {
		assert_int_equal(pread(fd, head, sizeof(*head), at), sizeof(*head));
		if (!n)
			return at;
		at += (off_t)(sizeof(*head) + head->packed);
	}
}

static void damage(int fd)
{
	struct block_head head;
	off_t at = find_block(fd, 1, &head) + (off_t)sizeof(head) + 50;
	unsigned char byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte ^= 0x55;
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

/* Inside of the last block with calls. */
static void cut(int fd)
{
	struct block_head head;
	unsigned int n = 1;
	off_t at = 0;

	for (;; n++) {
		off_t next = find_block(fd, n, &head);

		if (head.kind != BLOCK_DATA)
			break;
		at = next;
	}
	assert_int_equal(ftruncate(fd, at + (off_t)sizeof(head) + 100), 0);
}

static void open_file(struct made *made, int fd)
{
	struct error err;

	*made = (struct made){.fd = fd};
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	made->recording = recording_open(fd, "made.ftrace", &err);
	assert_non_null(made->recording);
	assert_int_equal(recording_find_blocks(made->recording), 0);
	made->config = (struct sink_config){.catalog = recording_catalog(made->recording),
					    .time = SINK_TIME_NONE,
					    .brief = true,
					    .start = START};
	lines_init(&made->lines, &made->config);
	assert_int_equal(shelf_init(&made->shelf, made->recording), 0);
	assert_int_equal(rows_init(&made->rows, &made->shelf), 0);
}

void made_open(struct made *made, uint64_t requests, uint64_t slowest, enum made_harm harm)
{
	int fd = record(requests, slowest, false);

	if (harm == MADE_DAMAGED)
		damage(fd);
	if (harm == MADE_CUT)
		cut(fd);
	open_file(made, fd);
}

void made_open_streamed(struct made *made, uint64_t requests)
{
	open_file(made, record(requests, 0, true));
}

void made_close(struct made *made)
{
	lines_release(&made->lines);
	rows_release(&made->rows);
	shelf_release(&made->shelf);
	recording_close(made->recording);
	close(made->fd);
}

char *made_screen(struct made *made, struct place from, unsigned int most)
{
	struct buf text = {0};
	char *copy;

	while (most--) {
		line_row(&made->lines, &text, &made->rows, from, 70);
		buf_addc(&text, '\n');
		if (rows_next(&made->rows, &from) != FOUND)
			break;
	}
	copy = strdup(buf_str(&text));
	buf_release(&text);
	return copy;
}
