/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings of bounded size: where blocks go, and what is read of the file at any moment: after each block, when the writer was
 * killed in the middle of one, and when the file is cut anywhere. Whatever is missing, nothing false is said of the rest.
 */
#define _GNU_SOURCE /* memfd_create */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recording/recording.h"
#include "recording/bounded.h"

#define SIZE  (64u << 10)
#define ROOTS 30000u

static struct catalog catalog;
static struct process process = {.pid = 412, .exe = (char *)"/srv/main", .go = "go1.26.8"};

static struct bounded_place place(struct bounded *ring, size_t len, uint32_t calls)
{
	struct bounded_place to;

	assert_int_equal(bounded_put(ring, len, calls, &to), 0);
	return to;
}

static void blocks_go_over_the_oldest(void **state)
{
	struct bounded ring;
	struct bounded_place to;

	(void)state;
	bounded_init(&ring, 100, 400);
	assert_int_equal(place(&ring, 100, 1).offset, 100);
	assert_int_equal(place(&ring, 100, 2).offset, 200);
	to = place(&ring, 90, 4);
	assert_true(to.fits && !to.cut && to.offset == 300);
	assert_int_equal(bounded_overwritten(&ring), 0);
	/* What is left behind the newest is cut off; two go. */
	to = place(&ring, 150, 8);
	assert_true(to.fits && to.cut && to.end == 390 && to.offset == 100);
	assert_int_equal(bounded_overwritten(&ring), 3);
	to = place(&ring, 50, 16);
	assert_true(to.fits && !to.cut && to.offset == 250);
	assert_int_equal(bounded_overwritten(&ring), 3);
	to = place(&ring, 100, 32);
	assert_true(to.fits && !to.cut && to.offset == 300);
	assert_int_equal(bounded_overwritten(&ring), 7);
	bounded_release(&ring);
}

static void what_is_too_large_is_left_out(void **state)
{
	struct bounded ring;

	(void)state;
	bounded_init(&ring, 100, 400);
	place(&ring, 10, 1);
	assert_false(place(&ring, 301, 5).fits);
	assert_int_equal(bounded_overwritten(&ring), 5);
	/* All of it, and what was there goes. */
	assert_true(place(&ring, 300, 7).fits);
	assert_int_equal(bounded_overwritten(&ring), 6);
	bounded_release(&ring);
	bounded_init(&ring, 500, 400);
	assert_false(place(&ring, 1, 1).fits);
	bounded_release(&ring);
}

/* What a file says. */
struct seen {
	struct sink sink;
	uint64_t roots, first, last; /* by their starts */
	unsigned int processes;
	struct trace_summary summary;
	struct recording_damage damage;
};

static int on_process(struct sink *sink, const struct process *got)
{
	assert_string_equal(got->exe, process.exe);
	((struct seen *)sink)->processes++;
	return 0;
}

/* Each is the one behind the one before, as long as nothing is damaged. */
static int on_root(struct sink *sink, const struct tree *tree)
{
	struct seen *seen = (struct seen *)sink;

	assert_int_equal(seen->processes, 1);
	assert_int_equal(tree->ncalls, 2);
	assert_int_equal(tree->calls[0].start, tree->calls[0].id / 2 * 10);
	if (seen->roots++)
		assert_true(tree->calls[0].start > seen->last);
	else
		seen->first = tree->calls[0].start;
	seen->last = tree->calls[0].start;
	return 0;
}

static const struct sink_ops seen_ops = {.name = "seen", .process = on_process, .root = on_root};

/* 0, or what opening said. */
static int look(const unsigned char *bytes, size_t len, struct seen *seen)
{
	int fd = memfd_create("ring", 0);
	struct recording *recording;
	struct error err;

	*seen = (struct seen){.sink.ops = &seen_ops};
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	recording = recording_open(fd, "ring", &err);
	if (recording) {
		assert_int_equal(recording_play(recording, &seen->sink), 0);
		recording_summary(recording, &seen->summary);
		seen->damage = *recording_damage(recording);
		assert_int_equal(seen->summary.calls, 2 * seen->roots);
	}
	recording_close(recording);
	close(fd);
	return recording ? 0 : err.code;
}

/* Of what is whole but for its oldest: all that is there is one run up to the newest, and the count of the others is right. */
static void is_whole(const struct seen *seen)
{
	assert_int_equal(seen->damage.blocks, 0);
	if (!seen->roots)
		return;
	assert_int_equal(seen->last - seen->first, (seen->roots - 1) * 10);
	assert_int_equal(seen->summary.overwritten, 2 * (seen->first / 10));
}

struct file {
	unsigned char *bytes;
	size_t len;
};

static struct file read_file(const char *path)
{
	struct file file = {0};
	struct stat st;
	int fd = open(path, O_RDONLY);

	assert_int_equal(fstat(fd, &st), 0);
	file.len = (size_t)st.st_size;
	file.bytes = malloc(file.len + 1);
	assert_int_equal(read(fd, file.bytes, file.len), file.len);
	close(fd);
	return file;
}

