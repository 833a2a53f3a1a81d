/* SPDX-License-Identifier: GPL-2.0-only */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/queue.h"

/* Longer than any test waits. */
#define LONG 100000000000ull

static int setup(void **state)
{
	*state = queue_new();
	return !*state;
}

static int teardown(void **state)
{
	queue_free(*state);
	return 0;
}

/* Records tell their number and their length by what is in them. */
static size_t length(uint32_t number)
{
	return sizeof(number) + number * 37 % 700;
}

static bool put(struct queue *queue, uint32_t number)
{
	unsigned char bytes[1024];

	memset(bytes, (int)(number & 0xff), sizeof(bytes));
	memcpy(bytes, &number, sizeof(number));
	return queue_put(queue, bytes, length(number));
}

static void check(const unsigned char *bytes, size_t len, uint32_t number)
{
	assert_int_equal((uintptr_t)bytes % 8, 0);
	assert_int_equal(len, length(number));
	assert_memory_equal(bytes, &number, sizeof(number));
	for (size_t i = sizeof(number); i < len; i++)
		assert_int_equal(bytes[i], number & 0xff);
}

static bool readable(const struct queue *queue)
{
	struct pollfd fd = {.fd = queue_fd(queue), .events = POLLIN};

	return poll(&fd, 1, 0) == 1;
}

/* Puts as many as there is room for in so many chunks; the number of the one behind. */
static uint32_t fill(struct queue *queue, size_t chunks, uint32_t number)
{
	while (queue_room(queue, chunks)) {
		bool more = true;

		while (more)
			more = put(queue, number++);
		queue_show(queue);
	}
	return number;
}

static void test_in_order(void **state)
{
	struct queue *queue = *state;
	const void *bytes;
	size_t len;

	assert_null(queue_take(queue, &len));
	assert_true(queue_room(queue, 1));
	for (uint32_t i = 0; i < 20; i++)
		assert_true(put(queue, i));
	assert_null(queue_take(queue, &len));
	queue_show(queue);
	for (uint32_t i = 0; i < 20; i++) {
		bytes = queue_take(queue, &len);
		assert_non_null(bytes);
		check(bytes, len, i);
	}
	assert_null(queue_take(queue, &len));
}

static void test_tells_only_who_sleeps(void **state)
{
	struct queue *queue = *state;
	size_t len;

	assert_true(queue_room(queue, 1));
	put(queue, 0);
	queue_show(queue);
	assert_false(readable(queue));
	assert_non_null(queue_take(queue, &len));
	assert_null(queue_take(queue, &len));
	assert_false(readable(queue));
	put(queue, 1);
	assert_false(readable(queue));
	queue_show(queue);
	assert_true(readable(queue));
	assert_non_null(queue_take(queue, &len));
	assert_null(queue_take(queue, &len));
	assert_false(readable(queue));
}

static void test_bound(void **state)
{
	struct queue *queue = *state;
	uint32_t made = fill(queue, 3, 0), number = 0;
	const void *bytes;
	size_t len, all = 0;

	for (uint32_t i = 0; i < made; i++)
		all += length(i) + 15;
	assert_in_range(all, 2 * QUEUE_CHUNK, 3 * QUEUE_CHUNK + made * 15);
	assert_false(queue_room(queue, 3));
	/* A chunk has been read when the next one is begun. */
	while (!queue_room(queue, 3)) {
		bytes = queue_take(queue, &len);
		assert_non_null(bytes);
		check(bytes, len, number++);
	}
	assert_in_range(number, made / 4, made / 2);
	made = fill(queue, 3, made);
	while ((bytes = queue_take(queue, &len)))
		check(bytes, len, number++);
	assert_int_equal(number, made);
	/* As much as was ever there fits again, also when there is no chunk left. */
	assert_true(queue_room(queue, 1));
}

static void test_room_ends_the_rest(void **state)
{
	struct queue *queue = *state;
	uint32_t made = fill(queue, 1, 0);
	size_t len;

	/* Room that came before it sleeps is no reason to sleep. */
	while (made--)
		assert_non_null(queue_take(queue, &len));
	assert_null(queue_take(queue, &len));
	assert_true(queue_rest(queue, LONG));
	assert_true(queue_room(queue, 1));
	/* Without a reason it sleeps as long as it is to. */
	assert_true(queue_rest(queue, 1000000));
}

static void test_long_record(void **state)
{
	static unsigned char bytes[2 * QUEUE_RECORD_MAX];
	struct queue *queue = *state;
	size_t len;

	for (int i = 0; i < 100; i++) {
		assert_true(queue_room(queue, 8));
		queue_put(queue, bytes, sizeof(bytes));
		queue_show(queue);
	}
	for (int i = 0; i < 100; i++) {
		assert_non_null(queue_take(queue, &len));
		assert_int_equal(len, QUEUE_RECORD_MAX);
	}
}

static void test_demand(void **state)
{
	struct queue *queue = *state;
	uint64_t demand;
	size_t len;

	assert_true(queue_met(queue));
	assert_true(queue_room(queue, 2));
	put(queue, 0);
	queue_demand(queue);
	assert_true(queue_rest(queue, LONG));
	demand = queue_demanded(queue);
	/* It is told of one once. */
	assert_true(queue_rest(queue, 1000000));
	assert_false(queue_met(queue));
	put(queue, 1);
	queue_meet(queue, demand);
	assert_false(queue_met(queue));
	assert_non_null(queue_take(queue, &len));
	assert_false(queue_met(queue));
	put(queue, 2);
	queue_show(queue);
	assert_non_null(queue_take(queue, &len));
	assert_true(queue_met(queue));
	/* Its reader is told, though it has not found out yet that there is no more. */
	assert_true(readable(queue));
	/* Also of nothing. */
	assert_non_null(queue_take(queue, &len));
	assert_null(queue_take(queue, &len));
	queue_demand(queue);
	assert_false(queue_met(queue));
	queue_meet(queue, queue_demanded(queue));
	assert_true(readable(queue));
	assert_true(queue_met(queue));
}

#define RECORDS 200000u

/* Puts RECORDS in as little memory as it may have, and then what is demanded. */
static void *produce(void *arg)
{
	struct queue *queue = arg;
	uint32_t number = 0;

	while (queue_rest(queue, 1000000)) {
		uint64_t demand = queue_demanded(queue);

		while (number < RECORDS && queue_room(queue, 3)) {
			for (int i = 0; i < 100 && number < RECORDS; i++)
				if (!put(queue, number++))
					break;
			queue_show(queue);
		}
		if (number == RECORDS)
			queue_meet(queue, demand);
	}
	return NULL;
}

static void test_threads(void **state)
{
	struct queue *queue = *state;
	struct pollfd fd = {.fd = queue_fd(queue), .events = POLLIN};
	uint32_t number = 0;
	pthread_t thread;
	const void *bytes;
	size_t len;

	assert_int_equal(pthread_create(&thread, NULL, produce, queue), 0);
	queue_demand(queue);
	do {
		while ((bytes = queue_take(queue, &len)))
			check(bytes, len, number++);
	} while (!queue_met(queue) && poll(&fd, 1, 60000) == 1);
	assert_true(queue_met(queue));
	assert_int_equal(number, RECORDS);
	queue_stop(queue);
	pthread_join(thread, NULL);
	assert_false(queue_room(queue, 3));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_in_order),    TEST(test_tells_only_who_sleeps),
		TEST(test_bound),       TEST(test_room_ends_the_rest),
		TEST(test_long_record), TEST(test_demand),
		TEST(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
