/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/escape.h"

struct row {
	const char *bytes;
	const char *text, *quoted, *json;
};

static const struct row rows[] = {
	{"", "", "\"\"", ""},
	{"plain", "plain", "\"plain\"", "plain"},
	{"eight by eight, and a rest", "eight by eight, and a rest",
	 "\"eight by eight, and a rest\"", "eight by eight, and a rest"},
	{"a\"b\\c", "a\"b\\c", "\"a\\\"b\\\\c\"", "a\\\"b\\\\c"},
	{"0123456789\"0123456789", "0123456789\"0123456789", "\"0123456789\\\"0123456789\"",
	 "0123456789\\\"0123456789"},
	{"0123456789\\", "0123456789\\", "\"0123456789\\\\\"", "0123456789\\\\"},
	{"\a\b\t\n\v\f\r", "\\a\\b\\t\\n\\v\\f\\r", "\"\\a\\b\\t\\n\\v\\f\\r\"",
	 "\\u0007\\b\\t\\n\\u000b\\f\\r"},
	{"\x1b[2J", "\\x1b[2J", "\"\\x1b[2J\"", "\\u001b[2J"},
	{"01234567\x1f", "01234567\\x1f", "\"01234567\\x1f\"", "01234567\\u001f"},
	{"0123\x7f"
	 "567",
	 "0123\\x7f567", "\"0123\\x7f567\"", "0123\\u007f567"},
	/* letters beyond ASCII, of 2, 3 and 4 bytes */
	{"gr\xc3\xbc\xc3\x9f \xe4\xb8\x96 \xf0\x9f\x98\x80",
	 "gr\xc3\xbc\xc3\x9f \xe4\xb8\x96 \xf0\x9f\x98\x80",
	 "\"gr\xc3\xbc\xc3\x9f \xe4\xb8\x96 \xf0\x9f\x98\x80\"",
	 "gr\xc3\xbc\xc3\x9f \xe4\xb8\x96 \xf0\x9f\x98\x80"},
	{"\xef\xbf\xbd", "\xef\xbf\xbd", "\"\xef\xbf\xbd\"", "\xef\xbf\xbd"},
	/* C1: U+009B begins a control sequence on some terminals */
	{"\xc2\x9b"
	 "31m",
	 "\\u009b31m", "\"\\u009b31m\"", "\\u009b31m"},
	/* U+202E, U+2066, U+200B, U+FEFF, U+E0001 */
	{"a\xe2\x80\xae"
	 "b",
	 "a\\u202eb", "\"a\\u202eb\"", "a\\u202eb"},
	{"\xe2\x81\xa6", "\\u2066", "\"\\u2066\"", "\\u2066"},
	{"\xe2\x80\x8b", "\\u200b", "\"\\u200b\"", "\\u200b"},
	{"\xef\xbb\xbf", "\\ufeff", "\"\\ufeff\"", "\\ufeff"},
	{"\xf3\xa0\x80\x81", "\\U000e0001", "\"\\U000e0001\"", "\\udb40\\udc01"},
	{"\xf4\x8f\xbf\xbf", "\\U0010ffff", "\"\\U0010ffff\"", "\\udbff\\udfff"},
	/* not UTF-8: stray, cut, overlong, surrogate, beyond U+10FFFF */
	{"\xff", "\\xff", "\"\\xff\"", "\xef\xbf\xbd"},
	{"a\x80z", "a\\x80z", "\"a\\x80z\"", "a\xef\xbf\xbdz"},
	{"\xe2\x82", "\\xe2\\x82", "\"\\xe2\\x82\"", "\xef\xbf\xbd\xef\xbf\xbd"},
	{"\xc0\xaf", "\\xc0\\xaf", "\"\\xc0\\xaf\"", "\xef\xbf\xbd\xef\xbf\xbd"},
	{"\xed\xa0\x80", "\\xed\\xa0\\x80", "\"\\xed\\xa0\\x80\"",
	 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	{"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\"\\xf4\\x90\\x80\\x80\"",
	 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
};

typedef void escaper(struct buf *buf, const char *bytes, size_t len);

/* The bytes lie at the end of a block of their own, so that ASan sees a read behind them. */
static void check(escaper *escape, const char *bytes, size_t len, const char *expected)
{
	char *copy = malloc(len ? len : 1);
	struct buf buf = {0};

	memcpy(copy, bytes, len);
	escape(&buf, copy, len);
	assert_string_equal(buf_str(&buf), expected);
	buf_release(&buf);
	free(copy);
}

static void escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = strlen(rows[i].bytes);

		check(escape_text, rows[i].bytes, len, rows[i].text);
		check(escape_quoted, rows[i].bytes, len, rows[i].quoted);
		check(escape_json, rows[i].bytes, len, rows[i].json);
	}
	check(escape_text, "a\0b", 3, "a\\x00b");
	check(escape_json, "a\0b", 3, "a\\u0000b");
}

