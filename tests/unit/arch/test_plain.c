/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is called plain is held against the disassembler: every opcode with every ModRM, under all
 * prefixes that may be plain.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "arch/amd64/plain.h"

#define ADDR 0x401000u

/* No REX, and those that matter: none of its bits, B, W and all of them. */
static const uint8_t rexes[] = {0, 0x40, 0x41, 0x48, 0x4f};
static const uint8_t prefixes[] = {0, 0x66, 0xf2, 0xf3};
/* With and without a base, an index, R12 to R15 among them. */
static const uint8_t sibs[] = {0x25, 0x64, 0x26};

static size_t tried, plain;

static void assert_same(const uint8_t *code, size_t len)
{
	struct insn is = {0}, want = {0};
	int length = amd64_plain(code, len, ADDR, &is);

	tried++;
	if (!length)
		return;
	plain++;
	if (amd64_any(code, len, ADDR, &want) != length || is.addr != want.addr ||
	    is.target != want.target || is.len != want.len || is.kind != want.kind ||
	    is.cond != want.cond || is.scaled_index != want.scaled_index ||
	    is.probeable != want.probeable || is.emulated != want.emulated ||
	    is.plain_return != want.plain_return || is.reads_stack_guard != want.reads_stack_guard)
		fail_msg("%02x %02x %02x %02x %02x: kind %d, %d bytes; it is kind %d, %d bytes",
			 code[0], code[1], code[2], code[3], code[4], is.kind, is.len, want.kind,
			 want.len);
	for (size_t some = 0; some < (size_t)length; some++)
		if (amd64_plain(code, some, ADDR, &is))
			fail_msg("%02x %02x %02x: %zu bytes were enough for %d", code[0], code[1],
				 code[2], some, length);
}

/* With 0x10 as displacement, as g.stackguard0 has, and immediates that are not 0. */
static void try_all(uint8_t prefix, uint8_t rex, bool two, unsigned int opcode)
{
	for (unsigned int modrm = 0; modrm < 256; modrm++) {
		for (size_t s = 0; s < (modrm >> 6 != 3 && (modrm & 7) == 4 ? sizeof(sibs) : 1);
		     s++) {
			uint8_t code[16];
			size_t at = 0;

			memset(code, 0x81, sizeof(code));
			if (prefix)
				code[at++] = prefix;
			if (rex)
				code[at++] = rex;
			if (two)
				code[at++] = 0x0f;
			code[at++] = (uint8_t)opcode;
			code[at++] = (uint8_t)modrm;
			if (modrm >> 6 != 3 && (modrm & 7) == 4)
				code[at++] = sibs[s];
			memcpy(code + at, (uint8_t[]){0x10, 0, 0, 0}, 4);
			assert_same(code, sizeof(code));
		}
	}
}

static void test_same(void **state)
{
	(void)state;
	for (size_t p = 0; p < sizeof(prefixes); p++)
		for (size_t r = 0; r < sizeof(rexes); r++)
			for (unsigned int opcode = 0; opcode < 512; opcode++)
				try_all(prefixes[p], rexes[r], opcode > 255, opcode & 255);
	/* About one in six of them; a table that knew little would agree with everything. */
	assert_true(plain > tried / 8);
}

/* What most code consists of is plain, and what only looks like it is not. */
static void test_what(void **state)
{
	static const uint8_t yes[][8] = {
		{0x48, 0x89, 0x44, 0x24, 0x08},    /* mov %rax,8(%rsp) */
		{0x48, 0x8d, 0x05, 0x10, 0, 0, 0}, /* lea 16(%rip),%rax */
		{0x0f, 0x84, 0, 1, 0, 0},          /* je */
		{0xe8, 0, 1, 0, 0},                /* call */
		{0xf2, 0x0f, 0x58, 0xc1},          /* addsd */
		{0x66, 0x89, 0x08},                /* mov %cx,(%rax) */
	};
	static const uint8_t no[][8] = {
		{0x49, 0x3b, 0x66, 0x10},                   /* cmp 16(%r14),%rsp */
		{0xf0, 0x48, 0x0f, 0xb1, 0x11},             /* lock cmpxchg */
		{0x64, 0x48, 0x8b, 0x0c, 0x25, 0xf8, 0, 0}, /* mov %fs:... */
		{0xff, 0xd1},                               /* call *%rcx */
		{0xc5, 0xf8, 0x77},                         /* vzeroupper */
		{0xf3, 0xa4},                               /* rep movsb */
	};
	struct insn insn;

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(amd64_plain(yes[i], sizeof(yes[i]), ADDR, &insn) > 0);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_int_equal(amd64_plain(no[i], sizeof(no[i]), ADDR, &insn), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
