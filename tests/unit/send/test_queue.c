/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What waits to be sent: in order, within its room, and each span that goes is counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "send/queue.h"

static void the_oldest_make_room(void **state)
{
	struct send_queue queue;
	struct send_request *request;

	(void)state;
	send_queue_init(&queue, 100);
	assert_int_equal(send_queue_put(&queue, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 40, 1),
			 0);
	assert_int_equal(send_queue_put(&queue, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", 40, 2),
			 0);
	assert_int_equal(send_queue_put(&queue, "cccccccccccccccccccccccccccccccccccccccc", 40, 4),
			 1);
	assert_int_equal(queue.held, 80);
	request = send_queue_take(&queue);
	assert_int_equal(request->spans, 2);
	assert_memory_equal(request->bytes, "bbbb", 4);
	/* Back in front of the other. */
	assert_int_equal(send_queue_put_back(&queue, request), 0);
	assert_int_equal(queue.oldest->spans, 2);
	request = send_queue_take(&queue);
	assert_int_equal(send_queue_put(&queue, "dddddddddddddddddddddddddddddddddddddddd", 40, 8),
			 0);
	/* What has waited longest goes first. */
	assert_int_equal(send_queue_put_back(&queue, request), 2);
	assert_int_equal(send_queue_put(&queue, "", 101, 16), 16);
	request = send_queue_take(&queue);
	assert_int_equal(request->spans, 4);
	free(request);
	request = send_queue_take(&queue);
	assert_int_equal(request->spans, 8);
	free(request);
	assert_null(send_queue_take(&queue));
	assert_null(queue.newest);
	assert_int_equal(queue.held, 0);
	assert_int_equal(send_queue_put(&queue, "e", 1, 1), 0);
	send_queue_release(&queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_oldest_make_room)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
