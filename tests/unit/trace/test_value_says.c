/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "trace/value_priv.h"
#include "value_record.h"

/*
 * Where record_interface() puts what the interface refers to, and what its strings point to; behind
 * it the parts of the causes, 88 bytes each. Statuses 8 and on are theirs.
 */
enum {
	OWN = 64,
	VALUE = OWN + 24,
	FIRST = OWN + 88,
	SECOND = OWN + 120,
	PARTS = 256,
	PART_LEN = 48,
	PART_STATUS = 8,
	THIRD = 3000,
};

#define ITAB(type) (BIAS + 0x1100 + (type))

enum {
	ERRNO = 0x5040,
	PATH = 0x5048,
	NUM = 0x5050,
	URL = 0x5058,
	DEADLINE = 0x5060,
	OP = 0x5068,
	SYSCALL = 0x5070,
	TCP = 0x5078,
	IP = 0x5080,
	UNIX = 0x5088,
	DNS = 0x5090,
	LINK = 0x5098,
	EXEC = 0x50a0,
	EXIT = 0x50a8,
	NETWORK = 0x50b0,
	NO_ADDR = 0x50b8,
	JOIN = 0x50c0,
	PARSE = 0x50c8,
	ESCAPE = 0x50d0,
	STRING = 0x5010, /* *errors.errorString */
};

static struct value_record r;
static struct shape *shape;
static struct error_shape parts;

static int fresh(void **state)
{
	(void)state;
	record_init(&r);
	parts = (struct error_shape){0};
	return 0;
}

static uint16_t part_at(enum error_part part)
{
	return (uint16_t)(PARTS + 88 * part);
}

/* The part was read. */
static void put_part(enum error_part part)
{
	parts.parts[part] =
		(struct error_slot){.slot = part_at(part),
				    .len = part == ERROR_OP || part == ERROR_DNS ? 80 : PART_LEN,
				    .status = (uint8_t)(PART_STATUS + part)};
	record_status(&r, (uint8_t)(PART_STATUS + part), FT_V_OK);
}

static void put_word(enum error_part part, unsigned int word, uint64_t value)
{
	record_word(&r, (uint16_t)(part_at(part) + 8 * word), value);
}

/* The string in the words from `word` on of `in` has these bytes, which are `part`. */
static void put_bytes(enum error_part in, uint8_t word, enum error_part part, const void *bytes,
		      size_t len)
{
	put_word(in, word, 0xc000040000);
	put_word(in, word + 1u, len);
	put_part(part);
	parts.parts[part].word = word;
	memcpy(r.bytes + part_at(part), bytes, len < PART_LEN ? len : PART_LEN);
}

static void put_text(enum error_part in, uint8_t word, enum error_part part, const char *text)
{
	put_bytes(in, word, part, text, strlen(text));
}

static void put_interface(enum error_part in, unsigned int word, uint64_t type)
{
	put_word(in, word, ITAB(type));
	put_word(in, word + 1, 0xc000050000);
}

/* An error of that type, whose struct begins with these. */
static void put_error(uint64_t type, const char *first, const char *second)
{
	r.fetch.nitems = 0;
	shape = record_interface(&r, "err", OWN, type);
	shape->iface.error = &parts;
	record_word(&r, VALUE, 0xc000030000);
	record_word(&r, VALUE + 8, strlen(first));
	record_text(&r, FIRST, first);
	if (!second)
		return;
	record_word(&r, VALUE + 16, 0xc000030100);
	record_word(&r, VALUE + 24, strlen(second));
	record_text(&r, SECOND, second);
}

/* It holds an error, in the words from `word` on. */
static void put_cause(unsigned int word, uint64_t itab)
{
	record_word(&r, (uint16_t)(VALUE + 8 * word), itab);
	record_word(&r, (uint16_t)(VALUE + 8 * word + 8), 0xc000030200);
}

static void put_errno(uint64_t number)
{
	put_part(ERROR_LEAF);
	put_word(ERROR_LEAF, 0, number);
}

static bool says(struct value *text)
{
	static char room[VALUE_SAYS_MAX];
	struct value value;

	value_item(&r.src, 0, &value);
	assert_int_equal(value.kind, VALUE_DYNAMIC);
	return value_says(&r.src, &value, text, room);
}

static void assert_says(const char *want)
{
	struct value text;

	shape->iface.text_len = 120; /* it is not to be cut */
	assert_true(says(&text));
	shape->iface.text_len = 32;
	assert_int_equal(text.kind, VALUE_TEXT);
	assert_false(text.truncated);
	if (text.nbytes != strlen(want) || memcmp(text.text, want, text.nbytes) != 0)
		fail_msg("%.*s\nis not\n%s", (int)text.nbytes, text.text, want);
}

