/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Globs as decide.h runs them, against base/glob.h: over a fixed sequence of globs and texts made of what
 * globs are made of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/glob.h"
#include "rule/filter_glob.h"

enum { HEADER = 512, DATA = 2048, STATUS = 3 };

static uint8_t values[FT_VALUES_MAX + 512];
static uint64_t seed = 1;

/* Knuth's MMIX generator. */
static uint64_t next(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return seed >> 16 ^ seed << 32;
}

/* A text with a length (`nul` 0) or up to a NUL; `len` may be more than what was read. */
static int match_bytes(const char *pattern, const char *text, uint64_t len, int nul)
{
	struct filter_glob *glob = filter_glob_new(pattern);
	uint64_t header[2] = {0, len}, room[FT_ROOM];
	static const struct ft_text none;
	const struct ft_decision d = {.values = {values, values}, .text = &none, .room = room};
	const struct ft_test test = {
		.kind = FT_TEST_GLOB,
		.left = {.kind = nul ? FT_TEXT_NUL : FT_TEXT_HEADER,
			 .slot = HEADER,
			 .data = DATA,
			 .len = FT_TEXT_MAX,
			 .data_status = STATUS},
	};
	size_t read = len < FT_TEXT_MAX ? len : FT_TEXT_MAX;
	int holds;

	assert_non_null(glob);
	memset(room, 0xff, sizeof(room));
	memcpy(values + HEADER, header, sizeof(header));
	memset(values + DATA, 'a', FT_TEXT_MAX + 8);
	memcpy(values + DATA, text, read);
	if (nul && read < FT_TEXT_MAX)
		values[DATA + read] = 0;
	values[sizeof(struct ft_values) + STATUS] = len > FT_TEXT_MAX ? FT_V_CUT : FT_V_OK;
	holds = ft_decide_glob(&d, &test, &glob->table);
	filter_glob_put(glob);
	return holds;
}

static int match(const char *pattern, const char *text)
{
	int holds = match_bytes(pattern, text, strlen(text), 0);

	assert_int_equal(match_bytes(pattern, text, strlen(text), 1), holds);
	return holds;
}

