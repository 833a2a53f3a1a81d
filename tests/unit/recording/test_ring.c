/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "recording/ring.h"

#define SPAN 1000000ull
#define ROOM ((size_t)128 << 10)

/* What comes out, as text. */
static int each(void *arg, const struct tree *tree, uint64_t end)
{
	struct buf *text = arg;

	buf_addf(text, "%llu:", (unsigned long long)end);
	if (tree->process)
		buf_addf(text, " %u %s", tree->process->pid, tree->process->exe);
	for (size_t i = 0; i < tree->ncalls; i++)
		buf_addf(text, " call %u of %d", tree->calls[i].func, (int)tree->calls[i].parent);
	if (tree->times)
		buf_addf(text, " running %u",
			 (unsigned int)tree->times[tree->ncalls - 1].ns[STATE_RUNNING]);
	for (size_t i = 0; i < tree->nmarks; i++)
		buf_addf(text, " %s of %d", tree->marks[i].kind->name, (int)tree->marks[i].call);
	if (tree->nvalues)
		buf_addf(text, " '%.*s'", (int)tree->nvalues, (const char *)tree->values);
	buf_addc(text, '\n');
	return 0;
}

static void expect(struct ring *ring, const char *expected)
{
	struct buf text = {0};

	assert_int_equal(ring_empty(ring, each, &text), 0);
	assert_string_equal(buf_str(&text), expected);
	buf_release(&text);
}

static void test_all_of_a_tree_comes_back(void **state)
{
	struct process process = {.pid = 412, .exe = (char[]){"/srv/main"}};
	struct call calls[] = {{.func = 1, .parent = CALL_NONE}, {.func = 2}};
	struct call_times times[] = {{.known = true}, {.ns = {77}}};
	struct mark marks[] = {{.kind = &mark_wait, .call = 1}};
	struct tree tree = {
		.process = &process,
		.calls = calls,
		.ncalls = 2,
		.times = times,
		.marks = marks,
		.nmarks = 1,
		.values = (unsigned char *)"values",
		.nvalues = 5,
	};
	struct tree alone = {.marks = marks, .nmarks = 1};
	struct ring ring;

	(void)state;
	assert_int_equal(ring_init(&ring, SPAN, ROOM), 0);
	assert_int_equal(ring_put(&ring, &tree, 10, 10), 0);
	/* Nothing is the caller's any more. */
	calls[0].func = 9;
	marks[0].kind = &mark_loss;
	assert_int_equal(ring_put(&ring, &alone, 20, 20), 0);
	expect(&ring, "10: 412 /srv/main call 1 of -1 call 2 of 0 running 77 wait of 1 'value'\n"
		      "20: loss of 1\n");
	expect(&ring, "");
	ring_release(&ring);
}

/* A tree that takes some 10 000 bytes, which zstd makes no smaller; each another one. */
static int put_large(struct ring *ring, uint64_t end, uint64_t now)
{
	static unsigned char noise[10000];
	static uint32_t seed = 1;
	struct call call = {.parent = CALL_NONE, .how = CALL_RETURN};
	struct tree tree = {.calls = &call, .ncalls = 1, .values = noise, .nvalues = sizeof(noise)};

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (unsigned char)((seed = seed * 1664525 + 1013904223) >> 24);
	return ring_put(ring, &tree, end, now);
}

static int count(void *arg, const struct tree *tree, uint64_t end)
{
	uint64_t *seen = arg;

	/* In order, the newest of them last. */
	assert_true(end > seen[1]);
	assert_int_equal(tree->nvalues, 10000);
	seen[0]++;
	seen[1] = end;
	return 0;
}

static void test_the_oldest_make_room(void **state)
{
	uint64_t seen[2] = {0};
	struct ring ring;

	(void)state;
	assert_int_equal(ring_init(&ring, SPAN, ROOM), 0);
	for (uint64_t i = 1; i <= 1000; i++) {
		assert_int_equal(put_large(&ring, i * 10, i * 10), 0);
		assert_true(ring.held + ring.at_hand.len <= ROOM);
	}
	/* All are of the time that may be asked for. */
	assert_in_range(ring_missing(&ring, 0), 980, 999);
	assert_int_equal(ring_missing(&ring, 10000), 0);
	assert_int_equal(ring_empty(&ring, count, seen), 0);
	assert_in_range(seen[0], 5, 12);
	assert_int_equal(seen[1], 10000);
	assert_int_equal(ring_missing(&ring, 0), 0);
	ring_release(&ring);
}

/* What nobody will ask for is not missing when it goes. */
static void test_what_is_old_goes(void **state)
{
	uint64_t seen[2] = {0};
	struct ring ring;

	(void)state;
	assert_int_equal(ring_init(&ring, SPAN, ROOM), 0);
	for (uint64_t i = 1; i <= 100; i++)
		assert_int_equal(put_large(&ring, i * SPAN, i * SPAN), 0);
	assert_true(ring.held < 40000);
	assert_int_equal(ring_missing(&ring, 0), 0);
	assert_int_equal(ring_empty(&ring, count, seen), 0);
	assert_in_range(seen[0], 1, 4);
	ring_release(&ring);
}

static void test_what_is_larger_than_all_is_missing(void **state)
{
	struct call *calls = calloc(10000, sizeof(*calls));
	struct tree tree = {.calls = calls, .ncalls = 10000};
	struct ring ring;

	(void)state;
	assert_non_null(calls);
	/* Those that are open come again. */
	for (size_t i = 1; i < tree.ncalls; i++)
		calls[i].how = CALL_RETURN;
	assert_int_equal(ring_init(&ring, SPAN, ROOM), 0);
	assert_int_equal(ring_put(&ring, &tree, 100, 100), 0);
	assert_int_equal(ring_missing(&ring, 100), 9999);
	expect(&ring, "");
	ring_release(&ring);
	free(calls);
}

static int refuse(void *arg, const struct tree *tree, uint64_t end)
{
	(void)tree, (void)end;
	++*(int *)arg;
	return -32;
}

static void test_the_first_error_ends_it(void **state)
{
	struct ring ring;
	int called = 0;

	(void)state;
	assert_int_equal(ring_init(&ring, SPAN, ROOM), 0);
	for (uint64_t i = 1; i <= 6; i++)
		assert_int_equal(put_large(&ring, i, i), 0);
	assert_int_equal(ring_empty(&ring, refuse, &called), -32);
	assert_int_equal(called, 1);
	expect(&ring, "");
	ring_release(&ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_of_a_tree_comes_back),
		cmocka_unit_test(test_the_oldest_make_room),
		cmocka_unit_test(test_what_is_old_goes),
		cmocka_unit_test(test_what_is_larger_than_all_is_missing),
		cmocka_unit_test(test_the_first_error_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
