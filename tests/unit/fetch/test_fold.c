/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fetch/fetch.h"
#include "fetch/fold.h"

/* Of the operations that stand in these tests. */
static const char *const names[] = {
	[FT_OP_REG] = "reg",     [FT_OP_IMM] = "imm",   [FT_OP_WORD] = "word",
	[FT_OP_PUT] = "put",     [FT_OP_READ] = "read", [FT_OP_READN] = "readn",
	[FT_OP_NIL] = "nil",     [FT_OP_REGS] = "regs", [FT_OP_ADD] = "add",
	[FT_OP_RANGE] = "range",
};

/* Each as NAME and what is not 0 of it. */
static const char *folded(struct ft_op *ops, size_t count)
{
	static char text[1024];
	size_t made = fetch_fold(ops, count);
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	for (size_t i = 0; i < made; i++) {
		const struct ft_op *op = &ops[i];

		fprintf(out, "%s%s", i ? "; " : "", names[op->code]);
		if (op->code == FT_OP_REG || op->code == FT_OP_REGS)
			fprintf(out, " %u:%llx", op->reg, (unsigned long long)op->imm);
		else if (op->imm || op->reg)
			fprintf(out, " %lld%s", (long long)op->imm, op->reg ? " or nil" : "");
		if (op->base)
			fprintf(out, " base %u", op->base);
		if (op->from)
			fprintf(out, " from %u", op->from);
		if (op->slot)
			fprintf(out, " to %u", op->slot);
		if (op->status)
			fprintf(out, " status %u", op->status);
		if (op->skip)
			fprintf(out, " skip %u", op->skip);
	}
	fputc('\0', out);
	fclose(out);
	return text;
}

#define REG(number)                                \
	{                                          \
		.code = FT_OP_REG, .reg = (number) \
	}
#define PUT(to, number)                                             \
	{                                                           \
		.code = FT_OP_PUT, .slot = (to), .status = (number) \
	}
#define WORD(at)                                 \
	{                                        \
		.code = FT_OP_WORD, .from = (at) \
	}
#define NIL(over)                                              \
	{                                                      \
		.code = FT_OP_NIL, .status = 9, .skip = (over) \
	}
#define READ(to, over)                                           \
	{                                                        \
		.code = FT_OP_READ, .slot = (to), .skip = (over) \
	}
#define READN(length)                                             \
	{                                                         \
		.code = FT_OP_READN, .from = (length), .slot = 64 \
	}
#define FOLDED(text, ...)                                                                   \
	do {                                                                                \
		struct ft_op ops__[] = {__VA_ARGS__};                                       \
                                                                                            \
		assert_string_equal(folded(ops__, sizeof(ops__) / sizeof(ops__[0])), text); \
	} while (0)

static void test_registers(void **state)
{
	(void)state;
	FOLDED("regs 2:300 to 16", REG(0), PUT(16, 0), REG(3), PUT(24, 0));
	FOLDED("regs 3:20100 to 16 status 1", REG(0), PUT(16, 1), REG(1), PUT(24, 2), REG(2),
	       PUT(32, 3));
	FOLDED("reg 7:0; nil status 9; put to 16", REG(7), NIL(0), PUT(16, 0));
}

/* Words or statuses that are no neighbours. */
static void test_apart(void **state)
{
	(void)state;
	FOLDED("regs 1:0 to 16; regs 1:1 to 20", REG(0), PUT(16, 0), REG(1), PUT(20, 0));
	FOLDED("regs 1:0 to 16; regs 1:1 to 32", REG(0), PUT(16, 0), REG(1), PUT(32, 0));
	FOLDED("regs 1:0 to 16; regs 1:1 to 24 status 1", REG(0), PUT(16, 0), REG(1), PUT(24, 1));
	FOLDED("regs 1:0 to 16 status 1; regs 1:1 to 24 status 3", REG(0), PUT(16, 1), REG(1),
	       PUT(24, 3));
}

static void test_most(void **state)
{
	struct ft_op ops[2 * (FT_REGS_MAX + 1)];

	(void)state;
	for (unsigned int i = 0; i <= FT_REGS_MAX; i++) {
		ops[2 * i] = (struct ft_op)REG((uint8_t)(8 + i));
		ops[2 * i + 1] = (struct ft_op)PUT((uint16_t)(16 + 8 * i), 0);
	}
	assert_string_equal(folded(ops, 2 * (FT_REGS_MAX + 1)),
			    "regs 8:f0e0d0c0b0a0908 to 16; regs 1:10 to 80");
}

static void test_words(void **state)
{
	(void)state;
	FOLDED("readn base 16 from 24 to 64", WORD(16), READN(24));
	FOLDED("nil base 16 status 9 skip 1; reg 1:0", WORD(16), NIL(1), REG(1));
	/* The next one begins with another value, or there is none. */
	FOLDED("word from 16; reg 1:0", WORD(16), REG(1));
	FOLDED("word from 16; readn base 24 from 32 to 64", WORD(16), WORD(24), READN(32));
	FOLDED("word from 16", WORD(16));
}