static void assert_silent(void)
{
	struct value text;

	assert_false(says(&text));
}

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

/* As a string of that length would be cut: here to 32 bytes, back to a whole character. */
static void what_is_long_is_cut(void **state)
{
	struct value text;

	(void)state;
	put_errno(2);
	put_error(PATH, "open", "/012345678901234567890123\303\274");
	put_cause(4, ITAB(ERRNO));
	assert_true(says(&text));
	assert_true(text.truncated);
	assert_true(text.utf8);
	assert_int_equal(text.len, 36);
	assert_int_equal(text.nbytes, 32);
	put_error(PATH, "opens", "/012345678901234567890123\303\274");
	assert_true(says(&text));
	assert_true(text.utf8);
	assert_int_equal(text.len, 37);
	assert_int_equal(text.nbytes, 31);
}

static void put_op(const char *op, const char *net)
{
	put_part(ERROR_OP);
	put_text(ERROR_OP, 0, ERROR_OP_NAME, op);
	put_text(ERROR_OP, 2, ERROR_OP_NET, net);
	put_interface(ERROR_OP, ERROR_OP_ERR, STRING);
	put_part(ERROR_LEAF);
	put_text(ERROR_LEAF, 0, ERROR_LEAF_TEXT, "boom");
}

static void put_ip(enum error_part part, uint8_t last, uint64_t port)
{
	uint8_t ip[4] = {127, 0, 0, last};

	put_part(part);
	put_bytes(part, 0, part + 1, ip, sizeof(ip));
	put_word(part, 3, port);
}

static void the_network_says_where(void **state)
{
	(void)state;
	put_error(OP, "dial", "tcp");
	put_op("dial", "tcp");
	assert_says("dial tcp: boom");
	put_interface(ERROR_OP, ERROR_OP_ADDR, TCP);
	put_ip(ERROR_ADDR, 1, 80);
	assert_says("dial tcp 127.0.0.1:80: boom");
	put_interface(ERROR_OP, ERROR_OP_SOURCE, TCP);
	put_ip(ERROR_SOURCE, 2, 65535);
	assert_says("dial tcp 127.0.0.2:65535->127.0.0.1:80: boom");
	put_word(ERROR_OP, ERROR_OP_ADDR, 0);
	assert_says("dial tcp 127.0.0.2:65535: boom");
	put_text(ERROR_OP, 2, ERROR_OP_NET, "");
	put_word(ERROR_OP, ERROR_OP_SOURCE, ITAB(IP));
	put_word(ERROR_SOURCE, 3, 0);
	assert_says("dial 127.0.0.2: boom");
	put_word(ERROR_OP, ERROR_OP_SOURCE, ITAB(UNIX));
	put_text(ERROR_SOURCE, 0, ERROR_SOURCE_TEXT, "/s");
	assert_says("dial /s: boom");
	put_word(ERROR_OP, ERROR_OP_SOURCE + 1, 0);
	assert_says("dial <nil>: boom");
	put_bytes(ERROR_SOURCE, 0, ERROR_SOURCE_TEXT, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01",
		  16);
	put_interface(ERROR_OP, ERROR_OP_SOURCE, TCP);
	put_word(ERROR_SOURCE, 3, 443);
	assert_says("dial [2001:db8::1]:443: boom");
}

static void an_address_is_certain_or_not_said(void **state)
{
	(void)state;
	put_error(OP, "dial", "tcp");
	put_op("dial", "tcp");
	put_interface(ERROR_OP, ERROR_OP_ADDR, TCP);
	assert_silent();
	put_ip(ERROR_ADDR, 1, 80);
	put_word(ERROR_ADDR, 5, 2); /* a zone */
	assert_silent();
	put_word(ERROR_ADDR, 5, 0);
	put_word(ERROR_ADDR, 1, 3);
	assert_silent();
	put_word(ERROR_ADDR, 1, 4);
	assert_says("dial tcp 127.0.0.1:80: boom");
	put_part(ERROR_DNS); /* in the same place */
	assert_silent();
	record_status(&r, PART_STATUS + ERROR_DNS, FT_V_UNREAD);
	put_interface(ERROR_OP, ERROR_OP_ADDR, OP);
	assert_silent();
	put_interface(ERROR_OP, ERROR_OP_ADDR, UNIX);
	put_word(ERROR_ADDR, 1, 99);
	record_status(&r, PART_STATUS + ERROR_ADDR_TEXT, FT_V_CUT);
	assert_silent();
}

