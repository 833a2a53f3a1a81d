/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <ftrace/regs_amd64.h>

#include "arch/amd64/amd64.h"

/* The bytes of each are what gas makes of the text. */
static const struct row {
	const char *text;
	uint8_t code[15];
	uint8_t len;
	struct arch_step step;
} rows[] = {
	{"lock cmpxchg %ecx,0x90(%rdi)",
	 {0xf0, 0x0f, 0xb1, 0x8f, 0x90, 0, 0, 0},
	 8,
	 {ARCH_STEP_EXCHANGE, FT_REG_CX, FT_REG_DI, 0x90}},
	{"lock cmpxchg %r11d,0x90(%rsi)",
	 {0xf0, 0x44, 0x0f, 0xb1, 0x9e, 0x90, 0, 0, 0},
	 9,
	 {ARCH_STEP_EXCHANGE, FT_REG_R11, FT_REG_SI, 0x90}},
	{"lock cmpxchg %edx,0x98(%r12)",
	 {0xf0, 0x41, 0x0f, 0xb1, 0x94, 0x24, 0x98, 0, 0, 0},
	 10,
	 {ARCH_STEP_EXCHANGE, FT_REG_DX, FT_REG_R12, 0x98}},
	{"lock cmpxchg %ecx,-0x8(%r14)",
	 {0xf0, 0x41, 0x0f, 0xb1, 0x4e, 0xf8},
	 6,
	 {ARCH_STEP_EXCHANGE, FT_REG_CX, FT_REG_R14, -8}},
	{"lock cmpxchg %ecx,(%rdx)",
	 {0xf0, 0x0f, 0xb1, 0x0a},
	 4,
	 {ARCH_STEP_EXCHANGE, FT_REG_CX, FT_REG_DX, 0}},
	{"sete %r8b", {0x41, 0x0f, 0x94, 0xc0}, 4, {.kind = ARCH_STEP_EQUAL, .reg = FT_REG_R8}},
	{"sete %al", {0x0f, 0x94, 0xc0}, 3, {.kind = ARCH_STEP_EQUAL, .reg = FT_REG_AX}},
	{"sete %sil", {0x40, 0x0f, 0x94, 0xc6}, 4, {.kind = ARCH_STEP_EQUAL, .reg = FT_REG_SI}},
	{"test %r8b,%r8b", {0x45, 0x84, 0xc0}, 3, {.kind = ARCH_STEP_TEST, .reg = FT_REG_R8}},
	{"test %al,%al", {0x84, 0xc0}, 2, {.kind = ARCH_STEP_TEST, .reg = FT_REG_AX}},
	{"test %sil,%sil", {0x40, 0x84, 0xf6}, 3, {.kind = ARCH_STEP_TEST, .reg = FT_REG_SI}},
	{"mov $0x4,%r11d",
	 {0x41, 0xbb, 0x04, 0, 0, 0},
	 6,
	 {.kind = ARCH_STEP_CONSTANT, .reg = FT_REG_R11, .value = 4}},
	{"mov $0x1009,%edx",
	 {0xba, 0x09, 0x10, 0, 0},
	 5,
	 {.kind = ARCH_STEP_CONSTANT, .reg = FT_REG_DX, .value = 0x1009}},
	{"xor %ebx,%ebx", {0x31, 0xdb}, 2, {.kind = ARCH_STEP_CONSTANT, .reg = FT_REG_BX}},
	{"lea 0x90(%rcx),%rax",
	 {0x48, 0x8d, 0x81, 0x90, 0, 0, 0},
	 7,
	 {ARCH_STEP_ADDRESS, FT_REG_AX, FT_REG_CX, 0x90}},
	{"add $0x90,%rax",
	 {0x48, 0x05, 0x90, 0, 0, 0},
	 6,
	 {ARCH_STEP_ADDRESS, FT_REG_AX, FT_REG_AX, 0x90}},
	{"add $0x90,%r9",
	 {0x49, 0x81, 0xc1, 0x90, 0, 0, 0},
	 7,
	 {ARCH_STEP_ADDRESS, FT_REG_R9, FT_REG_R9, 0x90}},
	{"add $0x10,%rcx",
	 {0x48, 0x83, 0xc1, 0x10},
	 4,
	 {ARCH_STEP_ADDRESS, FT_REG_CX, FT_REG_CX, 0x10}},
	{"mov %rdx,%rax", {0x48, 0x89, 0xd0}, 3, {ARCH_STEP_ADDRESS, FT_REG_AX, FT_REG_DX, 0}},
};

