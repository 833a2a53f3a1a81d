/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records in which the kernel side could not read something, made by hand, and an executable whose constants are
 * made up here. Slots lie behind ip and eight statuses: the first at 16.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <ftrace/regs_amd64.h>

#include "fetch/ops.h"
#include "trace/mend.h"

#define BIAS      0x7000000
#define CONSTANTS 0x500000 /* where they lie in the file */
#define NUMBERS   0x600000
#define HEAP      0xc000010000
#define SLOT(n)   (16 + 8 * (n)) /* the record's word number n */

static const struct fetch_limits limits = {.max_bytes = FT_VALUES_MAX};
static uint8_t constants[64];
static struct fetch *fetch;
static unsigned char bytes[512], room[FT_VALUES_MAX];
static size_t len;

const uint8_t *image_constant(const struct image *img, uint64_t vaddr, size_t size)
{
	(void)img;
	if (vaddr < CONSTANTS || vaddr - CONSTANTS > sizeof(constants) ||
	    size > sizeof(constants) - (vaddr - CONSTANTS))
		return NULL;
	return constants + (vaddr - CONSTANTS);
}

/* The runtime's table of small numbers, and a variable behind it. */
static uint8_t numbers[16];

const uint8_t *image_bytes(const struct image *img, uint64_t vaddr, size_t size)
{
	(void)img;
	if (vaddr < NUMBERS || vaddr - NUMBERS > sizeof(numbers) ||
	    size > sizeof(numbers) - (vaddr - NUMBERS))
		return NULL;
	return numbers + (vaddr - NUMBERS);
}

int image_symbol(const struct image *img, const char *name, uint64_t *vaddr, uint64_t *size)
{
	(void)img;
	assert_string_equal(name, "runtime.staticuint64s");
	*vaddr = NUMBERS;
	*size = 8;
	return 0;
}

static int begin(void **state)
{
	(void)state;
	memset(bytes, 0, sizeof(bytes));
	memset(constants, 0, sizeof(constants));
	memcpy(constants, "a constant string", 18);
	fetch = fetch_new(arch_native());
	assert_non_null(fetch);
	len = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	fetch_free(fetch);
	return 0;
}

static void set_word(size_t at, uint64_t word)
{
	memcpy(bytes + at, &word, 8);
}

static uint64_t word(const unsigned char *from, size_t at)
{
	uint64_t value;

	memcpy(&value, from + at, 8);
	return value;
}

static uint16_t take_slot(uint32_t size)
{
	return fetch_slot(fetch, size, &limits);
}

static void op(struct ft_op made)
{
	assert_true(fetch_emit(fetch, made));
}

/* After the slots have got their places. */
static void seal(size_t sent)
{
	fetch_seal(fetch);
	len = sent;
}

static size_t mend(void)
{
	memset(room, 0xa5, sizeof(room));
	return mend_values(fetch, (const struct image *)constants, BIAS, bytes, len, room);
}

static uint8_t status(uint8_t number)
{
	return room[sizeof(struct ft_values) + number];
}

static void set_status(uint8_t number, uint8_t to)
{
	bytes[sizeof(struct ft_values) + number] = to;
}

/* {ptr, len} in words 0 and 1, the text from word 2 on. */
static void make_string(uint16_t most)
{
	uint16_t own = take_slot(16), text = take_slot(most);
	uint8_t number = fetch_status(fetch);

	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_AX});
	op((struct ft_op){.code = FT_OP_PUT, .slot = own});
	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_BX});
	op((struct ft_op){.code = FT_OP_PUT, .slot = own + 8});
	op((struct ft_op){.code = FT_OP_WORD, .from = own});
	op((struct ft_op){.code = FT_OP_READN,
			  .from = own + 8,
			  .slot = text,
			  .len = most,
			  .imm = 1,
			  .status = number});
	seal(SLOT(2) + (most + 7) / 8 * 8);
}

static void test_string(void **state)
{
	(void)state;
	make_string(32);
	set_word(SLOT(0), BIAS + CONSTANTS + 2);
	set_word(SLOT(1), 8);
	set_word(SLOT(2), BIAS + CONSTANTS + 2);
	set_status(1, FT_V_FAULT);
	assert_int_equal(mend(), len);
	assert_int_equal(status(1), FT_V_OK);
	assert_memory_equal(room + SLOT(2), "constant", 8);
	assert_true(word(room, SLOT(1)) == 8);
	/* Longer than its slot. */
	set_word(SLOT(1), 40);
	set_word(SLOT(2), BIAS + CONSTANTS);
	assert_int_equal(mend(), len);
	assert_int_equal(status(1), FT_V_CUT);
	assert_memory_equal(room + SLOT(2), "a constant string", 18);
}

