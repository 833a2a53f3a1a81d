/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tests of decide.h against what C itself says of the same values: every way of comparing numbers,
 * floats and texts, over a fixed sequence of odd values.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <ftrace/decide.h>

enum { LEFT = 512, RIGHT = 1024, DATA = 2048, STATUS = 3 };

static uint8_t values[FT_VALUES_MAX + 512];
static struct ft_text constant;
static uint64_t seed = 1;

/* Knuth's MMIX generator. */
static uint64_t next(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return seed >> 16 ^ seed << 32;
}

static int decide(const struct ft_test *test)
{
	const struct ft_decision d = {
		.values = {values, values}, .text = &constant, .duration = 77};

	return ft_decide_test(&d, test);
}

static int expected(int order, int less, int equal)
{
	switch (order) {
	case FT_EQ:
		return equal;
	case FT_NE:
		return !equal;
	case FT_LT:
		return less;
	case FT_LE:
		return less || equal;
	case FT_GT:
		return !less && !equal;
	default:
		return !less;
	}
}

/* The low `size` bytes of `bits` as 128-bit whole numbers, which hold both signs. */
static __int128 number(uint64_t bits, unsigned int size, int is_signed)
{
	unsigned int unused = 64 - 8 * size;

	return is_signed ? (__int128)((int64_t)(bits << unused) >> unused)
			 : (__int128)(bits << unused >> unused);
}

static void test_numbers(void **state)
{
	static const uint64_t odd[] = {0,          1,         0x7f,       0x80,       0xff,
				       0x7fff,     0x8000,    0xffff,     0x7fffffff, 0x80000000,
				       0xffffffff, INT64_MAX, 1ull << 63, UINT64_MAX};

	(void)state;
	for (int i = 0; i < 200000; i++) {
		unsigned int choice = (unsigned int)next();
		uint64_t a = choice & 1 ? odd[next() % 14] : next();
		uint64_t b = choice & 2 ? odd[next() % 14] : choice & 4 ? a : next();
		unsigned int sizes[] = {1u << (choice >> 4 & 3), 1u << (choice >> 6 & 3)};
		int order = (int)(next() % 6), as = choice >> 8 & 1, bs = choice >> 9 & 1;
		struct ft_test test = {
			.kind = FT_TEST_NUMBER,
			.order = (uint8_t)order,
			.left = {.kind = as ? FT_NUMBER_SIGNED : FT_NUMBER_UNSIGNED,
				 .size = (uint8_t)sizes[0],
				 .slot = LEFT},
			.right = {.kind = bs ? FT_NUMBER_SIGNED : FT_NUMBER_UNSIGNED,
				  .size = (uint8_t)sizes[1],
				  .slot = RIGHT},
		};
		__int128 x = number(a, sizes[0], as), y = number(b, sizes[1], bs);

		memcpy(values + LEFT, &a, 8);
		memcpy(values + RIGHT, &b, 8);
		assert_int_equal(decide(&test), expected(order, x < y, x == y));
		test.right = (struct ft_operand){.kind = bs ? FT_NUMBER_NEGATIVE : FT_NUMBER_CONST};
		test.number = b;
		y = number(b, 8, bs);
		assert_int_equal(decide(&test), expected(order, x < y, x == y));
	}
}

static void test_bits(void **state)
{
	struct ft_test test = {.kind = FT_TEST_NUMBER,
			       .order = FT_EQ,
			       .left = {.kind = FT_NUMBER_BITS, .slot = LEFT},
			       .right = {.kind = FT_NUMBER_CONST}};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t word = next();
		unsigned int size = 1u << next() % 4,
			     width = 1 + (unsigned int)(next() % (8 * size));
		unsigned int shift = (unsigned int)(next() % (8 * size - width + 1));

		memcpy(values + LEFT, &word, 8);
		test.left.size = (uint8_t)size;
		test.left.bits = (uint8_t)width;
		test.left.shift = (uint8_t)shift;
		test.number = word << (64 - shift - width) >> (64 - width);
		assert_true(decide(&test));
	}
	test = (struct ft_test){.kind = FT_TEST_NUMBER,
				.order = FT_EQ,
				.number = 77,
				.left = {.kind = FT_NUMBER_DURATION},
				.right = {.kind = FT_NUMBER_CONST}};
	assert_true(decide(&test));
}

/* Bits of a float, with more than their share of zeros, subnormals, infinities and NaNs. */
static uint64_t real_bits(unsigned int size)
{
	uint64_t bits = next(), exponents = size == 4 ? 0x7f800000 : 0x7ffull << 52;

	switch (next() % 6) {
	case 0:
		return bits & ~exponents;
	case 1:
		return bits | exponents;
	case 2:
		return size == 4 ? bits & 0xff800000 : bits & 0xfffull << 52;
	case 3:
		return bits & (size == 4 ? 0x80000003 : 1ull << 63 | 3);
	default:
		return bits;
	}
}