static void test_steps(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arch_step step = arch_amd64.step(rows[i].code, rows[i].len);

		if (step.kind != rows[i].step.kind || step.reg != rows[i].step.reg ||
		    step.base != rows[i].step.base || step.value != rows[i].step.value)
			fail_msg("%s: kind %d, register %d, base %d, value %lld", rows[i].text,
				 step.kind, step.reg, step.base, (long long)step.value);
	}
}

/* Look like them, and do something else. */
static void test_others(void **state)
{
	static const struct {
		const char *text;
		uint8_t code[15];
		uint8_t len;
	} others[] = {
		{"cmpxchg %ecx,0x90(%rdi), not locked", {0x0f, 0xb1, 0x8f, 0x90, 0, 0, 0}, 7},
		{"lock cmpxchg %rcx,0x90(%rdi)", {0xf0, 0x48, 0x0f, 0xb1, 0x8f, 0x90, 0, 0, 0}, 9},
		{"lock cmpxchg %ecx,0x90(%rdi,%rax,1)",
		 {0xf0, 0x0f, 0xb1, 0x8c, 0x07, 0x90, 0, 0, 0},
		 9},
		{"lock cmpxchg %ecx,0x90(%rip)", {0xf0, 0x0f, 0xb1, 0x0d, 0x90, 0, 0, 0}, 8},
		{"setne %al", {0x0f, 0x95, 0xc0}, 3},
		{"sete %dh", {0x0f, 0x94, 0xc6}, 3},
		{"sete (%rax)", {0x0f, 0x94, 0x00}, 3},
		{"test %al,%cl", {0x84, 0xc1}, 2},
		{"test %al,(%rcx)", {0x84, 0x01}, 2},
		{"test %dh,%dh", {0x84, 0xf6}, 2},
		{"movabs $0x4,%rax", {0x48, 0xb8, 4, 0, 0, 0, 0, 0, 0, 0}, 10},
		{"xor %eax,%ebx", {0x31, 0xc3}, 2},
		{"add $0x90,%eax", {0x05, 0x90, 0, 0, 0}, 5},
		{"sub $0x90,%rcx", {0x48, 0x81, 0xe9, 0x90, 0, 0, 0}, 7},
		{"lea 0x90(%rcx),%eax", {0x8d, 0x81, 0x90, 0, 0, 0}, 6},
		{"mov %edx,%eax", {0x89, 0xd0}, 2},
		{"mov %rdx,(%rax)", {0x48, 0x89, 0x10}, 3},
		{"nop", {0x90}, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (arch_amd64.step(others[i].code, others[i].len).kind != ARCH_STEP_OTHER)
			fail_msg("%s is taken for one", others[i].text);
}

/* No byte behind the end is read, which the sanitizer sees to, and nothing is told of what is cut off or has more. */
static void test_lengths(void **state)
{
	uint8_t exact[15];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t more[16] = {0};

		for (uint8_t len = 0; len < rows[i].len; len++) {
			memcpy(exact + sizeof(exact) - len, rows[i].code, len);
			assert_int_equal(arch_amd64.step(exact + sizeof(exact) - len, len).kind,
					 ARCH_STEP_OTHER);
		}
		memcpy(more, rows[i].code, rows[i].len);
		assert_int_equal(arch_amd64.step(more, rows[i].len + 1u).kind, ARCH_STEP_OTHER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
