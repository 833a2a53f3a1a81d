/* SPDX-License-Identifier: GPL-2.0-only */
#include "error_record.h"

static void numbers_of_the_system_have_words(void **state)
{
	(void)state;
	shape = record_interface(&r, "err", OWN, ERRNO);
	record_word(&r, VALUE, 2);
	assert_says("no");
	record_word(&r, VALUE, 200);
	assert_says("errno 200");
	record_status(&r, 2, FT_V_FAULT);
	assert_silent();
}

static void a_deadline_says_the_same_always(void **state)
{
	(void)state;
	shape = record_interface(&r, "err", OWN, DEADLINE);
	assert_says("context deadline exceeded");
}

static void three_parts_are_put_together(void **state)
{
	(void)state;
	put_error(PATH, "open", "/none");
	put_cause(4, ITAB(ERRNO));
	put_errno(2);
	assert_says("open /none: no");
	put_error(NUM, "Atoi", "x1");
	put_cause(4, ITAB(STRING));
	put_text(ERROR_LEAF, 0, ERROR_LEAF_TEXT, "bad.");
	assert_says("strconv.Atoi: parsing \"x1\": bad.");
	put_error(URL, "Get", "http://h/");
	assert_says("Get \"http://h/\": bad.");
	put_cause(4, ITAB(DEADLINE));
	assert_says("Get \"http://h/\": context deadline exceeded");
	put_cause(4, ITAB(ESCAPE));
	put_text(ERROR_LEAF, 0, ERROR_LEAF_TEXT, "%zz");
	assert_says("Get \"http://h/\": invalid URL escape \"%zz\"");
	put_text(ERROR_LEAF, 0, ERROR_LEAF_TEXT, "%\"");
	assert_silent();
	put_error(PARSE, "CIDR", "x/y");
	assert_says("invalid CIDR: x/y");
	put_text(ERROR_LEAF, 0, ERROR_LEAF_TEXT, "bad.");
	put_error(EXEC, "true", NULL);
	put_cause(2, ITAB(STRING));
	assert_says("exec: \"true\": bad.");
	put_error(LINK, "link", "/a");
	record_word(&r, VALUE + 32, 0xc000030100);
	record_word(&r, VALUE + 40, 2);
	put_cause(6, ITAB(STRING));
	shape->iface.text[4] = THIRD;
	shape->iface.text_status[4] = 7;
	assert_silent();
	record_status(&r, 7, FT_V_OK);
	record_text(&r, THIRD, "/b");
	assert_says("link /a /b: bad.");
}

/* Where a part is missing, cut, or would be quoted in a way of its own. */
static void what_is_not_certain_is_not_said(void **state)
{
	(void)state;
	put_error(URL, "Get", "a\"b");
	put_cause(4, ITAB(ERRNO));
	put_errno(0);
	assert_silent();
	record_text(&r, SECOND, "a b");
	assert_says("Get \"a b\": errno 0");
	record_status(&r, 4, FT_V_CUT);
	record_word(&r, VALUE + 24, 99);
	assert_silent();
	record_status(&r, 4, FT_V_FAULT);
	assert_silent();
	record_status(&r, 4, FT_V_OK);
	record_word(&r, VALUE + 24, 3);
	assert_says("Get \"a b\": errno 0");
	record_status(&r, PART_STATUS + ERROR_LEAF, FT_V_FAULT);
	assert_silent();
	record_status(&r, PART_STATUS + ERROR_LEAF, FT_V_OK);
	/* An error whose words are its own, one whose type is not known, and none. */
	put_cause(4, BIAS + 0x6010);
	assert_silent();
	put_cause(4, BIAS + 0x7000);
	assert_silent();
	put_cause(4, 0);
	assert_silent();
	put_cause(4, ITAB(ERRNO));
	shape->iface.error = NULL;
	assert_silent();
	r.fetch.nitems = 0;
	record_interface(&r, "err", OWN, 0x5018);
	assert_silent();
}

/* Longer than a string of the record may be: here 32 bytes. */
static void what_is_long_is_whole(void **state)
{
	(void)state;
	put_errno(2);
	put_error(PATH, "open", "/012345678901234567890123\303\274");
	put_cause(4, ITAB(ERRNO));
	assert_says("open /012345678901234567890123\303\274: no");
}

/* What goes beyond VALUE_SAYS_MAX is not said, nor put anywhere. */
static void what_is_too_long_is_not_said(void **state)
{
	struct error_slot *text = &parts.parts[ERROR_LEAF_TEXT];
	char want[VALUE_SAYS_MAX + 1] = "open /none: ";

	(void)state;
	put_error(PATH, "open", "/none");
	put_cause(4, ITAB(STRING));
	put_part(ERROR_LEAF);
	put_text(ERROR_LEAF, 0, ERROR_LEAF_TEXT, "");
	text->slot = LONG;
	text->len = VALUE_SAYS_MAX;
	memset(r.bytes + LONG, 'x', VALUE_SAYS_MAX);
	memset(want + strlen(want), 'x', VALUE_SAYS_MAX - strlen(want));
	put_word(ERROR_LEAF, 1, VALUE_SAYS_MAX - strlen("open /none: "));
	assert_says(want);
	put_word(ERROR_LEAF, 1, VALUE_SAYS_MAX - strlen("open /none: ") + 1);
	assert_silent();
	put_word(ERROR_LEAF, 1, VALUE_SAYS_MAX);
	assert_silent();
}

