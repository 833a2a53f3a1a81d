/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way through an error's causes, run on errors made up here: which parts are read, of what, and
 * which are left alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fetch/typed.h"
#include "fetch_vm.h"

#define SITE 0x401000
#define BIAS 0x70000000

/* The error that has method number i has its itab at ITABS + 64 * i. */
#define ITABS   0x500000
#define METHODS 0x402000

/* Errors lie one behind the other, and so does text. */
#define OBJECTS 0xc000100000
#define TEXTS   0xc000200000

enum { UNKNOWN = ERROR_METHODS, ITAB_COUNT };

static uint64_t itabs[ITAB_COUNT][8];
static uint64_t objects[16][10];
static char texts[256];
static size_t nobjects, ntexts;

static struct methods methods;
static bool asked; /* for causes */
static struct fetch_limits limits;
static struct fetch *fetch;
static struct fetch_vm vm;

static int fresh(void **state)
{
	(void)state;
	limits = (struct fetch_limits){.max_string = 32,
				       .max_elems = 8,
				       .max_depth = 2,
				       .max_items = 32,
				       .max_bytes = FT_VALUES_MAX};
	methods = (struct methods){.dns_word = 2};
	asked = true;
	for (size_t i = 0; i < ERROR_METHODS; i++)
		methods.error[i] = METHODS + 32 * i;
	memset(&vm, 0, sizeof(vm));
	vm.site = SITE;
	vm.regs[FT_REG_IP] = SITE + BIAS;
	for (size_t i = 0; i < ITAB_COUNT; i++) {
		itabs[i][1] = 0x600000 + BIAS + i; /* the type: any */
		itabs[i][3] = METHODS + 32 * i + BIAS;
	}
	memset(objects, 0, sizeof(objects));
	memset(texts, 0, sizeof(texts));
	nobjects = ntexts = 0;
	fetch_vm_map(&vm, ITABS, itabs, sizeof(itabs));
	fetch_vm_map(&vm, OBJECTS, objects, sizeof(objects));
	fetch_vm_map(&vm, TEXTS, texts, sizeof(texts));
	return 0;
}

static int done(void **state)
{
	(void)state;
	fetch_free(fetch);
	fetch = NULL;
	return 0;
}

static uint64_t *object(void)
{
	assert_true(nobjects < 16);
	return objects[nobjects++];
}

static uint64_t address(const uint64_t *object)
{
	return OBJECTS + (uint64_t)(object - objects[0]) * 8;
}

static void put_string(uint64_t *words, const char *text)
{
	size_t len = strlen(text);

	assert_true(ntexts + len <= sizeof(texts));
	memcpy(texts + ntexts, text, len);
	words[0] = TEXTS + ntexts;
	words[1] = len;
	ntexts += len;
}

static void put_error(uint64_t *words, unsigned int method, const uint64_t *object)
{
	words[0] = ITABS + 64 * method;
	words[1] = object ? address(object) : 0;
}

/* Reads an error of that type in AX and BX. */
static const struct fetch_item *run(unsigned int method, const uint64_t *error)
{
	uint64_t words[2] = {0};
	struct fetch_item *item;

	if (method <= UNKNOWN)
		put_error(words, method, error);
	vm.regs[FT_REG_AX] = words[0];
	vm.regs[FT_REG_BX] = words[1];
	fetch_free(fetch);
	fetch = fetch_new(arch_native());
	assert_non_null(fetch);
	fetch->methods = asked ? &methods : NULL;
	item = fetch_item(fetch, "err", "error");
	assert_non_null(item);
	item->slot = fetch_slot(fetch, 16, &limits);
	for (uint16_t i = 0; i < 2; i++) {
		fetch_op(fetch, FT_OP_REG)->reg = (uint8_t)(i ? FT_REG_BX : FT_REG_AX);
		fetch_op(fetch, FT_OP_PUT)->slot = (uint16_t)(item->slot + 8 * i);
	}
	item->shape.is_error = true;
	typed_interface(fetch, &item->shape, item->slot, false, &limits);
	fetch_seal(fetch);
	fetch_vm_run(&vm, fetch);
	return &fetch->items[0];
}

static uint8_t status_of(enum error_part part)
{
	const struct error_shape *parts = fetch->items[0].shape.iface.error;

	assert_non_null(parts);
	return parts->parts[part].slot ? fetch_vm_status(&vm, parts->parts[part].status) : 0xff;
}

