/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "base/map.h"

#define KEYS 64

static void empty(void **state)
{
	struct map_key key = {1, 2};
	struct map map = {0};
	size_t at = 0;

	(void)state;
	assert_null(map_find(&map, key));
	assert_false(map_delete(&map, key));
	assert_null(map_next(&map, &at));
	map_release(&map);
}

static void both_words_count(void **state)
{
	struct map map = {0};

	(void)state;
	*map_put(&map, (struct map_key){1, 2}) = 12;
	*map_put(&map, (struct map_key){2, 1}) = 21;
	*map_put(&map, (struct map_key){0, 0}) = 7;
	assert_int_equal(*map_find(&map, (struct map_key){1, 2}), 12);
	assert_int_equal(*map_find(&map, (struct map_key){2, 1}), 21);
	assert_int_equal(*map_find(&map, (struct map_key){0, 0}), 7);
	assert_null(map_find(&map, (struct map_key){1, 1}));
	assert_int_equal(map.count, 3);
	map_release(&map);
	assert_int_equal(map.count, 0);
}

static void put_keeps_what_is_there(void **state)
{
	struct map_key key = {5, 6};
	struct map map = {0};

	(void)state;
	assert_int_equal(*map_put(&map, key), 0);
	*map_put(&map, key) = 9;
	assert_int_equal(*map_put(&map, key), 9);
	assert_int_equal(map.count, 1);
	assert_true(map_delete(&map, key));
	assert_int_equal(*map_put(&map, key), 0);
	map_release(&map);
}

static void grows(void **state)
{
	struct map map = {0};

	(void)state;
	for (uint64_t i = 0; i < 10000; i++)
		*map_put(&map, (struct map_key){i << 12, i % 3}) = i;
	assert_int_equal(map.count, 10000);
	assert_true(map.count <= map.cap / 4 * 3);
	for (uint64_t i = 0; i < 10000; i++)
		assert_int_equal(*map_find(&map, (struct map_key){i << 12, i % 3}), i);
	map_release(&map);
}

/*
 * Puts and deletes in a fixed order that looks like chance, against an array that says what must be
 * there: in a table so small, chains run into each other and around its end.
 */
static void against_an_array(void **state)
{
	uint64_t seed = 88172645463325252u, model[KEYS] = {0};
	struct map map = {0};
	size_t count = 0;

	(void)state;
	for (uint64_t step = 1; step <= 20000; step++) {
		size_t k;

		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		k = seed % KEYS;
		if (seed >> 40 & 1) {
			count += !model[k];
			model[k] = step;
			*map_put(&map, (struct map_key){k, k * k}) = step;
		} else {
			count -= model[k] != 0;
			assert_int_equal(map_delete(&map, (struct map_key){k, k * k}),
					 model[k] != 0);
			model[k] = 0;
		}
		assert_int_equal(map.count, count);
		for (size_t i = 0; i < KEYS; i++) {
			uint64_t *value = map_find(&map, (struct map_key){i, i * i});

			assert_int_equal(value ? *value : 0, model[i]);
		}
	}
	map_release(&map);
}

static void walks_all_once(void **state)
{
	struct map map = {0};
	unsigned char seen[100] = {0};
	struct map_slot *slot;
	size_t at = 0;

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		*map_put(&map, (struct map_key){i, 1}) = i + 1000;
	for (uint64_t i = 0; i < 100; i += 2)
		map_delete(&map, (struct map_key){i, 1});
	while ((slot = map_next(&map, &at))) {
		assert_true(slot->key.a < 100 && slot->key.a % 2 == 1);
		assert_int_equal(slot->key.b, 1);
		assert_int_equal(slot->value, slot->key.a + 1000);
		assert_int_equal(seen[slot->key.a]++, 0);
	}
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(seen[i], i % 2);
	map_release(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(both_words_count),
		cmocka_unit_test(put_keeps_what_is_there),
		cmocka_unit_test(grows),
		cmocka_unit_test(against_an_array),
		cmocka_unit_test(walks_all_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
