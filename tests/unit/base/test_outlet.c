/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/outlet.h"

struct place {
	char dir[32];
	char plain[48], packed[48], moved[48];
};

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return -1;
	strcpy(place->dir, "/tmp/ftrace-outlet-XXXXXX");
	if (!mkdtemp(place->dir))
		return -1;
	snprintf(place->plain, sizeof(place->plain), "%s/trace", place->dir);
	snprintf(place->packed, sizeof(place->packed), "%s/trace.zst", place->dir);
	snprintf(place->moved, sizeof(place->moved), "%s/trace.1", place->dir);
	signal(SIGPIPE, SIG_IGN);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;

	unlink(place->plain);
	unlink(place->packed);
	unlink(place->moved);
	rmdir(place->dir);
	free(place);
	return 0;
}

static char *slurp(const char *path, size_t *len)
{
	FILE *file = fopen(path, "r");
	char *data = calloc(1, 4 << 20);

	assert_non_null(file);
	assert_non_null(data);
	*len = fread(data, 1, (4 << 20) - 1, file);
	fclose(file);
	return data;
}

static void check_file(const char *path, const char *expected)
{
	size_t len;
	char *data = slurp(path, &len);

	assert_string_equal(data, expected);
	free(data);
}

static void test_plain(void **state)
{
	struct place *place = *state;
	struct outlet w;

	assert_int_equal(outlet_open(&w, place->plain, NULL), 0);
	buf_adds(&w.buf, "one\n");
	assert_int_equal(outlet_drain(&w), 0);
	check_file(place->plain, "");
	assert_int_equal(outlet_flush(&w), 0);
	check_file(place->plain, "one\n");
	buf_adds(&w.buf, "two\n");
	assert_int_equal(outlet_close(&w), 0);
	check_file(place->plain, "one\ntwo\n");

	assert_int_equal(outlet_open(&w, place->plain, NULL), 0);
	assert_int_equal(outlet_close(&w), 0);
	check_file(place->plain, "");
}

static void test_drain_at_half_a_megabyte(void **state)
{
	struct place *place = *state;
	struct outlet w;
	struct stat st;

	assert_int_equal(outlet_open(&w, place->plain, NULL), 0);
	buf_fill(&w.buf, 'x', 512 * 1024 + 1);
	assert_int_equal(outlet_drain(&w), 0);
	assert_int_equal(w.buf.len, 0);
	assert_int_equal(stat(place->plain, &st), 0);
	assert_int_equal(st.st_size, 512 * 1024 + 1);
	assert_int_equal(outlet_close(&w), 0);
}

static void test_reopen(void **state)
{
	struct place *place = *state;
	struct outlet w;

	assert_int_equal(outlet_open(&w, place->plain, NULL), 0);
	buf_adds(&w.buf, "old\n");
	assert_int_equal(rename(place->plain, place->moved), 0);
	assert_int_equal(outlet_reopen(&w), 0);
	buf_adds(&w.buf, "new\n");
	/* Not moved away this time: nothing is thrown away. */
	assert_int_equal(outlet_flush(&w), 0);
	assert_int_equal(outlet_reopen(&w), 0);
	buf_adds(&w.buf, "more\n");
	assert_int_equal(outlet_close(&w), 0);
	check_file(place->moved, "old\n");
	check_file(place->plain, "new\nmore\n");
}

static void test_reopen_failure_keeps_the_old_file(void **state)
{
	struct place *place = *state;
	struct outlet w;

	assert_int_equal(outlet_open(&w, place->plain, NULL), 0);
	assert_int_equal(rename(place->plain, place->moved), 0);
	assert_int_equal(mkdir(place->plain, 0700), 0);
	assert_int_equal(outlet_reopen(&w), -EISDIR);
	assert_int_equal(rmdir(place->plain), 0);
	buf_adds(&w.buf, "still here\n");
	assert_int_equal(outlet_close(&w), 0);
	check_file(place->moved, "still here\n");
}