static void test_by_hand(void **state)
{
	static const struct {
		const char *pattern, *text;
		int holds;
	} rows[] = {
		{"", "", 1},
		{"", "a", 0},
		{"*", "", 1},
		{"*", "anything", 1},
		{"?", "", 0},
		{"?", "a", 1},
		{"?", "ab", 0},
		{"GET *", "GET /", 1},
		{"*.html", "/index.html", 1},
		{"*.html", "/index.htm", 0},
		{"a*b*c", "a-b-b-c", 1},
		{"a*b*c", "a-c-b", 0},
		{"***a", "bba", 1},
		{"[a-c]x", "bx", 1},
		{"[a-c]x", "dx", 0},
		{"[!a-c]x", "dx", 1},
		{"[^a-c]x", "bx", 0},
		{"[]]x", "]x", 1},
		{"[a", "[a", 1},
		{"\\*", "*", 1},
		{"\\*", "a", 0},
		{"a\\", "a\\", 1},
		/* as written, too, the one way and the other in one text */
		{"F[*]", "F[go.shape.int]", 1},
		{"F[*]", "F*", 1},
		{"*[ab]*]", "[ab]", 1},
		{"[a[b]c]", "bc]", 1},
		{"[a[b]c]", "[abc]", 1},
		{"[[][[][]]", "[[]", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (match(rows[i].pattern, rows[i].text) != rows[i].holds)
			fail_msg("'%s' over '%s' is not %d", rows[i].pattern, rows[i].text,
				 rows[i].holds);
}

static void make(char *to, const char *letters, size_t count, size_t most)
{
	size_t len = next() % (most + 1);

	for (size_t i = 0; i < len; i++)
		to[i] = letters[next() % count];
	to[len] = '\0';
}

static void test_against_glob(void **state)
{
	static const char parts[] = "ab[[]]!^-\\*?*?aabb", bytes[] = "ab[]!-\\\xc3";
	char pattern[FT_TEXT_MAX + 1], text[FT_TEXT_MAX + 1];
	size_t held = 0, rounds = 200000;

	(void)state;
	for (size_t i = 0; i < rounds; i++) {
		/* Some longer than a word of the row. */
		int big = i % 64 == 0;

		make(pattern, parts, sizeof(parts) - 1, big ? FT_TEXT_MAX : 12);
		make(text, bytes, sizeof(bytes) - 1, big ? FT_TEXT_MAX : 10);
		if (filter_glob_sets(pattern) > FT_GLOB_SETS)
			continue;
		/* A glob matches its own letters more often than those of chance. */
		if (i % 3 == 0)
			strcpy(text, pattern);
		if (match(pattern, text) != glob_match_bytes(pattern, text))
			fail_msg("'%s' over '%s'", pattern, text);
		held += (size_t)glob_match_bytes(pattern, text);
	}
	assert_true(held > rounds / 10 && held < rounds / 2);
}

/* A row is full, and what it has of the glob goes from one of its words to the next. */
static void test_long(void **state)
{
	char pattern[FT_TEXT_MAX + 1], text[FT_TEXT_MAX + 1];

	(void)state;
	for (size_t len = 60; len <= FT_TEXT_MAX; len++) {
		memset(pattern, '?', len);
		memset(text, 'x', len);
		pattern[len] = text[len] = '\0';
		assert_true(match(pattern, text));
		assert_false(match(pattern, text + 1));
		pattern[len - 1] = '*';
		assert_true(match(pattern, text));
		assert_true(match(pattern, text + 1));
		assert_false(match(pattern, text + 2));
		pattern[len - 1] = 'y';
		assert_false(match(pattern, text));
		/* a set that leads over the border of two words */
		memcpy(pattern + len - 5, "[wx]", 4);
		pattern[len - 1] = 'x';
		assert_true(match(pattern, text + 3));
		assert_false(match(pattern, text));
	}
}

/* A text with a NUL in it, and one of which not all was read. */
static void test_ends(void **state)
{
	char text[FT_TEXT_MAX];

	(void)state;
	assert_true(match_bytes("a?b", "a\0b", 3, 0));
	assert_true(match_bytes("a[!x]b", "a\0b", 3, 0));
	assert_false(match_bytes("a?b", "a\0b", 3, 1));
	assert_true(match_bytes("a", "a\0b", 3, 1));
	memset(text, 'x', sizeof(text));
	for (int nul = 0; nul < 2; nul++) {
		assert_true(match_bytes("*x", text, FT_TEXT_MAX, nul));
		assert_false(match_bytes("*x", text, FT_TEXT_MAX + 1, nul));
		assert_true(match_bytes("*x*", text, FT_TEXT_MAX + 1, nul));
		assert_false(match_bytes("*y*", text, FT_TEXT_MAX + 1, nul));
	}
	assert_true(match_bytes("*", text, UINT64_MAX, 0));
}

static void test_sets(void **state)
{
	(void)state;
	assert_int_equal(filter_glob_sets("a*?"), 0);
	assert_int_equal(filter_glob_sets("[a][b]"), 2);
	assert_int_equal(filter_glob_sets("[a[b]"), 2);
	assert_int_equal(filter_glob_sets("\\[a]"), 0);
	assert_int_equal(filter_glob_sets("[a"), 0);
	assert_true(match("[a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][!a]", "aaaaaaaaaaaaaaab"));
	assert_false(
		match("[a][a][a][a][a][a][a][a][a][a][a][a][a][a][a][!a]", "aaaaaaaaaaaaaaaa"));
}

static void test_prefixes(void **state)
{
	(void)state;
	assert_true(filter_glob_is_prefix("*"));
	assert_true(filter_glob_is_prefix("GET *"));
	assert_false(filter_glob_is_prefix("GET"));
	assert_false(filter_glob_is_prefix(""));
	assert_false(filter_glob_is_prefix("a?*"));
	assert_false(filter_glob_is_prefix("a\\*"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand), cmocka_unit_test(test_against_glob),
		cmocka_unit_test(test_long),    cmocka_unit_test(test_ends),
		cmocka_unit_test(test_sets),    cmocka_unit_test(test_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