static double real(uint64_t bits, unsigned int size)
{
	double wide;
	float narrow;

	memcpy(&wide, &bits, 8);
	memcpy(&narrow, &bits, 4);
	return size == 4 ? (double)narrow : wide;
}

static void test_reals(void **state)
{
	(void)state;
	for (int i = 0; i < 200000; i++) {
		unsigned int choice = (unsigned int)next();
		unsigned int asize = choice & 1 ? 4 : 8, bsize = choice & 2 ? 4 : 8;
		uint64_t a = real_bits(asize), b = choice & 12 ? real_bits(bsize) : a;
		double x = real(a, asize), y = real(b, bsize);
		int order = (int)(next() % 6);
		struct ft_test test = {
			.kind = FT_TEST_REAL,
			.order = (uint8_t)order,
			.left = {.kind = FT_REAL, .size = (uint8_t)asize, .slot = LEFT},
			.right = {.kind = FT_REAL, .size = (uint8_t)bsize, .slot = RIGHT},
		};
		int holds = isnan(x) || isnan(y) ? order == FT_NE : expected(order, x < y, x == y);

		memcpy(values + LEFT, &a, 8);
		memcpy(values + RIGHT, &b, 8);
		assert_int_equal(decide(&test), holds);
		test.right = (struct ft_operand){.kind = FT_REAL_CONST};
		memcpy(&test.number, &y, 8);
		assert_int_equal(decide(&test), holds);
	}
}

/* Texts that mostly begin alike, NULs in them unless they end at one. */
static size_t make_text(char *text, int nul)
{
	static const size_t lens[] = {0, 1, 7, 8, 9, 15, 16, 17, 255, 256};
	size_t len = next() % 3 ? lens[next() % 10] : next() % 20;

	memset(text, 'a', len);
	for (int i = 0; i < 2 && len; i++)
		text[next() % len] = (char)(next() % 3 ? 'a' : nul ? 0xc3 : next() % 2 ? 0 : 0xff);
	return len;
}

static int compare(const char *a, size_t alen, const char *b, size_t blen)
{
	int order = memcmp(a, b, alen < blen ? alen : blen);

	return order ? order : alen < blen ? -1 : alen > blen;
}

static void test_texts(void **state)
{
	char a[FT_TEXT_MAX], b[FT_TEXT_MAX];

	(void)state;
	for (int i = 0; i < 200000; i++) {
		int nul = (int)(next() & 1), order = (int)(next() % 6), found;
		size_t alen = make_text(a, nul), blen = make_text(b, 0);
		uint64_t words[2] = {0, alen};
		struct ft_test test = {
			.kind = FT_TEST_TEXT,
			.order = (uint8_t)order,
			.text_len = (uint16_t)blen,
			.left = {.kind = nul ? FT_TEXT_NUL : FT_TEXT_HEADER,
				 .slot = LEFT,
				 .data = DATA,
				 .len = FT_TEXT_MAX,
				 .data_status = STATUS},
			.right = {.kind = FT_TEXT_CONST},
		};

		values[sizeof(struct ft_values) + STATUS] = FT_V_OK;
		memcpy(values + LEFT, words, 16);
		memset(values + DATA, 'a', FT_TEXT_MAX + 8);
		memcpy(values + DATA, a, alen);
		values[DATA + alen] = nul ? 0 : 'a';
		memset(constant.bytes, 0, sizeof(constant.bytes));
		memcpy(constant.bytes, b, blen);
		found = compare(a, alen, b, blen);
		assert_int_equal(decide(&test), expected(order, found < 0, found == 0));
		test.kind = FT_TEST_PREFIX;
		assert_int_equal(decide(&test), alen >= blen && !memcmp(a, b, blen));
	}
}

/* 256 bytes alike, and then: more is more. */
static void test_beyond(void **state)
{
	struct ft_test test = {
		.kind = FT_TEST_TEXT,
		.order = FT_EQ,
		.text_len = FT_TEXT_MAX,
		.left = {.kind = FT_TEXT_NUL,
			 .data = DATA,
			 .len = FT_TEXT_MAX,
			 .data_status = STATUS},
		.right = {.kind = FT_TEXT_CONST},
	};
	uint64_t words[2] = {0, FT_TEXT_MAX + 1};

	(void)state;
	memset(constant.bytes, 'x', FT_TEXT_MAX);
	memset(values + DATA, 'x', FT_TEXT_MAX + 8);
	values[sizeof(struct ft_values) + STATUS] = FT_V_OK;
	assert_true(decide(&test));
	values[sizeof(struct ft_values) + STATUS] = FT_V_CUT;
	assert_false(decide(&test));
	test.order = FT_GT;
	assert_true(decide(&test));
	memcpy(values + LEFT, words, 16);
	test.left.kind = FT_TEXT_HEADER;
	test.left.slot = LEFT;
	assert_true(decide(&test));
	words[1] = UINT64_MAX;
	memcpy(values + LEFT, words, 16);
	assert_true(decide(&test));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_bits),
		cmocka_unit_test(test_reals),   cmocka_unit_test(test_texts),
		cmocka_unit_test(test_beyond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
