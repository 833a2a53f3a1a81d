/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fetch/gather.h"

/* Each operation with what leads on from it; a text as its status, and what that has to be. */
static const char *gathered(struct ft_op *ops, size_t count, size_t room)
{
	static char text[4096];
	size_t made = fetch_gather(ops, count, room);
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	for (size_t i = 0; i < made; i++) {
		const struct ft_op *op = &ops[i];

		fputs(i ? "; " : "", out);
		if (op->code == FT_OP_READ)
			fprintf(out, "read %u wants %u", op->status, FT_READ_WANTS(op->reg));
		else if (op->code == FT_OP_READN)
			fprintf(out, "text %u if %u", op->status, op->reg);
		else if (op->code == FT_OP_WANT)
			fprintf(out, "want %u of %u", op->reg, op->status);
		else
			fputs(op->code == FT_OP_TEXTS ? "texts" : "nil", out);
		if (op->skip)
			fprintf(out, " skip %u", op->skip);
	}
	fputc('\0', out);
	fclose(out);
	return text;
}

#define NIL(over)                                 \
	{                                         \
		.code = FT_OP_NIL, .skip = (over) \
	}
#define READ(number, over)                                             \
	{                                                              \
		.code = FT_OP_READ, .status = (number), .skip = (over) \
	}
#define TEXT(number)                                                                         \
	{                                                                                    \
		.code = FT_OP_READN, .reg = 1, .base = 16, .from = 24, .slot = 64, .imm = 1, \
		.status = (number)                                                           \
	}
#define GATHERED(text, room, ...)                                                               \
	do {                                                                                    \
		struct ft_op ops__[32] = {__VA_ARGS__};                                         \
		const struct ft_op counted__[] = {__VA_ARGS__};                                 \
                                                                                                \
		assert_string_equal(                                                            \
			gathered(ops__, sizeof(counted__) / sizeof(counted__[0]), room), text); \
	} while (0)

/* What nothing leaves out is read wherever it stands. */
static void test_always(void **state)
{
	(void)state;
	GATHERED("texts skip 2; text 1 if 0; text 2 if 0", 32, TEXT(1), TEXT(2));
	GATHERED("read 3 wants 0; texts skip 2; text 1 if 0; text 2 if 0", 32, TEXT(1), READ(3, 0),
		 TEXT(2));
}

/* The read before them wants them, as long as there is no other way to come there. */
static void test_wanted(void **state)
{
	(void)state;
	GATHERED("nil skip 1; read 1 wants 2; texts skip 2; text 2 if 7; text 3 if 7", 32, NIL(3),
		 READ(1, 2), TEXT(2), TEXT(3));
	GATHERED("read 1 wants 1 skip 1; read 3 wants 1; texts skip 2; text 2 if 7; text 4 if 7",
		 32, READ(1, 3), TEXT(2), READ(3, 1), TEXT(4));
	GATHERED(
		"nil skip 1; read 1 wants 0 skip 1; want 1 of 2; texts skip 2; text 2 if 7; text 3 if 0",
		32, NIL(1), READ(1, 1), TEXT(2), TEXT(3));
	GATHERED("nil skip 2; read 1 wants 0; want 2 of 3; texts skip 2; text 3 if 7; text 4 if 7",
		 32, NIL(3), READ(1, 0), TEXT(3), TEXT(4));
}

/* A jump that ended behind a text ends where what comes after it is now. */
static void test_jumps(void **state)
{
	(void)state;
	GATHERED("nil skip 1; want 1 of 1; nil; texts skip 2; text 1 if 7; text 2 if 0", 32, NIL(1),
		 TEXT(1), NIL(0), TEXT(2));
}

static void test_alone(void **state)
{
	(void)state;
	GATHERED("read 1 wants 0 skip 1; text 2 if 0", 32, READ(1, 1), TEXT(2));
	GATHERED("text 1 if 0; text 2 if 0", 2, TEXT(1), TEXT(2));
}

/* One operation takes all of them. */
static void test_many(void **state)
{
	struct ft_op ops[64];
	size_t made;

	(void)state;
	for (size_t i = 0; i < 40; i++)
		ops[i] = (struct ft_op)TEXT((uint8_t)(i + 1));
	made = fetch_gather(ops, 40, sizeof(ops) / sizeof(ops[0]));
	assert_int_equal(made, 41);
	assert_int_equal(ops[0].code, FT_OP_TEXTS);
	assert_int_equal(ops[0].skip, 40);
	assert_int_equal(ops[40].status, 40);
	/* No operation wants more than FT_WANT_MAX. */
	ops[0] = (struct ft_op)READ(1, FT_WANT_MAX + 1);
	for (size_t i = 1; i <= FT_WANT_MAX + 1; i++)
		ops[i] = (struct ft_op)TEXT((uint8_t)(i + 1));
	made = fetch_gather(ops, FT_WANT_MAX + 2, sizeof(ops) / sizeof(ops[0]));
	assert_int_equal(made, FT_WANT_MAX + 4);
	assert_int_equal(FT_READ_WANTS(ops[0].reg), FT_WANT_MAX);
	assert_int_equal(ops[1].code, FT_OP_WANT);
	assert_int_equal(ops[1].status, FT_WANT_MAX + 2);
	assert_int_equal(ops[1].reg, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_always), cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_jumps),  cmocka_unit_test(test_alone),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
