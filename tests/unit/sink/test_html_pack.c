/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "sink/html_pack.h"

#define DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/* What is between the lines of `text`, unpacked. */
static size_t unpack(char *text, unsigned char *to, size_t room)
{
	z_stream zip = {.next_out = to, .avail_out = (uInt)room};
	char *save = NULL;
	int got = Z_OK;

	assert_int_equal(inflateInit(&zip), Z_OK);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		static unsigned char bytes[HTML_LINE];
		size_t len = 0, chars = strspn(line, DIGITS);

		assert_int_equal(strlen(line) % 4, 0);
		assert_true(strlen(line) <= HTML_LINE / 3 * 4);
		assert_int_equal(strlen(line + chars), strspn(line + chars, "="));
		for (size_t i = 0; i < chars; i += 4) {
			uint32_t bits = 0;

			for (size_t k = i; k < i + 4; k++)
				bits = bits << 6 |
				       (k < chars ? (uint32_t)(strchr(DIGITS, line[k]) - DIGITS)
						  : 0);
			for (size_t k = 0; k < 3 && i + k + 1 < chars; k++)
				bytes[len++] = (unsigned char)(bits >> (16 - 8 * k));
		}
		zip.next_in = bytes;
		zip.avail_in = (uInt)len;
		got = inflate(&zip, Z_NO_FLUSH);
		assert_int_equal(zip.avail_in, 0);
	}
	assert_int_equal(got, Z_STREAM_END);
	inflateEnd(&zip);
	return room - zip.avail_out;
}

/* Bytes that do not pack well, piece by piece through a file. */
static void round_trip(size_t len)
{
	unsigned char *bytes = malloc(len + 1), *back = malloc(len + 1);
	char *text = calloc(1, 2 * len + 4096);
	FILE *file = tmpfile();
	struct outlet outlet;
	struct html_pack *pack = malloc(sizeof(*pack));
	uint32_t seed = 1;

	assert_true(bytes && back && text && file && pack);
	for (size_t i = 0; i < len; i++) {
		seed = seed * 1103515245 + 12345;
		bytes[i] = (unsigned char)(seed >> 24);
	}
	outlet_init(&outlet, fileno(file));
	assert_int_equal(html_pack_init(pack, &outlet), 0);
	for (size_t at = 0; at < len; at += 1000) {
		buf_add(&pack->in, bytes + at, len - at < 1000 ? len - at : 1000);
		assert_int_equal(html_pack_some(pack, false), 0);
		assert_true(pack->in.len < 128 * 1024);
	}
	assert_int_equal(html_pack_some(pack, true), 0);
	assert_int_equal(outlet_flush(&outlet), 0);
	assert_true(pread(fileno(file), text, 2 * len + 4095, 0) > 0);
	assert_int_equal(unpack(text, back, len + 1), len);
	assert_memory_equal(bytes, back, len);
	html_pack_release(pack);
	outlet_close(&outlet);
	fclose(file);
	free(pack);
	free(bytes);
	free(back);
	free(text);
}

static void test_what_is_packed_comes_back(void **state)
{
	(void)state;
	for (size_t len = 0; len < 8; len++)
		round_trip(len);
	/* Around the end of a line, and of several. */
	for (size_t len = HTML_LINE - 40; len < HTML_LINE + 10; len++)
		round_trip(len);
	round_trip(1000 * 1000);
}

static void test_numbers(void **state)
{
	struct buf buf = {0};

	(void)state;
	html_put(&buf, 127);
	html_put(&buf, 300);
	html_put_signed(&buf, 0);
	html_put_signed(&buf, -1);
	html_put_signed(&buf, 1);
	html_put_signed(&buf, INT64_MIN);
	html_put_text(&buf, "ab", 2);
	html_put_text(&buf, NULL, 0);
	assert_int_equal(buf.len, 1 + 2 + 3 + 10 + 3 + 1);
	assert_memory_equal(buf.data,
			    "\x7f\xac\x02\0\1\2\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\2ab\0",
			    buf.len);
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_packed_comes_back),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