/* url.Error of net.OpError of os.SyscallError of syscall.Errno. */
static void causes_have_causes(void **state)
{
	(void)state;
	put_error(URL, "Get", "http://h/");
	put_cause(4, ITAB(OP));
	assert_silent();
	put_op("dial", "tcp");
	put_interface(ERROR_OP, ERROR_OP_ERR, SYSCALL);
	put_part(ERROR_SYSCALL);
	put_text(ERROR_SYSCALL, 0, ERROR_SYSCALL_NAME, "connect");
	put_interface(ERROR_SYSCALL, ERROR_SYSCALL_ERR, ERRNO);
	put_errno(2);
	assert_says("Get \"http://h/\": dial tcp: connect: no");
	record_status(&r, PART_STATUS + ERROR_SYSCALL, FT_V_UNREAD);
	assert_silent();
	record_status(&r, PART_STATUS + ERROR_SYSCALL, FT_V_OK);
	put_interface(ERROR_OP, ERROR_OP_ERR, DEADLINE);
	assert_says("Get \"http://h/\": dial tcp: context deadline exceeded");
	put_interface(ERROR_OP, ERROR_OP_ERR, NETWORK);
	put_text(ERROR_LEAF, 0, ERROR_LEAF_TEXT, "n");
	assert_says("Get \"http://h/\": dial tcp: unknown network n");
	put_error(SYSCALL, "", NULL);
	put_errno(200);
	assert_says("connect: errno 200");
}

static void put_dns(const char *server)
{
	put_part(ERROR_DNS);
	put_text(ERROR_DNS, 2, ERROR_DNS_ERR, "none");
	put_text(ERROR_DNS, 4, ERROR_DNS_NAME, "h");
	put_text(ERROR_DNS, 6, ERROR_DNS_SERVER, server);
}

/* What a record claims does not lead in a circle. */
static void nothing_is_its_own_cause(void **state)
{
	(void)state;
	put_error(OP, "dial", "tcp");
	put_op("dial", "tcp");
	put_interface(ERROR_OP, ERROR_OP_ERR, OP);
	assert_silent();
	put_interface(ERROR_OP, ERROR_OP_ERR, SYSCALL);
	put_part(ERROR_SYSCALL);
	put_text(ERROR_SYSCALL, 0, ERROR_SYSCALL_NAME, "connect");
	put_interface(ERROR_SYSCALL, ERROR_SYSCALL_ERR, SYSCALL);
	assert_silent();
	put_interface(ERROR_SYSCALL, ERROR_SYSCALL_ERR, OP);
	assert_silent();
	put_interface(ERROR_SYSCALL, ERROR_SYSCALL_ERR, DNS);
	put_dns("");
	assert_silent();
}

static void a_resolver_says_whom_it_asked(void **state)
{
	(void)state;
	put_error(DNS, "", NULL);
	assert_silent();
	put_dns("s");
	assert_says("lookup h on s: none");
	put_dns("");
	assert_says("lookup h: none");
	put_error(OP, "dial", "tcp");
	put_op("dial", "tcp");
	put_interface(ERROR_OP, ERROR_OP_ERR, DNS);
	assert_says("dial tcp: lookup h: none");
	/* What was read at other words than this type's. */
	parts.parts[ERROR_DNS_ERR].word = 0;
	assert_silent();
}

static void what_is_no_address_is_said(void **state)
{
	(void)state;
	put_error(NO_ADDR, "", NULL);
	assert_silent();
	put_part(ERROR_NO_ADDR);
	put_text(ERROR_NO_ADDR, 0, ERROR_NO_ADDR_ERR, "bad");
	put_text(ERROR_NO_ADDR, 2, ERROR_NO_ADDR_TEXT, "here");
	assert_says("address here: bad");
	put_word(ERROR_NO_ADDR, 3, 0);
	assert_says("bad");
	put_error(OP, "dial", "tcp");
	put_op("dial", "tcp");
	put_interface(ERROR_OP, ERROR_OP_ERR, NO_ADDR);
	assert_says("dial tcp: bad");
	put_interface(ERROR_OP, ERROR_OP_SOURCE, UNIX);
	put_part(ERROR_SOURCE);
	put_text(ERROR_SOURCE, 0, ERROR_SOURCE_TEXT, "/s");
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

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_of_the_system_have_words),
		TEST(a_deadline_says_the_same_always),
		TEST(three_parts_are_put_together),
		TEST(what_is_not_certain_is_not_said),
		TEST(what_is_long_is_cut),
		TEST(the_network_says_where),
		TEST(an_address_is_certain_or_not_said),
		TEST(causes_have_causes),
		TEST(nothing_is_its_own_cause),
		TEST(a_resolver_says_whom_it_asked),
		TEST(what_is_no_address_is_said),
		TEST(joined_errors_say_a_line_each),
		TEST(a_process_says_how_it_ended),
		TEST(any_record_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