static uint64_t word_of(enum error_part part, unsigned int i)
{
	const struct error_shape *parts = fetch->items[0].shape.iface.error;
	uint64_t word;

	assert_int_equal(status_of(part), FT_V_OK);
	assert_true(parts->parts[part].len >= 8 * i + 8);
	memcpy(&word, vm.bytes + parts->parts[part].slot + 8 * i, sizeof(word));
	return word;
}

static void assert_text(enum error_part part, const char *want)
{
	const struct error_slot *at = &fetch->items[0].shape.iface.error->parts[part];
	enum error_part in = error_header(part).in;

	assert_int_equal(status_of(part), FT_V_OK);
	assert_int_equal(word_of(in, at->word + 1u), strlen(want));
	assert_true(at->len >= strlen(want));
	assert_memory_equal(vm.bytes + at->slot, want, strlen(want));
}

static void assert_unread(enum error_part first, enum error_part last)
{
	for (enum error_part part = first; part <= last; part++)
		if (status_of(part) == FT_V_OK || status_of(part) == FT_V_CUT)
			fail_msg("part %d was read", part);
}

static void nothing_is_read_of_nil(void **state)
{
	const struct fetch_item *item = run(UNKNOWN + 1, NULL);

	(void)state;
	assert_int_equal(fetch_vm_status(&vm, item->shape.iface.type_status), FT_V_NIL);
	assert_unread(0, ERROR_PARTS - 1);
	assert_true(vm.sent <= item->slot + 16u);
}

static void of_an_unknown_error_nothing_else(void **state)
{
	uint64_t *error = object();
	const struct fetch_item *item;

	(void)state;
	put_string(error, "custom");
	item = run(UNKNOWN, error);
	assert_int_equal(fetch_vm_status(&vm, item->shape.iface.value_status), FT_V_OK);
	assert_unread(0, ERROR_PARTS - 1);
	assert_true(vm.sent < item->shape.iface.error->parts[ERROR_LEAF].slot);
}

