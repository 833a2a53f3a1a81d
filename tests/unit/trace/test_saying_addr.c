/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses as Go's net.IP.String() writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "trace/saying_addr.h"

static void assert_ip(const char *bytes, size_t len, const char *want)
{
	char *exact = test_malloc(len ? len : 1), room[VALUE_ADDR_MAX];

	memcpy(exact, bytes, len);
	assert_true(value_ip(exact, len, room));
	assert_string_equal(room, want);
	test_free(exact);
}

static void four_bytes_are_decimal(void **state)
{
	(void)state;
	assert_ip("\x00\x00\x00\x00", 4, "0.0.0.0");
	assert_ip("\xff\xff\xff\xff", 4, "255.255.255.255");
	assert_ip("\x7f\x00\x00\x01", 4, "127.0.0.1");
	assert_ip("", 0, "");
}

/* Each group is given by its letter: 0 is zero, others are small numbers. */
static void assert_groups(const char *groups, const char *want)
{
	char bytes[16] = {0};

	for (size_t i = 0; i < 8; i++)
		bytes[2 * i + 1] = (char)(groups[i] - '0');
	assert_ip(bytes, sizeof(bytes), want);
}

static void the_longest_run_of_zeros_is_left_out(void **state)
{
	(void)state;
	assert_groups("00000000", "::");
	assert_groups("00000001", "::1");
	assert_groups("10000000", "1::");
	assert_groups("12345678", "1:2:3:4:5:6:7:8");
	assert_groups("10345678", "1:0:3:4:5:6:7:8");
	assert_groups("02345678", "0:2:3:4:5:6:7:8");
	assert_groups("12345670", "1:2:3:4:5:6:7:0");
	assert_groups("10010001", "1:0:0:1::1");
	assert_groups("10020034", "1::2:0:0:3:4");
	assert_groups("00100200", "::1:0:0:2:0:0");
	assert_ip("\x20\x01\x0d\xb8\x00\x10\x0f\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16,
		  "2001:db8:10:fff:ffff:ffff:ffff:ffff");
	assert_ip("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 16,
		  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

static void a_mapped_address_is_decimal(void **state)
{
	(void)state;
	assert_ip("\0\0\0\0\0\0\0\0\0\0\xff\xff\x01\x02\x03\x04", 16, "1.2.3.4");
	assert_ip("\0\0\0\0\0\0\0\0\0\0\x00\x00\x01\x02\x03\x04", 16, "::102:304");
}

static void no_other_length_is_an_address(void **state)
{
	char room[VALUE_ADDR_MAX], bytes[17] = {0};

	(void)state;
	for (size_t len = 1; len <= sizeof(bytes); len++)
		assert_int_equal(value_ip(bytes, len, room), len == 4 || len == 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_bytes_are_decimal),
		cmocka_unit_test(the_longest_run_of_zeros_is_left_out),
		cmocka_unit_test(a_mapped_address_is_decimal),
		cmocka_unit_test(no_other_length_is_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
