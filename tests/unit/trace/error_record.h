/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * error_record: a record with one error in it, and the parts that were read of its causes. A test's setup
 * is fresh(); put_*() fill in, assert_says() and assert_silent() ask.
 */
#ifndef FTRACE_TESTS_ERROR_RECORD_H
#define FTRACE_TESTS_ERROR_RECORD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "trace/reading_priv.h"
#include "trace/value_record.h"

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
	LONG = 2400, /* room for VALUE_SAYS_MAX bytes */
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

/* A test that begins with an empty record. */
#define TEST(name) cmocka_unit_test_setup(name, fresh)

static struct value_record r;
static struct shape *shape;
static struct error_shape parts;

static inline int fresh(void **state)
{
	(void)state;
	record_init(&r);
	parts = (struct error_shape){0};
	return 0;
}

static inline uint16_t part_at(enum error_part part)
{
	return (uint16_t)(PARTS + 88 * part);
}

/* The part was read. */
static inline void put_part(enum error_part part)
{
	parts.parts[part] =
		(struct error_slot){.slot = part_at(part),
				    .len = part == ERROR_OP || part == ERROR_DNS ? 80 : PART_LEN,
				    .status = (uint8_t)(PART_STATUS + part)};
	record_status(&r, (uint8_t)(PART_STATUS + part), FT_V_OK);
}

static inline void put_word(enum error_part part, unsigned int word, uint64_t value)
{
	record_word(&r, (uint16_t)(part_at(part) + 8 * word), value);
}

/* The string in the words from `word` on of `in` has these bytes, which are `part`. */
static inline void put_bytes(enum error_part in, uint8_t word, enum error_part part,
			     const void *bytes, size_t len)
{
	put_word(in, word, 0xc000040000);
	put_word(in, word + 1u, len);
	put_part(part);
	parts.parts[part].word = word;
	memcpy(r.bytes + part_at(part), bytes, len < PART_LEN ? len : PART_LEN);
}

static inline void put_text(enum error_part in, uint8_t word, enum error_part part,
			    const char *text)
{
	put_bytes(in, word, part, text, strlen(text));
}

static inline void put_interface(enum error_part in, unsigned int word, uint64_t type)
{
	put_word(in, word, ITAB(type));
	put_word(in, word + 1, 0xc000050000);
}

/* An error of that type, whose struct begins with these. */
static inline void put_error(uint64_t type, const char *first, const char *second)
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
static inline void put_cause(unsigned int word, uint64_t itab)
{
	record_word(&r, (uint16_t)(VALUE + 8 * word), itab);
	record_word(&r, (uint16_t)(VALUE + 8 * word + 8), 0xc000030200);
}

static inline void put_errno(uint64_t number)
{
	put_part(ERROR_LEAF);
	put_word(ERROR_LEAF, 0, number);
}

static inline bool says(struct value *text)
{
	static char room[VALUE_SAYS_MAX];
	struct reading value;

	reading_item(&r.src, 0, &value);
	assert_int_equal(value.is.kind, VALUE_DYNAMIC);
	return value_says(&r.src, &value, text, room);
}

static inline void assert_says(const char *want)
{
	struct value text;

	assert_true(says(&text));
	assert_int_equal(text.kind, VALUE_TEXT);
	assert_false(text.truncated);
	if (text.nbytes != strlen(want) || memcmp(text.text, want, text.nbytes) != 0)
		fail_msg("%.*s\nis not\n%s", (int)text.nbytes, text.text, want);
}

static inline void assert_silent(void)
{
	struct value text;

	assert_false(says(&text));
}

#endif
