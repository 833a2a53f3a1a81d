/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include <ftrace/record.h>

#include "base/vec.h"
#include "trace/lane.h"

static struct lanes lanes;
static struct traced_process one, other;

static int release(void **state)
{
	(void)state;
	lanes_release(&lanes);
	one = other = (struct traced_process){0};
	return 0;
}

static struct lane *get(uint64_t goid)
{
	struct lane *lane = lanes_get(&lanes, lane_key(10, 0, goid, 1));

	assert_non_null(lane);
	lane_own(lane, &one);
	return lane;
}

static void push(struct lane *lane, uint64_t start)
{
	struct frame *frame = lane_push(lane);

	assert_non_null(frame);
	frame->start = start;
}

/* Equal numbers of another kind, process or thread are another lane. */
static void test_keys(void **state)
{
	struct lane *lane = get(5);

	(void)state;
	assert_ptr_equal(get(5), lane);
	assert_ptr_equal(lanes_get(&lanes, lane_key(10, 0, 5, 2)), lane);
	assert_ptr_equal(lanes_get(&lanes, lane_key(10, FT_R_VALUES, 5, 2)), lane);
	assert_ptr_not_equal(lanes_get(&lanes, lane_key(11, 0, 5, 1)), lane);
	assert_ptr_not_equal(lanes_get(&lanes, lane_key(10, FT_R_STACK, 5, 1)), lane);
	assert_ptr_not_equal(lanes_get(&lanes, lane_key(10, FT_R_THREAD, 0, 5)), lane);
	/* A thread's own lane is told by the thread alone. */
	assert_ptr_equal(lanes_get(&lanes, lane_key(10, FT_R_THREAD, 0, 5)),
			 lanes_get(&lanes, lane_key(10, FT_R_THREAD, 77, 5)));
	assert_ptr_equal(lanes_find(&lanes, lane_key(10, 0, 5, 9)), lane);
	assert_null(lanes_find(&lanes, lane_key(10, 0, 6, 1)));
}

static void test_recycled_clean(void **state)
{
	struct lane *lane = get(5);

	(void)state;
	push(lane, 1);
	assert_non_null(vec_push(&lane->tree.calls, &lane->tree.ncalls, &lane->tree.capcalls));
	lane->tree.curg = 7;
	lane->g = 0x1000;
	lane->streaming = true;
	lanes_drop(&lanes, lane);
	assert_null(lanes_find(&lanes, lane_key(10, 0, 5, 1)));
	assert_int_equal(lanes.nspare, 1);
	lane = get(6);
	assert_int_equal(lanes.nspare, 0);
	assert_int_equal(lane->nframes, 0);
	assert_int_equal(lane->tree.ncalls, 0);
	assert_int_equal(lane->tree.curg, 0);
	assert_int_equal(lane->g, 0);
	assert_false(lane->streaming);
}

/* A large one does not keep its memory for the next. */
static void test_large_is_given_back(void **state)
{
	struct lane *lane = get(5);

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		push(lane, i);
	lanes_drop(&lanes, lane);
	assert_int_equal(lanes.nspare, 0);
}

/* A hundred thousand goroutines that came and went hold nothing; those with frames stay. */
static void test_settle(void **state)
{
	(void)state;
	push(get(1), 1);
	for (uint64_t goid = 2; goid < 100000; goid++) {
		get(goid);
		lanes_settle(&lanes, 1);
		assert_true(lanes.map.count < 10000);
	}
	assert_true(lanes.nspare < 10000);
	assert_non_null(lanes_find(&lanes, lane_key(10, 0, 1, 1)));
	assert_int_equal(get(1)->nframes, 1);
}

static void test_sorted(void **state)
{
	struct lane **sorted;
	size_t count;

	(void)state;
	push(get(1), 30);
	push(get(2), 10);
	push(get(3), 20);
	get(4);
	lane_own(get(3), &other);
	sorted = lanes_sorted(&lanes, NULL, &count);
	assert_int_equal(count, 3);
	assert_int_equal(sorted[0]->key.b, 2);
	assert_int_equal(sorted[1]->key.b, 3);
	assert_int_equal(sorted[2]->key.b, 1);
	free(sorted);
	sorted = lanes_sorted(&lanes, &other, &count);
	assert_int_equal(count, 1);
	assert_int_equal(sorted[0]->key.b, 3);
	free(sorted);
}

static void test_forget(void **state)
{
	(void)state;
	lane_own(get(1), &other);
	get(2);
	lanes_forget(&lanes, &other);
	assert_null(lanes_find(&lanes, lane_key(10, 0, 1, 1)));
	assert_non_null(lanes_find(&lanes, lane_key(10, 0, 2, 1)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_keys, release),
		cmocka_unit_test_teardown(test_recycled_clean, release),
		cmocka_unit_test_teardown(test_large_is_given_back, release),
		cmocka_unit_test_teardown(test_settle, release),
		cmocka_unit_test_teardown(test_sorted, release),
		cmocka_unit_test_teardown(test_forget, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