static void the_cause_is_where_the_type_has_it(void **state)
{
	static const struct {
		enum error_method method;
		unsigned int word;
	} holders[] = {
		{ERROR_METHOD_PATH, 4}, {ERROR_METHOD_URL, 4},  {ERROR_METHOD_NUM, 4},
		{ERROR_METHOD_LINK, 6}, {ERROR_METHOD_EXEC, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(holders) / sizeof(holders[0]); i++) {
		uint64_t *error = object(), *leaf = object();

		put_error(error + holders[i].word, UNKNOWN, leaf);
		put_string(leaf, "boom");
		run(holders[i].method, error);
		assert_text(ERROR_LEAF_TEXT, "boom");
		assert_unread(ERROR_SYSCALL, ERROR_PARTS - 1);
		error[holders[i].word] = 0;
		run(holders[i].method, error);
		assert_unread(0, ERROR_PARTS - 1);
	}
}

static void a_process_is_what_its_error_points_to(void **state)
{
	uint64_t *error = object(), *process = object();

	(void)state;
	error[0] = address(process);
	process[0] = 4711;
	process[1] = 0x300;
	run(ERROR_METHOD_EXIT, error);
	assert_int_equal(word_of(ERROR_LEAF, 0), 4711);
	assert_int_equal(word_of(ERROR_LEAF, 1), 0x300);
}

static uint64_t *op_error(void)
{
	uint64_t *op = object(), *source = object(), *addr = object();

	put_string(op, "dial");
	put_string(op + 2, "tcp");
	op[4] = op[6] = ITABS;
	op[5] = address(source);
	op[7] = address(addr);
	put_string(source, "SRC.");
	source[3] = 1;
	put_string(addr, "sixteen bytes IP");
	addr[3] = 65535;
	return op;
}

static void assert_op(void)
{
	assert_text(ERROR_OP_NAME, "dial");
	assert_text(ERROR_OP_NET, "tcp");
	assert_text(ERROR_SOURCE_TEXT, "SRC.");
	assert_int_equal(word_of(ERROR_SOURCE, 3), 1);
	assert_text(ERROR_ADDR_TEXT, "sixteen bytes IP");
	assert_int_equal(word_of(ERROR_ADDR, 3), 65535);
	assert_text(ERROR_SYSCALL_NAME, "connect");
	assert_int_equal(word_of(ERROR_LEAF, 0), 111);
	assert_unread(ERROR_DNS, ERROR_PARTS - 1);
}

static void a_chain_is_read_to_its_end(void **state)
{
	uint64_t *url = object(), *op = op_error(), *call = object(), *number = object();

	(void)state;
	put_error(url + 4, ERROR_METHOD_OP, op);
	put_error(op + ERROR_OP_ERR, ERROR_METHOD_SYSCALL, call);
	put_string(call, "connect");
	put_error(call + ERROR_SYSCALL_ERR, UNKNOWN, number);
	number[0] = 111;
	run(ERROR_METHOD_URL, url);
	assert_op();
	run(ERROR_METHOD_OP, op);
	assert_op();
	run(ERROR_METHOD_SYSCALL, call);
	assert_text(ERROR_SYSCALL_NAME, "connect");
	assert_int_equal(word_of(ERROR_LEAF, 0), 111);
	assert_unread(ERROR_OP, ERROR_PARTS - 1);
}

static void what_is_not_there_ends_a_part_only(void **state)
{
	uint64_t *op = op_error(), *leaf = object();

	(void)state;
	put_error(op + ERROR_OP_ERR, UNKNOWN, leaf);
	put_string(leaf, "boom");
	op[5] = 0;        /* no Source */
	op[7] = 0xbad000; /* an Addr that is gone */
	op[0] = 0xbad000; /* and the name, too */
	run(ERROR_METHOD_OP, op);
	assert_int_equal(status_of(ERROR_SOURCE), FT_V_NIL);
	assert_int_equal(status_of(ERROR_SOURCE_TEXT), FT_V_UNREAD);
	assert_int_equal(status_of(ERROR_ADDR), FT_V_FAULT);
	assert_int_equal(status_of(ERROR_OP_NAME), FT_V_FAULT);
	assert_text(ERROR_OP_NET, "tcp");
	assert_text(ERROR_LEAF_TEXT, "boom");
	op[ERROR_OP_ERR + 1] = 0;
	run(ERROR_METHOD_OP, op);
	assert_int_equal(status_of(ERROR_LEAF), FT_V_NIL);
}

static void a_resolver_s_error_is_read(void **state)
{
	uint64_t *op = object(), *dns = object();

	(void)state;
	put_string(op, "dial");
	put_error(op + ERROR_OP_ERR, ERROR_METHOD_DNS, dns);
	put_string(dns + 2, "none");
	put_string(dns + 4, "host");
	put_string(dns + 6, "127.0.0.53:53");
	for (int i = 0; i < 2; i++) {
		run(i ? ERROR_METHOD_OP : ERROR_METHOD_DNS, i ? op : dns);
		assert_text(ERROR_DNS_ERR, "none");
		assert_text(ERROR_DNS_NAME, "host");
		assert_text(ERROR_DNS_SERVER, "127.0.0.53:53");
		assert_unread(ERROR_LEAF, ERROR_SYSCALL_NAME);
	}
	assert_text(ERROR_OP_NAME, "dial");
	methods.dns_word = 0;
	run(ERROR_METHOD_DNS, dns + 2);
	assert_text(ERROR_DNS_ERR, "none");
}

static void what_is_no_address_is_read(void **state)
{
	uint64_t *op = object(), *addr = object();

	(void)state;
	put_error(op + ERROR_OP_ERR, ERROR_METHOD_ADDR, addr);
	put_string(addr, "missing port in address");
	put_string(addr + 2, "here");
	run(ERROR_METHOD_OP, op);
	assert_text(ERROR_NO_ADDR_ERR, "missing port in address");
	assert_text(ERROR_NO_ADDR_TEXT, "here");
	assert_unread(ERROR_LEAF, ERROR_SYSCALL_NAME);
	assert_unread(ERROR_DNS, ERROR_DNS_SERVER);
}

static void joined_errors_are_read(void **state)
{
	uint64_t *error = object(), *list = object(), *first = object(), *second = object();

	(void)state;
	error[0] = address(list);
	error[1] = 2;
	put_error(list, UNKNOWN, first);
	put_error(list + 2, UNKNOWN, second);
	put_string(first, "one");
	put_string(second, "two");
	for (int i = 0; i < 2; i++) {
		run(ERROR_METHOD_JOIN, error);
		assert_text(ERROR_JOIN_1_TEXT, "one");
		assert_text(ERROR_JOIN_2_TEXT, "two");
		assert_int_equal(word_of(ERROR_JOIN, 2), ITABS + 64 * UNKNOWN);
		assert_unread(0, ERROR_NO_ADDR_TEXT);
		/* Where there is no network they have room of their own. */
		methods.error[ERROR_METHOD_OP] = 0;
	}
	error[1] = 1;
	run(ERROR_METHOD_JOIN, error);
	assert_text(ERROR_JOIN_1_TEXT, "one");
	assert_unread(ERROR_JOIN_2, ERROR_JOIN_2_TEXT);
	error[1] = 3;
	run(ERROR_METHOD_JOIN, error);
	assert_int_equal(status_of(ERROR_JOIN), FT_V_CUT);
}

/* pkg/errors' Wrap: a stack around a message around the cause. */
static void messages_are_passed(void **state)
{
	uint64_t *stack = object(), *message = object(), *leaf = object();

	(void)state;
	put_error(stack, ERROR_METHOD_MESSAGE, message);
	put_error(message, UNKNOWN, leaf);
	put_string(message + 2, "reading");
	put_string(leaf, "EOF");
	run(ERROR_METHOD_STACK, stack);
	assert_int_equal(status_of(ERROR_MESSAGE), FT_V_OK);
	assert_int_equal(status_of(ERROR_MESSAGE_TEXT), FT_V_OK);
	assert_int_equal(status_of(ERROR_LEAF_TEXT), FT_V_OK);
}

/* Fields that lie beyond the bytes that are read of any value, and what two pointers lead to. */
static void fields_are_read_by_type(void **state)
{
	uint64_t *error = object(), *status = object(), *buffer = object();

	(void)state;
	put_string(error + 5, "S");
	put_string(error + 7, "f");
	run(ERROR_METHOD_UNMARSHAL, error);
	assert_int_equal(status_of(ERROR_FIELD_1_TEXT), FT_V_OK);
	assert_int_equal(status_of(ERROR_FIELD_2_TEXT), FT_V_OK);
	assert_int_equal(status_of(ERROR_LEAF), FT_V_UNREAD);
	error[0] = address(status);
	status[0] = address(buffer);
	put_string(buffer + 6, "no such user");
	run(ERROR_METHOD_STATUS, error);
	assert_int_equal(status_of(ERROR_STATUS), FT_V_OK);
	assert_int_equal(status_of(ERROR_STATUS_OLD_TEXT), FT_V_OK);
	run(ERROR_METHOD_PATH, error);
	assert_int_equal(status_of(ERROR_STATUS), FT_V_UNREAD);
}

/* What the executable lacks takes no room, and where there is little room the rest stays. */
static void room_is_left_for_others(void **state)
{
	uint32_t with_net = 0, without = 0;
	struct fetch tried;
	size_t nops;

	(void)state;
	run(UNKNOWN + 1, NULL);
	with_net = fetch_size(fetch);
	for (size_t i = ERROR_METHOD_JOIN; i < ERROR_METHODS; i++)
		if (i != ERROR_METHOD_SYSCALL && i != ERROR_METHOD_STACK)
			methods.error[i] = 0;
	run(UNKNOWN + 1, NULL);
	without = fetch_size(fetch);
	nops = fetch->nops;
	assert_true(with_net > without + 300);
	assert_int_equal(status_of(ERROR_OP), 0xff);
	assert_int_equal(status_of(ERROR_SYSCALL), FT_V_UNREAD);
	for (size_t i = 0; i < ERROR_METHODS; i++)
		methods.error[i] = METHODS + 32 * i;
	/* It would fit, and leave nothing: then it is as if there were no network. */
	limits.max_bytes = with_net + 240;
	run(UNKNOWN + 1, NULL);
	assert_int_equal(fetch->nops, nops);
	assert_int_equal(status_of(ERROR_OP), 0xff);
	assert_int_equal(status_of(ERROR_SYSCALL), FT_V_UNREAD);
	assert_false(fetch->full);
	limits.max_bytes = 560;
	assert_null(run(UNKNOWN + 1, NULL)->shape.iface.error);
	assert_int_equal(fetch->items[0].shape.kind, SHAPE_INTERFACE);
	assert_int_not_equal(fetch->items[0].shape.iface.text[4], SHAPE_NO_SLOT);
	assert_false(fetch->full);
	/* Nothing stays of what was tried. */
	tried = *fetch;
	asked = false;
	run(UNKNOWN + 1, NULL);
	assert_int_equal(tried.nops, fetch->nops);
	assert_int_equal(tried.nstatus, fetch->nstatus);
	assert_int_equal(tried.used, fetch->used);
	fetch_free(fetch);
	fetch = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_read_of_nil),
		TEST(of_an_unknown_error_nothing_else),
		TEST(the_cause_is_where_the_type_has_it),
		TEST(a_process_is_what_its_error_points_to),
		TEST(a_chain_is_read_to_its_end),
		TEST(what_is_not_there_ends_a_part_only),
		TEST(a_resolver_s_error_is_read),
		TEST(what_is_no_address_is_read),
		TEST(joined_errors_are_read),
		TEST(messages_are_passed),
		TEST(fields_are_read_by_type),
		TEST(room_is_left_for_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
