/* SPDX-License-Identifier: GPL-2.0-only */
#include "error_record.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_network_says_where),
		TEST(an_address_is_certain_or_not_said),
		TEST(causes_have_causes),
		TEST(nothing_is_its_own_cause),
		TEST(a_resolver_says_whom_it_asked),
		TEST(what_is_no_address_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