/* The writer was killed when it had written some of what it wrote last: at every 2048th byte of it. */
static void killed_between(const struct file *before, const struct file *after)
{
	struct file torn = {malloc(SIZE), after->len};
	size_t from = 0, to = after->len;
	struct seen seen;

	while (from < before->len && from < to && before->bytes[from] == after->bytes[from])
		from++;
	for (size_t at = from; at < to; at += 2048) {
		memcpy(torn.bytes, after->bytes, at);
		torn.len = at;
		if (before->len > at) {
			memcpy(torn.bytes + at, before->bytes + at, before->len - at);
			torn.len = before->len;
		}
		assert_int_equal(look(torn.bytes, torn.len, &seen), 0);
		assert_true(seen.damage.cut);
		/* The torn one at most. */
		assert_true(seen.damage.blocks <= 1);
	}
	free(torn.bytes);
}

static struct sink *begin(struct outlet *outlet, struct sink_config *config, char *path)
{
	struct sink *sink;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(catalog_add_exe(&catalog, &(struct catalog_exe){.path = "/srv/main"}), 0);
	assert_int_equal(catalog_add_func(&catalog, &(struct catalog_func){.name = "main.a"}), 0);
	assert_int_equal(outlet_open(outlet, path, NULL), 0);
	assert_int_equal(outlet_allow_seek(outlet), 0);
	*config = (struct sink_config){.outlet = outlet, .catalog = &catalog, .max_size = SIZE};
	sink = sink_ftrace.new(config);
	assert_non_null(sink);
	assert_int_equal(sink_begin(sink), 0);
	assert_int_equal(sink_process(sink, &process), 0);
	return sink;
}

/* Root call `i`, with one below it whose end nobody can guess: it takes its room. */
static void put(struct sink *sink, uint64_t i)
{
	struct call calls[2] = {
		{.parent = CALL_NONE, .how = CALL_RETURN}, {.parent = 0, .level = 1, .how = CALL_RETURN}};
	struct tree tree = {.process = &process, .goid = 1, .calls = calls, .ncalls = 2};

	for (unsigned int k = 0; k < 2; k++) {
		calls[k].id = 2 * i + k;
		calls[k].start = 10 * i + k;
		calls[k].end = calls[k].start + ((i + k) * 0x9e3779b97f4a7c15 >> 24);
		calls[k].args = calls[k].results = calls[k].callers = CALL_NONE;
	}
	assert_int_equal(sink_root(sink, &tree), 0);
}

/* The file at each of its sizes; returns it as it is in the end. */
static struct file fill(bool end, struct seen *seen, bool kill)
{
	char path[] = "/tmp/ftrace-ring-XXXXXX";
	struct file before = {0}, after;
	struct outlet outlet;
	struct sink_config config;
	struct sink *sink = begin(&outlet, &config, path);
	unsigned int wraps = 0;
	off_t at, last = 0;

	for (uint64_t i = 0; i < ROOTS; i++) {
		put(sink, i);
		at = lseek(outlet.fd, 0, SEEK_CUR);
		if (at == last)
			continue;
		wraps += at < last;
		last = at;
		after = read_file(path);
		assert_true(after.len <= SIZE);
		assert_int_equal(look(after.bytes, after.len, seen), 0);
		is_whole(seen);
		assert_true(seen->damage.cut);
		if (kill && before.len)
			killed_between(&before, &after);
		free(before.bytes);
		before = after;
	}
	assert_true(wraps >= 2);
	if (end) {
		assert_int_equal(sink_end(sink, &(struct trace_summary){.calls = 2 * ROOTS}), 0);
		assert_non_null(strstr(sink_note(sink), "older ones were overwritten"));
	}
	free(before.bytes);
	after = read_file(path);
	sink_free(sink);
	outlet_close(&outlet);
	unlink(path);
	catalog_release(&catalog);
	return after;
}

static void the_newest_are_there_at_each_moment(void **state)
{
	struct seen seen;
	struct file file = fill(true, &seen, false);

	(void)state;
	assert_true(file.len <= SIZE);
	assert_int_equal(look(file.bytes, file.len, &seen), 0);
	is_whole(&seen);
	assert_false(seen.damage.cut);
	assert_int_equal(seen.last, 10 * (ROOTS - 1));
	assert_true(seen.roots > 1000);
	assert_int_equal(seen.summary.calls + seen.summary.overwritten, 2 * ROOTS);
	free(file.bytes);
}

static void killed_in_the_middle_of_a_block(void **state)
{
	struct seen seen;
	struct file file = fill(false, &seen, true);

	(void)state;
	free(file.bytes);
}

static void cut_anywhere(void **state)
{
	struct seen seen;
	struct file file = fill(true, &seen, false);

	(void)state;
	for (size_t len = 0; len < file.len; len += 64)
		if (!look(file.bytes, len, &seen))
			assert_true(seen.damage.cut || seen.damage.blocks || seen.summary.overwritten);
	free(file.bytes);
}

static void a_pipe_is_refused(void **state)
{
	struct seen seen;
	struct file file = fill(true, &seen, false);
	struct error err;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], file.bytes, 4096), 4096);
	assert_null(recording_open(ends[0], "stdin", &err));
	assert_int_equal(err.code, -ESPIPE);
	close(ends[0]);
	close(ends[1]);
	free(file.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_go_over_the_oldest),
		cmocka_unit_test(what_is_too_large_is_left_out),
		cmocka_unit_test(the_newest_are_there_at_each_moment),
		cmocka_unit_test(killed_in_the_middle_of_a_block),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(a_pipe_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