/* The runtime's small numbers are variables in some releases; nothing else that is one is made up for. */
static void test_small_numbers(void **state)
{
	(void)state;
	numbers[0] = 3;
	numbers[8] = 4;
	make_string(8);
	set_word(SLOT(0), BIAS + NUMBERS);
	set_word(SLOT(1), 1);
	set_word(SLOT(2), BIAS + NUMBERS);
	set_status(1, FT_V_FAULT);
	assert_int_equal(mend(), len);
	assert_int_equal(status(1), FT_V_OK);
	assert_int_equal(room[SLOT(2)], 3);
	set_status(1, FT_V_FAULT);
	set_word(SLOT(2), BIAS + NUMBERS + 8);
	assert_int_equal(mend(), 0);
	set_word(SLOT(2), BIAS + NUMBERS + 7);
	set_word(SLOT(1), 2);
	assert_int_equal(mend(), 0);
}

/* Nothing is made up for: not where all was read, nor of what is no constant, or not all of it. */
static void test_stays(void **state)
{
	(void)state;
	make_string(32);
	set_word(SLOT(0), BIAS + CONSTANTS);
	set_word(SLOT(1), 8);
	memcpy(bytes + SLOT(2), "as read.", 8);
	set_status(1, FT_V_OK);
	assert_int_equal(mend(), 0);
	set_status(1, FT_V_FAULT);
	set_word(SLOT(2), HEAP);
	assert_int_equal(mend(), 0);
	/* Without the bias it would be one. */
	set_word(SLOT(2), CONSTANTS);
	assert_int_equal(mend(), 0);
	set_word(SLOT(2), BIAS + CONSTANTS + sizeof(constants) - 4);
	assert_int_equal(mend(), 0);
	set_status(1, FT_V_LENGTH);
	set_word(SLOT(2), BIAS + CONSTANTS);
	assert_int_equal(mend(), 0);
	/* A record that does not reach so far. */
	set_status(1, FT_V_FAULT);
	for (len = 0; len < SLOT(3); len++)
		assert_int_equal(mend(), 0);
}

/* A pointer in word 0; the two words it points to, {ptr, len}, in 1 and 2; the text from word 3 on. */
static void make_struct(void)
{
	uint16_t own = take_slot(8), target = take_slot(16), text = take_slot(16);
	uint8_t first = fetch_status(fetch), second = fetch_status(fetch);
	size_t from;

	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_AX});
	op((struct ft_op){.code = FT_OP_PUT, .slot = own});
	from = fetch->nops;
	op((struct ft_op){.code = FT_OP_WORD, .from = own});
	op((struct ft_op){.code = FT_OP_NIL, .status = first});
	op((struct ft_op){.code = FT_OP_READ, .slot = target, .len = 16, .status = first});
	op((struct ft_op){.code = FT_OP_WORD, .from = target});
	op((struct ft_op){.code = FT_OP_READN,
			  .from = target + 8,
			  .slot = text,
			  .len = 16,
			  .imm = 1,
			  .status = second});
	fetch_skip_to_end(fetch, from);
	/* The record ends where the last read that was tried does. */
	seal(SLOT(3));
}

static void test_goes_on(void **state)
{
	uint64_t header[2] = {BIAS + CONSTANTS + 2, 8};

	(void)state;
	make_struct();
	memcpy(constants + 32, header, sizeof(header));
	set_word(SLOT(0), BIAS + CONSTANTS + 32);
	set_word(SLOT(1), BIAS + CONSTANTS + 32);
	set_status(1, FT_V_FAULT);
	assert_int_equal(mend(), SLOT(5));
	assert_int_equal(status(1), FT_V_OK);
	assert_int_equal(status(2), FT_V_OK);
	assert_memory_equal(room + SLOT(3), "constant", 8);
	/* A text that is none: the struct is there, and of the text the address. */
	header[0] = HEAP;
	memcpy(constants + 32, header, sizeof(header));
	assert_int_equal(mend(), SLOT(5));
	assert_int_equal(status(1), FT_V_OK);
	assert_int_equal(status(2), FT_V_FAULT);
	assert_true(word(room, SLOT(3)) == HEAP);
}

