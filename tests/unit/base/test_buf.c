/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/buf.h"

static void starts_empty(void **state)
{
	struct buf buf = {0};

	(void)state;
	assert_string_equal(buf_str(&buf), "");
	assert_int_equal(buf.len, 0);
	buf_release(&buf);
	assert_null(buf.data);
	buf_release(&buf);
}

static void appends(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_adds(&buf, "ab");
	buf_addc(&buf, 'c');
	buf_add(&buf, "defg", 2);
	buf_add(&buf, NULL, 0);
	buf_addf(&buf, "[%d %s]", -3, "x");
	buf_addf(&buf, "%s", "");
	buf_fill(&buf, '.', 3);
	buf_fill(&buf, '!', 0);
	assert_string_equal(buf_str(&buf), "abcde[-3 x]...");
	assert_int_equal(buf.len, 14);
	buf_adds(&buf, "more");
	assert_string_equal(buf_str(&buf), "abcde[-3 x]...more");
	buf_release(&buf);
}

static void numbers(void **state)
{
	static const struct {
		uint64_t value;
		const char *expected; /* unsigned, signed, hexadecimal */
	} rows[] = {
		{0, "0 0 0"},
		{9, "9 9 9"},
		{10, "10 10 a"},
		{255, "255 255 ff"},
		{INT64_MAX, "9223372036854775807 9223372036854775807 7fffffffffffffff"},
		{1ull << 63, "9223372036854775808 -9223372036854775808 8000000000000000"},
		{UINT64_MAX, "18446744073709551615 -1 ffffffffffffffff"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf buf = {0};

		buf_addu(&buf, rows[i].value);
		buf_addc(&buf, ' ');
		buf_addi(&buf, (int64_t)rows[i].value);
		buf_addc(&buf, ' ');
		buf_addx(&buf, rows[i].value);
		assert_string_equal(buf_str(&buf), rows[i].expected);
		buf_release(&buf);
	}
}

/* Every length up to several growths, by one byte and at once. */
static void grows(void **state)
{
	struct buf bytes = {0};

	(void)state;
	for (size_t len = 0; len < 1000; len++) {
		struct buf whole = {0};

		assert_int_equal(bytes.len, len);
		buf_add(&whole, bytes.data, bytes.len);
		assert_int_equal(whole.len, len);
		if (len)
			assert_memory_equal(whole.data, bytes.data, len);
		assert_int_equal(buf_str(&whole)[len], '\0');
		buf_release(&whole);
		buf_addc(&bytes, (char)len);
	}
	buf_release(&bytes);
}

static void long_format(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_addf(&buf, "%0500d", 7);
	assert_int_equal(buf.len, 500);
	assert_int_equal(buf.data[0], '0');
	assert_int_equal(buf.data[499], '7');
	buf_release(&buf);
}

/* After a failure nothing is added, not even what would still fit; reset begins anew. */
static void failure_stays(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_adds(&buf, "abc");
	assert_null(buf_room(&buf, SIZE_MAX / 2));
	assert_true(buf.failed);
	buf_adds(&buf, "d");
	buf_addc(&buf, 'e');
	buf_addf(&buf, "f");
	buf_fill(&buf, 'g', 1);
	assert_int_equal(buf.len, 3);
	assert_string_equal(buf_str(&buf), "");
	assert_null(buf_room(&buf, SIZE_MAX));
	buf_reset(&buf);
	assert_false(buf.failed);
	buf_adds(&buf, "new");
	assert_string_equal(buf_str(&buf), "new");
	buf_release(&buf);
}

static void room_is_writable(void **state)
{
	struct buf buf = {0};
	char *to = buf_room(&buf, 100);

	(void)state;
	assert_non_null(to);
	assert_int_equal(buf.len, 0);
	memset(to, 'x', 100);
	buf.len += 100;
	assert_ptr_equal(buf_room(&buf, 0), buf.data + 100);
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_empty),     cmocka_unit_test(appends),
		cmocka_unit_test(numbers),          cmocka_unit_test(grows),
		cmocka_unit_test(long_format),      cmocka_unit_test(failure_stays),
		cmocka_unit_test(room_is_writable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
