/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/protobuf.h"

static struct buf buf;

static int release(void **state)
{
	(void)state;
	buf_release(&buf);
	return 0;
}

static const char *hex(void)
{
	static char text[256];
	size_t len = 0;

	for (size_t i = 0; i < buf.len && len < sizeof(text) - 3; i++)
		len += (size_t)sprintf(text + len, "%02x", (unsigned char)buf.data[i]);
	return text;
}

/* The examples of the format's own description. */
static void test_fields(void **state)
{
	(void)state;
	protobuf_u64(&buf, 1, 150);
	assert_string_equal(hex(), "089601");
	buf_reset(&buf);
	protobuf_text(&buf, 2, "testing");
	assert_string_equal(hex(), "120774657374696e67");
	buf_reset(&buf);
	protobuf_i64(&buf, 1, -2);
	assert_string_equal(hex(), "08feffffffffffffffff01");
	buf_reset(&buf);
	protobuf_fixed64(&buf, 47, 0x1122334455667788);
	assert_string_equal(hex(), "f9028877665544332211");
	buf_reset(&buf);
	protobuf_double(&buf, 5, 1.5);
	assert_string_equal(hex(), "29000000000000f83f");
}

/* Of every length of its length. */
static void test_messages_inside(void **state)
{
	static const size_t sizes[] = {0, 1, 127, 128, 16383, 16384, 3000000};
	static char zeros[3000000];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct buf expected = {0}, whole = {0};
		size_t outer, inner;

		buf_reset(&buf);
		outer = protobuf_open(&buf, 3);
		inner = protobuf_open(&buf, 1);
		buf_add(&buf, zeros, sizes[i]);
		protobuf_close(&buf, inner);
		protobuf_u64(&buf, 2, 7);
		protobuf_close(&buf, outer);

		protobuf_bytes(&expected, 1, zeros, sizes[i]);
		protobuf_u64(&expected, 2, 7);
		protobuf_bytes(&whole, 3, expected.data, expected.len);
		assert_int_equal(buf.len, whole.len);
		assert_memory_equal(buf.data, whole.data, buf.len);
		buf_release(&expected);
		buf_release(&whole);
	}
}

static void test_strings_are_utf8(void **state)
{
	(void)state;
	protobuf_string(&buf, 1, "a\xc3\xa4", 3);
	assert_string_equal(hex(), "0a0361c3a4");
	buf_reset(&buf);
	protobuf_string(&buf, 1, "a\xff\xc3", 3);
	assert_string_equal(hex(), "0a0761efbfbdefbfbd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_fields, release),
		cmocka_unit_test_teardown(test_messages_inside, release),
		cmocka_unit_test_teardown(test_strings_are_utf8, release),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