#define ADD(number)                                \
	{                                          \
		.code = FT_OP_ADD, .imm = (number) \
	}
#define READ_AS(number, to, over)                                                    \
	{                                                                            \
		.code = FT_OP_READ, .status = (number), .slot = (to), .skip = (over) \
	}
#define RANGE(over)                                 \
	{                                           \
		.code = FT_OP_RANGE, .skip = (over) \
	}

/* What is added before a read is added by it; one that asks for nil before it stays. */
static void test_reads(void **state)
{
	(void)state;
	FOLDED("nil base 16 status 9 skip 2; read 24 to 64 status 9 skip 1; reg 1:0", WORD(16),
	       NIL(3), ADD(24), READ_AS(9, 64, 1), REG(1));
	FOLDED("nil base 16 status 9 skip 1; read to 64 status 9", WORD(16), NIL(1),
	       READ_AS(9, 64, 0));
	FOLDED("read 8 base 16 to 64 status 9", WORD(16), ADD(8), READ_AS(9, 64, 0));
	FOLDED("nil base 16 status 9 skip 1; read to 64 status 8", WORD(16), NIL(1),
	       READ_AS(8, 64, 0));
	FOLDED("nil base 16 status 9 skip 1; read 8 to 64 status 9 skip 1; reg 1:0", WORD(16),
	       NIL(2), ADD(8), READ_AS(9, 64, 1), REG(1));
	FOLDED("nil status 9 skip 1; add 8; read to 64 status 9", NIL(1), ADD(8),
	       READ_AS(9, 64, 0));
	FOLDED("range 0 or nil base 16 status 9 skip 1; reg 1:0; reg 2:0", WORD(16), NIL(2),
	       RANGE(1), REG(1), REG(2));
	FOLDED("nil base 16 status 9 skip 1; range skip 1; reg 1:0; reg 2:0", WORD(16), NIL(1),
	       RANGE(1), REG(1), REG(2));
}

/* What is left out stays the same, and where it ends nothing is put together across. */
static void test_skips(void **state)
{
	(void)state;
	FOLDED("nil base 16 status 9 skip 3; readn base 24 from 32 to 64; read to 72 skip 1; "
	       "regs 2:100 to 80; regs 1:2 to 96",
	       WORD(16), NIL(7), WORD(24), READN(32), READ(72, 4), REG(0), PUT(80, 0), REG(1),
	       PUT(88, 0), REG(2), PUT(96, 0));
	FOLDED("nil status 9 skip 1; regs 1:0 to 16; regs 1:1 to 24", NIL(2), REG(0), PUT(16, 0),
	       REG(1), PUT(24, 0));
	FOLDED("nil status 9 skip 1; reg 0:0; put to 16", NIL(1), REG(0), PUT(16, 0));
	FOLDED("nil status 9 skip 1; word from 16; readn from 24 to 64", NIL(1), WORD(16),
	       READN(24));
	/* Behind the last one. */
	FOLDED("nil status 9 skip 1; regs 2:100 to 16", NIL(4), REG(0), PUT(16, 0), REG(1),
	       PUT(24, 0));
}

static void add(struct fetch *fetch, struct ft_op op)
{
	struct ft_op *at = fetch_op(fetch, op.code);

	assert_non_null(at);
	*at = op;
}

/* A filter decides between the two: what is read for it, and what comes behind, stay apart. */
static void test_operands(void **state)
{
	struct fetch *fetch = fetch_new(arch_native());

	(void)state;
	assert_non_null(fetch);
	add(fetch, (struct ft_op)REG(0));
	add(fetch, (struct ft_op)PUT(264, 0));
	fetch->noperands = fetch->nops;
	for (uint8_t i = 1; i < 4; i++) {
		add(fetch, (struct ft_op)REG(i));
		add(fetch, (struct ft_op)PUT((uint16_t)(264 + 8 * i), 0));
	}
	fetch_seal(fetch);
	assert_int_equal(fetch->noperands, 1);
	assert_int_equal(fetch->nops, 2);
	assert_int_equal(fetch->ops[0].reg, 1);
	assert_int_equal(fetch->ops[1].reg, 3);
	assert_int_equal(fetch->ops[1].imm, 0x30201);
	assert_int_equal(fetch->ops[1].slot, fetch->ops[0].slot + 8);
	assert_int_equal(fetch->ops[1].reach, fetch->ops[1].slot + 24);
	fetch_free(fetch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers), cmocka_unit_test(test_apart),
		cmocka_unit_test(test_most),      cmocka_unit_test(test_words),
		cmocka_unit_test(test_reads),     cmocka_unit_test(test_skips),
		cmocka_unit_test(test_operands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