/* A pointer in word 0; the four words it points to, two strings, in 1 to 4; a slot for each from word 5, and from word 7 on. */
static void make_texts(void)
{
	uint16_t own = take_slot(8), target = take_slot(32),
		 texts[2] = {take_slot(16), take_slot(16)};
	uint8_t first = fetch_status(fetch), second = fetch_status(fetch);
	bool gathered = false;
	size_t from;

	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_AX});
	op((struct ft_op){.code = FT_OP_PUT, .slot = own});
	from = fetch->nops;
	op((struct ft_op){.code = FT_OP_WORD, .from = own});
	op((struct ft_op){.code = FT_OP_NIL, .status = first});
	op((struct ft_op){.code = FT_OP_ADD, .imm = 8});
	op((struct ft_op){.code = FT_OP_READ, .slot = target, .len = 32, .status = first});
	for (unsigned int i = 0; i < 2; i++) {
		op((struct ft_op){.code = FT_OP_WORD, .from = (uint16_t)(target + 16 * i)});
		op((struct ft_op){.code = FT_OP_READN,
				  .reg = 1,
				  .from = (uint16_t)(target + 16 * i + 8),
				  .slot = texts[i],
				  .len = 16,
				  .imm = 1,
				  .status = i ? fetch_status(fetch) : second});
	}
	fetch_skip_to_end(fetch, from);
	seal(SLOT(2));
	for (size_t i = 0; i < fetch->nops && !gathered; i++)
		gathered = fetch->ops[i].code == FT_OP_TEXTS;
	assert_true(gathered);
}

/* Texts that the kernel side would have read together are read one by one. */
static void test_texts(void **state)
{
	uint64_t headers[4] = {BIAS + CONSTANTS + 2, 8, HEAP, 3};

	(void)state;
	make_texts();
	memcpy(constants + 32, headers, sizeof(headers));
	set_word(SLOT(0), BIAS + CONSTANTS + 24);
	set_word(SLOT(1), BIAS + CONSTANTS + 32);
	set_status(1, FT_V_FAULT);
	assert_int_equal(mend(), SLOT(9));
	assert_int_equal(status(1), FT_V_OK);
	assert_int_equal(status(2), FT_V_OK);
	assert_memory_equal(room + SLOT(5), "constant", 8);
	assert_int_equal(status(3), FT_V_FAULT);
	assert_true(word(room, SLOT(7)) == HEAP);
}

/* What the kernel side has read is not read again: only the text could not be. */
static void test_goes_on_from_read(void **state)
{
	(void)state;
	make_struct();
	set_word(SLOT(0), HEAP);
	set_word(SLOT(1), BIAS + CONSTANTS + 2);
	set_word(SLOT(2), 8);
	set_word(SLOT(3), BIAS + CONSTANTS + 2);
	set_status(1, FT_V_OK);
	set_status(2, FT_V_FAULT);
	len = SLOT(5);
	assert_int_equal(mend(), SLOT(5));
	assert_memory_equal(room + SLOT(3), "constant", 8);
	assert_true(word(room, SLOT(1)) == BIAS + CONSTANTS + 2);
}

/* What is left out by what was loaded is left out here, too. */
static void test_range(void **state)
{
	uint16_t from = take_slot(8), to = take_slot(8);
	uint8_t first = fetch_status(fetch), second = fetch_status(fetch);
	uint64_t loaded = BIAS + CONSTANTS + FT_RANGE_UNIT - 1;

	(void)state;
	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_AX});
	op((struct ft_op){.code = FT_OP_LOAD, .slot = from, .status = first});
	op((struct ft_op){.code = FT_OP_RANGE, .imm = CONSTANTS, .len = 1});
	op((struct ft_op){.code = FT_OP_PUT, .slot = to, .status = second});
	fetch_skip_from(fetch, 2);
	fetch_skip_to_end(fetch, 0);
	seal(SLOT(1));
	set_word(SLOT(0), BIAS + CONSTANTS + 32);
	set_status(1, FT_V_STEP);
	memcpy(constants + 32, &loaded, sizeof(loaded));
	assert_int_not_equal(mend(), 0);
	assert_int_equal(status(2), FT_V_UNREAD);
	for (int i = 0; i < 2; i++) {
		/* Right behind it, and right before it. */
		loaded = BIAS + CONSTANTS + (i ? -1ull : FT_RANGE_UNIT);
		memcpy(constants + 32, &loaded, sizeof(loaded));
		assert_int_equal(mend(), SLOT(2));
		assert_int_equal(status(2), FT_V_OK);
		assert_true(word(room, SLOT(1)) == loaded);
	}
}

/* Two loads and a read, of a register: word 0 has what could not be read. */
static void make_chain(void)
{
	uint16_t slot = take_slot(8);
	uint8_t number = fetch_status(fetch);

	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_AX});
	for (int i = 0; i < 2; i++) {
		op((struct ft_op){.code = FT_OP_ADD, .imm = 8});
		op((struct ft_op){.code = FT_OP_LOAD, .slot = slot, .status = number});
	}
	op((struct ft_op){.code = FT_OP_READ, .slot = slot, .len = 8, .status = number});
	fetch_skip_to_end(fetch, 0);
	seal(SLOT(1));
}

