/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/spool.h"

#define STREAMS 5
#define NUMBERS 5000

static struct spool spool;
static struct spool_stream streams[STREAMS];

static int begin(void **state)
{
	(void)state;
	spool_init(&spool);
	return 0;
}

static int release(void **state)
{
	(void)state;
	spool_release(&spool);
	for (size_t i = 0; i < STREAMS; i++)
		free(streams[i].bytes);
	memset(streams, 0, sizeof(streams));
	return 0;
}

/* What is expected next, and where in it. */
struct reading {
	uint32_t stream, next;
	size_t pieces;
	int answer;
};

static int look(void *arg, const void *bytes, size_t len)
{
	struct reading *reading = arg;
	const char *at = bytes;

	assert_int_equal(len % sizeof(uint32_t), 0);
	for (size_t i = 0; i < len; i += sizeof(uint32_t)) {
		uint32_t number;

		memcpy(&number, at + i, sizeof(number));
		assert_int_equal(number, reading->stream * NUMBERS + reading->next++);
	}
	reading->pieces++;
	return reading->answer;
}

/* Each gets its own back in order, however they took turns. */
static void test_streams_come_back(void **state)
{
	(void)state;
	for (uint32_t n = 0; n < NUMBERS; n++)
		for (uint32_t i = 0; i < STREAMS; i++) {
			uint32_t number = i * NUMBERS + n;

			/* The last one stays short. */
			if (i < STREAMS - 1 || n < 10)
				assert_int_equal(
					spool_add(&spool, &streams[i], &number, sizeof(number)), 0);
		}
	assert_true(spool.fd >= 0);
	assert_int_equal(streams[0].total, NUMBERS * sizeof(uint32_t));
	for (uint32_t i = 0; i < STREAMS; i++) {
		struct reading reading = {.stream = i};

		assert_int_equal(spool_drain(&spool, &streams[i], look, &reading), 0);
		assert_int_equal(reading.next, i < STREAMS - 1 ? NUMBERS : 10);
		assert_int_equal(reading.pieces > 1, i < STREAMS - 1);
		assert_null(streams[i].bytes);
	}
}

/* What is small never sees a file. */
static void test_little_needs_no_file(void **state)
{
	uint32_t number = 0;

	(void)state;
	assert_int_equal(spool_add(&spool, &streams[0], &number, sizeof(number)), 0);
	assert_int_equal(spool.fd, -1);
}

static void test_whoever_reads_may_stop(void **state)
{
	struct reading reading = {.answer = -EPIPE};

	(void)state;
	for (uint32_t n = 0; n < NUMBERS; n++)
		assert_int_equal(spool_add(&spool, &streams[0], &n, sizeof(n)), 0);
	assert_int_equal(spool_drain(&spool, &streams[0], look, &reading), -EPIPE);
	assert_int_equal(reading.pieces, 1);
}

/* Where no file can be made. */
static void test_errors_stay(void **state)
{
	uint32_t number = 0;
	int ret = 0;

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	for (size_t i = 0; i < NUMBERS && !ret; i++)
		ret = spool_add(&spool, &streams[0], &number, sizeof(number));
	unsetenv("TMPDIR");
	assert_int_equal(ret, -ENOENT);
	assert_int_equal(spool_add(&spool, &streams[1], &number, sizeof(number)), -ENOENT);
	assert_int_equal(spool_drain(&spool, &streams[0], look, NULL), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_streams_come_back, begin, release),
		cmocka_unit_test_setup_teardown(test_little_needs_no_file, begin, release),
		cmocka_unit_test_setup_teardown(test_whoever_reads_may_stop, begin, release),
		cmocka_unit_test_setup_teardown(test_errors_stay, begin, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