/* What of a compressed file can be read so far. */
static size_t unpack(const char *path, char *to, size_t size)
{
	size_t len, left;
	char *data = slurp(path, &len);
	ZSTD_DCtx *ctx = ZSTD_createDCtx();
	ZSTD_inBuffer in = {.src = data, .size = len};
	ZSTD_outBuffer out = {.dst = to, .size = size - 1};

	while (in.pos < in.size) {
		left = ZSTD_decompressStream(ctx, &out, &in);
		assert_false(ZSTD_isError(left));
	}
	to[out.pos] = '\0';
	ZSTD_freeDCtx(ctx);
	free(data);
	return out.pos;
}

static void test_zstd(void **state)
{
	struct place *place = *state;
	struct outlet w;
	size_t big = 3 << 20;
	char *text = malloc(big + 64), *expected = malloc(big + 64);
	uint32_t random = 1;

	assert_int_equal(outlet_open(&w, place->packed, NULL), 0);
	buf_adds(&w.buf, "first\n");
	assert_int_equal(outlet_flush(&w), 0);
	unpack(place->packed, text, big);
	assert_string_equal(text, "first\n");
	/* More than one output buffer, and hardly compressible. */
	memcpy(expected, "first\n", 6);
	for (size_t i = 0; i < 1 << 20; i++) {
		random = random * 1664525 + 1013904223;
		expected[6 + i] = (char)(random >> 24);
	}
	buf_add(&w.buf, expected + 6, 1 << 20);
	assert_int_equal(outlet_close(&w), 0);
	assert_int_equal(unpack(place->packed, text, big), 6 + (1 << 20));
	assert_memory_equal(text, expected, 6 + (1 << 20));
	free(text);
	free(expected);
}

static void test_zstd_reopen(void **state)
{
	struct place *place = *state;
	struct outlet w;
	char text[64];

	assert_int_equal(outlet_open(&w, place->packed, NULL), 0);
	buf_adds(&w.buf, "old\n");
	assert_int_equal(rename(place->packed, place->moved), 0);
	assert_int_equal(outlet_reopen(&w), 0);
	buf_adds(&w.buf, "new\n");
	assert_int_equal(outlet_close(&w), 0);
	unpack(place->moved, text, sizeof(text));
	assert_string_equal(text, "old\n");
	unpack(place->packed, text, sizeof(text));
	assert_string_equal(text, "new\n");
}

static void test_reader_gone(void **state)
{
	struct outlet w;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	outlet_init(&w, fds[1]);
	buf_adds(&w.buf, "text");
	assert_int_equal(outlet_flush(&w), -EPIPE);
	assert_int_equal(w.buf.len, 0);
	buf_adds(&w.buf, "more");
	assert_int_equal(outlet_flush(&w), -EPIPE);
	assert_int_equal(outlet_close(&w), -EPIPE);
	close(fds[1]);
}

static void test_disk_full(void **state)
{
	struct outlet w;

	(void)state;
	assert_int_equal(outlet_open(&w, "/dev/full", NULL), 0);
	buf_adds(&w.buf, "text");
	assert_int_equal(outlet_flush(&w), -ENOSPC);
	assert_int_equal(outlet_close(&w), -ENOSPC);
}

static void test_no_such_directory(void **state)
{
	struct outlet w;

	(void)state;
	assert_int_equal(outlet_open(&w, "/nowhere/trace.zst", NULL), -ENOENT);
	assert_int_equal(outlet_close(&w), -ENOENT);
}

static void *drain_pipe(void *arg)
{
	int fd = *(int *)arg;
	static char data[1 << 16];
	size_t *total = malloc(sizeof(*total));
	ssize_t n;

	*total = 0;
	while ((n = read(fd, data, sizeof(data))) > 0)
		*total += (size_t)n;
	return total;
}

/* A pipe that takes a part at a time, and at first nothing. */
static void test_nonblocking_pipe(void **state)
{
	struct outlet w;
	pthread_t thread;
	void *total;
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(pthread_create(&thread, NULL, drain_pipe, &fds[0]), 0);
	outlet_init(&w, fds[1]);
	buf_fill(&w.buf, 'x', 3 << 20);
	assert_int_equal(outlet_flush(&w), 0);
	assert_int_equal(outlet_close(&w), 0);
	close(fds[1]);
	assert_int_equal(pthread_join(thread, &total), 0);
	assert_int_equal(*(size_t *)total, 3 << 20);
	free(total);
	close(fds[0]);
}