static void test_each_step(void **state)
{
	uint64_t chain[3] = {BIAS + CONSTANTS + 24 - 8, BIAS + CONSTANTS + 40, 77};

	(void)state;
	make_chain();
	memcpy(constants + 24, &chain[1], 8);
	memcpy(constants + 32, &chain[0], 8);
	memcpy(constants + 40, &chain[2], 8);
	/* At the read: what it points to is the number. */
	set_word(SLOT(0), BIAS + CONSTANTS + 40);
	set_status(1, FT_V_FAULT);
	assert_int_equal(mend(), SLOT(1));
	assert_true(word(room, SLOT(0)) == 77);
	/* At the second load. */
	set_word(SLOT(0), BIAS + CONSTANTS + 24);
	set_status(1, FT_V_STEP + 1);
	assert_int_equal(mend(), SLOT(1));
	assert_int_equal(status(1), FT_V_OK);
	assert_true(word(room, SLOT(0)) == 77);
	/* At the first. */
	set_word(SLOT(0), BIAS + CONSTANTS + 32);
	set_status(1, FT_V_STEP);
	assert_int_equal(mend(), SLOT(1));
	assert_true(word(room, SLOT(0)) == 77);
	/* From where on it is no constant: so much further, and the address of that. */
	chain[0] = HEAP;
	memcpy(constants + 32, &chain[0], 8);
	assert_int_equal(mend(), SLOT(1));
	assert_int_equal(status(1), FT_V_STEP + 1);
	assert_true(word(room, SLOT(0)) == HEAP + 8);
	set_status(1, FT_V_STEP_BEYOND);
	assert_int_equal(mend(), 0);
}

/* A text up to a NUL, in a slot of 18 bytes. */
static void test_text(void **state)
{
	uint16_t slot = take_slot(18);
	uint8_t number = fetch_status(fetch);

	(void)state;
	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_AX});
	op((struct ft_op){.code = FT_OP_STR, .slot = slot, .len = 18, .status = number});
	seal(SLOT(3));
	set_word(SLOT(0), BIAS + CONSTANTS + 2);
	set_status(1, FT_V_FAULT);
	assert_int_equal(mend(), SLOT(3));
	assert_int_equal(status(1), FT_V_OK);
	assert_string_equal((char *)room + SLOT(0), "constant string");
	/* That just fits is not told from more, as the kernel does it. */
	set_word(SLOT(0), BIAS + CONSTANTS);
	assert_int_equal(mend(), SLOT(3));
	assert_int_equal(status(1), FT_V_CUT);
	assert_string_equal((char *)room + SLOT(0), "a constant string");
	/* Without an end: the address stays in its place. */
	memset(constants, 'x', sizeof(constants));
	set_word(SLOT(0), BIAS + CONSTANTS + sizeof(constants) - 4);
	assert_int_equal(mend(), 0);
}

/* Registers are not in the record: what would need them stays unread. */
static void test_needs_register(void **state)
{
	uint16_t first = take_slot(8), second = take_slot(8);
	uint8_t one = fetch_status(fetch), two = fetch_status(fetch);

	(void)state;
	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_AX});
	op((struct ft_op){.code = FT_OP_READ, .slot = first, .len = 8, .status = one});
	op((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_BX});
	op((struct ft_op){.code = FT_OP_READ, .slot = second, .len = 8, .status = two});
	fetch_skip_from(fetch, 1);
	seal(SLOT(1));
	set_word(SLOT(0), BIAS + CONSTANTS);
	set_status(1, FT_V_FAULT);
	assert_int_not_equal(mend(), 0);
	assert_int_equal(status(1), FT_V_OK);
	assert_int_equal(status(2), FT_V_UNREAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_string, begin, end),
		cmocka_unit_test_setup_teardown(test_small_numbers, begin, end),
		cmocka_unit_test_setup_teardown(test_stays, begin, end),
		cmocka_unit_test_setup_teardown(test_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(test_goes_on_from_read, begin, end),
		cmocka_unit_test_setup_teardown(test_texts, begin, end),
		cmocka_unit_test_setup_teardown(test_range, begin, end),
		cmocka_unit_test_setup_teardown(test_each_step, begin, end),
		cmocka_unit_test_setup_teardown(test_text, begin, end),
		cmocka_unit_test_setup_teardown(test_needs_register, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
