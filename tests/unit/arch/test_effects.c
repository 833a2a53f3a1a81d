/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftrace/regs_amd64.h>

#include "arch/amd64/amd64.h"

#define AX    (1u << FT_REG_AX)
#define BX    (1u << FT_REG_BX)
#define CX    (1u << FT_REG_CX)
#define DX    (1u << FT_REG_DX)
#define SI    (1u << FT_REG_SI)
#define DI    (1u << FT_REG_DI)
#define BP    (1u << FT_REG_BP)
#define SP    (1u << FT_REG_SP)
#define R8    (1u << FT_REG_R8)
#define R15   (1u << FT_REG_R15)
#define FLAGS (1u << FT_REG_FLAGS)

struct row {
	const char *text;
	uint8_t code[15];
	uint8_t len;
	bool stores;
	uint32_t written;
};

static const struct row rows[] = {
	{"mov %rbx,%rax", {0x48, 0x89, 0xd8}, 3, false, AX},
	{"mov (%rax),%rcx", {0x48, 0x8b, 0x08}, 3, false, CX},
	{"mov %rcx,(%rax)", {0x48, 0x89, 0x08}, 3, true, 0},
	/* A part of a register counts as the whole. */
	{"mov $1,%ah", {0xb4, 0x01}, 2, false, AX},
	{"mov $1,%r8b", {0x41, 0xb0, 0x01}, 3, false, R8},
	{"mov $1,%edi", {0xbf, 1, 0, 0, 0}, 5, false, DI},
	{"sete %dl", {0x0f, 0x94, 0xc2}, 3, false, DX},
	{"add %rbx,%rax", {0x48, 0x01, 0xd8}, 3, false, AX | FLAGS},
	{"cmp %rbx,%rax", {0x48, 0x39, 0xd8}, 3, false, FLAGS},
	{"test %rax,%rax", {0x48, 0x85, 0xc0}, 3, false, FLAGS},
	{"lea 8(%rax),%r15", {0x4c, 0x8d, 0x78, 0x08}, 4, false, R15},
	{"inc (%rax)", {0x48, 0xff, 0x00}, 3, true, FLAGS},
	{"xchg %rax,%rbx", {0x48, 0x93}, 2, false, AX | BX},
	{"cmovne %rcx,%rax", {0x48, 0x0f, 0x45, 0xc1}, 4, false, AX},
	/* What no operand says. */
	{"mul %rcx", {0x48, 0xf7, 0xe1}, 3, false, AX | DX | FLAGS},
	{"cqo", {0x48, 0x99}, 2, false, DX},
	{"div %rcx", {0x48, 0xf7, 0xf1}, 3, false, AX | DX | FLAGS},
	{"cpuid", {0x0f, 0xa2}, 2, false, AX | BX | CX | DX},
	{"rep movsq", {0xf3, 0x48, 0xa5}, 3, true, CX | SI | DI},
	{"rep stosq", {0xf3, 0x48, 0xab}, 3, true, CX | DI},
	{"lock cmpxchg %rcx,(%rbx)", {0xf0, 0x48, 0x0f, 0xb1, 0x0b}, 5, true, AX | FLAGS},
	{"push %rbp", {0x55}, 1, true, SP},
	{"pop %rbp", {0x5d}, 1, false, SP | BP},
	{"sub $8,%rsp", {0x48, 0x83, 0xec, 0x08}, 4, false, SP | FLAGS},
	/* Vectors hold nothing that a program reads. */
	{"addsd %xmm1,%xmm0", {0xf2, 0x0f, 0x58, 0xc1}, 4, false, 0},
	{"movups %xmm15,(%rax)", {0x44, 0x0f, 0x11, 0x38}, 4, true, 0},
	{"movq %xmm0,%rax", {0x66, 0x48, 0x0f, 0x7e, 0xc0}, 5, false, AX},
	{"ucomisd %xmm1,%xmm0", {0x66, 0x0f, 0x2e, 0xc1}, 4, false, FLAGS},
	{"andn %rbx,%rax,%rcx", {0xc4, 0xe2, 0xf8, 0xf2, 0xcb}, 5, false, CX | FLAGS},
	{"nop", {0x90}, 1, false, 0},
};

static void test_effects(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct arch_effects effects;

		if (!arch_amd64.effects(row->code, row->len, &effects))
			fail_msg("%s: not told", row->text);
		if (effects.written != row->written || effects.stores != row->stores)
			fail_msg("%s: registers %x, stores %d", row->text, effects.written,
				 effects.stores);
	}
}

static void test_what_cannot_be_told(void **state)
{
	static const uint8_t codes[][4] = {
		{0x0f, 0x05},             /* syscall */
		{0x0f, 0x31},             /* rdtsc: a system instruction to the disassembler */
		{0xcd, 0x80},             /* int $0x80 */
		{0xf3, 0x48, 0x0f, 0xae}, /* cut off: wrfsbase has a fifth byte */
		{0x06},                   /* none in 64-bit code */
	};
	static const uint8_t wrfsbase[] = {0xf3, 0x48, 0x0f, 0xae, 0xd0};
	struct arch_effects effects;

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_false(arch_amd64.effects(codes[i], sizeof(codes[i]), &effects));
	assert_false(arch_amd64.effects(wrfsbase, sizeof(wrfsbase), &effects));
	assert_false(arch_amd64.effects(wrfsbase, 0, &effects));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effects),
		cmocka_unit_test(test_what_cannot_be_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