/* Every byte at every place of a word of eight comes out as it does alone. */
static void every_byte_in_a_word(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		struct buf alone = {0};
		char byte = (char)c;

		escape_json(&alone, &byte, 1);
		for (int at = 0; at < 9; at++) {
			char word[] = "abcdefghi";
			struct buf whole = {0}, expected = {0};

			word[at] = byte;
			escape_json(&whole, word, 9);
			buf_add(&expected, word, (size_t)at);
			buf_add(&expected, alone.data, alone.len);
			buf_add(&expected, word + at + 1, 8 - (size_t)at);
			assert_int_equal(whole.len, expected.len);
			assert_memory_equal(whole.data, expected.data, whole.len);
			buf_release(&whole);
			buf_release(&expected);
		}
		buf_release(&alone);
	}
}

static void appends(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_adds(&buf, "name=");
	escape_quoted(&buf, "x", 1);
	assert_string_equal(buf_str(&buf), "name=\"x\"");
	buf_release(&buf);
}

static void valid(void **state)
{
	(void)state;
	assert_true(utf8_valid("", 0));
	assert_true(utf8_valid("a\0b", 3));
	assert_true(utf8_valid("\x1b\n", 2));
	assert_true(utf8_valid("0123456789\xc3\xbc", 12));
	assert_true(utf8_valid("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8));
	assert_false(utf8_valid("0123456789\xc3", 11));
	assert_false(utf8_valid("\xf0\x8f\xbf\xbf", 4));
	assert_false(utf8_valid("\xe0\x9f\xbf", 3));
	assert_false(utf8_valid("\xc1\xbf", 2));
	assert_false(utf8_valid("\xed\xbf\xbf", 3));
	assert_false(utf8_valid("\xf5\x80\x80\x80", 4));
	assert_false(utf8_valid("a\xbfz", 3));
}

static void decodes(void **state)
{
	uint32_t rune = 0;

	(void)state;
	assert_int_equal(utf8_decode("A", 1, &rune), 1);
	assert_int_equal(rune, 'A');
	assert_int_equal(utf8_decode("\xc3\xbcx", 3, &rune), 2);
	assert_int_equal(rune, 0xfc);
	assert_int_equal(utf8_decode("\xe4\xb8\x96", 3, &rune), 3);
	assert_int_equal(rune, 0x4e16);
	assert_int_equal(utf8_decode("\xf0\x9f\x98\x80", 4, &rune), 4);
	assert_int_equal(rune, 0x1f600);
	assert_int_equal(utf8_decode("\xf0\x9f\x98\x80", 3, &rune), 0);
}

static void cuts(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, cut;
	} lines[] = {
		{"", 0, 0},
		{"abc", 3, 3},
		{"ab\xc3\xbc", 4, 4},
		{"ab\xc3\xbc", 3, 2},
		{"a\xe4\xb8\x96", 4, 4},
		{"a\xe4\xb8\x96", 3, 1},
		{"a\xe4\xb8\x96", 2, 1},
		{"\xf0\x9f\x98\x80", 3, 0},
		{"\xf0\x9f\x98\x80", 1, 0},
		/* nothing that could follow makes these a character */
		{"a\xff", 2, 2},
		{"a\xc0", 2, 2},
		{"a\xed\xa0", 3, 3},
		{"\x80\x80\x80\x80", 4, 4},
		{"a\xc3\xbc\xbc", 4, 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_int_equal(utf8_cut(lines[i].bytes, lines[i].len), lines[i].cut);
}

static void hidden(void **state)
{
	static const uint32_t shown[] = {' ',    '~',    0xa1,    0xac,   0xae,   0x600 - 1,
					 0x2010, 0x2027, 0x2030,  0x205e, 0x2070, 0xd7ff,
					 0xf900, 0xfffd, 0x1f600, 0xe0100};
	static const uint32_t kept[] = {0,      0x1f,   0x7f,    0x80,    0x9f,    0xa0,
					0xad,   0x61c,  0x200b,  0x200e,  0x2028,  0x202a,
					0x202e, 0x2060, 0x2066,  0x2069,  0xe000,  0xfeff,
					0xfff9, 0xffff, 0xe0001, 0xf0000, 0x10ffff};

	(void)state;
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		assert_false(utf8_hidden(shown[i]));
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		assert_true(utf8_hidden(kept[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes), cmocka_unit_test(every_byte_in_a_word),
		cmocka_unit_test(appends), cmocka_unit_test(valid),
		cmocka_unit_test(decodes), cmocka_unit_test(cuts),
		cmocka_unit_test(hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