/* A part is all there, or nothing is said of it. */
static void what_ends_too_early_is_not_said(void **state)
{
	(void)state;
	put_error(PATH, "open", "/none");
	put_cause(4, ITAB(ERRNO));
	put_errno(2);
	r.src.len = part_at(ERROR_LEAF) + PART_LEN;
	assert_says("open /none: no");
	r.src.len--;
	assert_silent();
	r.src.len = r.len;
	put_error(EXIT, "", NULL);
	put_word(ERROR_LEAF, 1, 9);
	assert_says("signal: killed");
	parts.parts[ERROR_LEAF].len = 15;
	assert_silent();
}

static void joined_errors_say_a_line_each(void **state)
{
	(void)state;
	put_error(JOIN, "12", NULL);
	assert_silent();
	put_part(ERROR_JOIN);
	put_interface(ERROR_JOIN, 0, STRING);
	put_interface(ERROR_JOIN, 2, ERRNO);
	put_part(ERROR_JOIN_1);
	put_text(ERROR_JOIN_1, 0, ERROR_JOIN_1_TEXT, "one");
	assert_silent();
	put_part(ERROR_JOIN_2);
	put_word(ERROR_JOIN_2, 0, 2);
	assert_says("one\nno");
	record_word(&r, VALUE + 8, 1);
	assert_says("one");
	/* Of more there are no parts, whatever stands behind the two. */
	put_interface(ERROR_JOIN, 4, ERRNO);
	record_word(&r, VALUE + 8, 3);
	assert_silent();
	record_word(&r, VALUE + 8, 2);
	put_interface(ERROR_JOIN, 2, PATH);
	assert_silent();
}

static void a_process_says_how_it_ended(void **state)
{
	(void)state;
	put_error(EXIT, "", NULL);
	assert_silent();
	put_part(ERROR_LEAF);
	put_word(ERROR_LEAF, 1, 0xabcd00000300);
	assert_says("exit status 3");
	put_word(ERROR_LEAF, 1, 9);
	assert_says("signal: killed");
	put_word(ERROR_LEAF, 1, 0x80 | 64);
	assert_says("signal: signal 64 (core dumped)");
	put_word(ERROR_LEAF, 1, 0x137f);
	assert_silent();
}

/* Any words and statuses, of any length of record; the sanitizers watch. */
static void any_record_is_survived(void **state)
{
	uint64_t random = 88172645463325252u;
	size_t said = 0;

	(void)state;
	for (unsigned int round = 0; round < 30000; round++) {
		struct value text;
		char *exact;

		record_init(&r);
		put_error(PATH, "", NULL);
		for (enum error_part part = 0; part < ERROR_PARTS; part++)
			put_part(part);
		for (uint16_t at = 8; at + 8u <= sizeof(r.bytes); at += 8) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			if (at < 8 + PART_STATUS + ERROR_PARTS)
				record_word(&r, at, 0x0101010101010101 + (random & 0x04000400));
			else if (random % 4 == 0)
				record_word(&r, at, ITAB(0x5000 + 8 * (random >> 8 & 31)));
			else
				record_word(&r, at, random >> (random & 63));
		}
		record_word(&r, OWN, 0x77770000);
		record_word(&r, OWN + 16, BIAS + 0x5000 + 8 * (random >> 8 & 31));
		r.src.len = random % 5 ? sizeof(r.bytes) : (random >> 16) % sizeof(r.bytes);
		exact = malloc(r.src.len ? r.src.len : 1);
		assert_non_null(exact);
		memcpy(exact, r.bytes, r.src.len);
		r.src.bytes = (unsigned char *)exact;
		if (value_word(&r.src, OWN) && value_word(&r.src, OWN + 16) &&
		    known_type(value_word(&r.src, OWN + 16) - BIAS))
			said += says(&text);
		free(exact);
	}
	assert_true(said > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_of_the_system_have_words),
		TEST(a_deadline_says_the_same_always),
		TEST(three_parts_are_put_together),
		TEST(what_is_not_certain_is_not_said),
		TEST(what_is_long_is_whole),
		TEST(what_is_too_long_is_not_said),
		TEST(what_ends_too_early_is_not_said),
		TEST(joined_errors_say_a_line_each),
		TEST(a_process_says_how_it_ended),
		TEST(any_record_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