/* What one that waits for a reader sees. */
struct reader {
	int fd;    /* where to read from, -1: not at all */
	int asked; /* how often it was waited for */
	size_t got;
};

static int wait_for_reader(void *arg, int fd)
{
	struct reader *reader = arg;
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	char data[8192];

	reader->asked++;
	if (poll(&p, 1, 0) > 0)
		return 0;
	if (reader->fd < 0)
		return -EINTR;
	reader->got += (size_t)read(reader->fd, data, sizeof(data));
	return 0;
}

static void rest_of(struct reader *reader)
{
	char data[8192];
	ssize_t n;

	while ((n = read(reader->fd, data, sizeof(data))) > 0)
		reader->got += (size_t)n;
}

/* Also of what can only be asked before each write, and may not be made another's. */
static void test_reader_that_takes_nothing(void **state)
{
	(void)state;
	for (int socket = 0; socket < 2; socket++) {
		struct reader reader = {.fd = -1};
		struct outlet w;
		int fds[2];

		assert_int_equal(socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, fds) : pipe(fds), 0);
		outlet_init(&w, fds[1]);
		outlet_set_wait(&w, wait_for_reader, &reader);
		buf_fill(&w.buf, 'x', 3 << 20);
		assert_int_equal(outlet_flush(&w), -EINTR);
		assert_true(reader.asked > 0);
		assert_int_equal(fcntl(fds[1], F_GETFL) & O_NONBLOCK, 0);
		buf_adds(&w.buf, "more");
		assert_int_equal(outlet_flush(&w), -EINTR);
		assert_int_equal(outlet_close(&w), -EINTR);
		/* It is the caller's. */
		assert_int_equal(close(fds[1]), 0);
		close(fds[0]);
	}
}

static void test_reader_that_is_slow(void **state)
{
	(void)state;
	for (int socket = 0; socket < 2; socket++) {
		struct reader reader = {0};
		struct outlet w;
		int fds[2];

		assert_int_equal(socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, fds) : pipe(fds), 0);
		reader.fd = fds[0];
		outlet_init(&w, fds[1]);
		outlet_set_wait(&w, wait_for_reader, &reader);
		buf_fill(&w.buf, 'x', 3 << 20);
		assert_int_equal(outlet_flush(&w), 0);
		assert_int_equal(outlet_close(&w), 0);
		close(fds[1]);
		rest_of(&reader);
		assert_int_equal(reader.got, 3 << 20);
		close(fds[0]);
	}
}

static void test_fifo(void **state)
{
	struct place *place = *state;
	struct outlet w;
	char data[8];
	int fd;

	assert_int_equal(mkfifo(place->plain, 0600), 0);
	assert_int_equal(outlet_open(&w, place->plain, NULL), -EAGAIN);
	outlet_close(&w);
	fd = open(place->plain, O_RDONLY | O_NONBLOCK);
	assert_int_equal(outlet_open(&w, place->plain, NULL), 0);
	buf_adds(&w.buf, "text");
	assert_int_equal(outlet_close(&w), 0);
	assert_int_equal(read(fd, data, sizeof(data)), 4);
	close(fd);
}

/* As on a disk that has so much room left. */
static void test_no_room_for_a_whole_line(void **state)
{
	struct place *place = *state;
	struct rlimit before, limit;
	struct outlet w;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = (struct rlimit){.rlim_cur = 20, .rlim_max = before.rlim_max};
	assert_int_equal(outlet_open(&w, place->plain, NULL), 0);
	buf_adds(&w.buf, "first\n");
	assert_int_equal(outlet_flush(&w), 0);
	buf_adds(&w.buf, "second\nthird, which is cut\n");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(outlet_flush(&w), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(outlet_close(&w), -EFBIG);
	check_file(place->plain, "first\nsecond\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_plain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_drain_at_half_a_megabyte, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reopen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reopen_failure_keeps_the_old_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_zstd, setup, teardown),
		cmocka_unit_test_setup_teardown(test_zstd_reopen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reader_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
		cmocka_unit_test(test_no_such_directory),
		cmocka_unit_test(test_nonblocking_pipe),
		cmocka_unit_test(test_reader_that_takes_nothing),
		cmocka_unit_test(test_reader_that_is_slow),
		cmocka_unit_test_setup_teardown(test_fifo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_room_for_a_whole_line, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
