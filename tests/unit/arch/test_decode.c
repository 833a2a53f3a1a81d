/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arch/amd64/amd64.h"

#define ADDR 0x401000u

/* What the kernel does with it: takes a probe, and emulates. */
enum { NO = 0, STEPS = 1, EMULATES = 3 };

struct row {
	const char *text;
	uint8_t code[15];
	uint8_t len, kind, kernel;
	int64_t target; /* from ADDR */
};

static const struct row rows[] = {
	{"push %rbp", {0x55}, 1, INSN_PUSH, EMULATES, 0},
	{"push %r12", {0x41, 0x54}, 2, INSN_PUSH, EMULATES, 0},
	{"push %rbp with rex.w", {0x48, 0x55}, 2, INSN_PUSH, STEPS, 0},
	{"push $1", {0x6a, 0x01}, 2, INSN_OTHER, STEPS, 0},
	{"push (%rax)", {0xff, 0x30}, 2, INSN_OTHER, STEPS, 0},
	{"pop %rbp", {0x5d}, 1, INSN_OTHER, STEPS, 0},
	{"ret", {0xc3}, 1, INSN_RET, STEPS, 0},
	{"ret $8", {0xc2, 8, 0}, 3, INSN_RET, STEPS, 0},
	{"lret", {0xcb}, 1, INSN_OTHER, STEPS, 0},
	{"call", {0xe8, 0x10, 0, 0, 0}, 5, INSN_CALL, EMULATES, 0x15},
	{"call back", {0xe8, 0xf0, 0xff, 0xff, 0xff}, 5, INSN_CALL, EMULATES, -11},
	{"call *%rax", {0xff, 0xd0}, 2, INSN_CALL_INDIRECT, STEPS, 0},
	{"call *(%rdx)", {0xff, 0x12}, 2, INSN_CALL_INDIRECT, STEPS, 0},
	{"jmp short", {0xeb, 0xfe}, 2, INSN_JMP, EMULATES, 0},
	{"jmp near", {0xe9, 0, 1, 0, 0}, 5, INSN_JMP, EMULATES, 0x105},
	{"jmp with 66", {0x66, 0xe9, 0, 0, 0, 0}, 6, INSN_JMP, NO, 6},
	{"jmp *%rax", {0xff, 0xe0}, 2, INSN_JMP_REG, STEPS, 0},
	{"jmp *8(%rdx)", {0xff, 0x62, 8}, 3, INSN_JMP_MEM, STEPS, 0},
	{"jmp *(%rax,%rcx,8)", {0xff, 0x24, 0xc8}, 3, INSN_JMP_MEM, STEPS, 0},
	{"notrack jmp *%rax", {0x3e, 0xff, 0xe0}, 3, INSN_JMP_REG, NO, 0},
	{"jbe short", {0x76, 0x10}, 2, INSN_JCC, EMULATES, 0x12},
	{"jb near", {0x0f, 0x82, 0, 0x10, 0, 0}, 6, INSN_JCC, EMULATES, 0x1006},
	{"jrcxz", {0xe3, 0x02}, 2, INSN_JCC, STEPS, 4},
	{"nop", {0x90}, 1, INSN_NOP, EMULATES, 0},
	{"nopl 0(%rax,%rax)", {0x0f, 0x1f, 0x44, 0, 0}, 5, INSN_NOP, STEPS, 0},
	{"xchg %rax,%r8", {0x49, 0x90}, 2, INSN_OTHER, NO, 0},
	{"int3", {0xcc}, 1, INSN_TRAP, NO, 0},
	{"ud2", {0x0f, 0x0b}, 2, INSN_TRAP, STEPS, 0},
	{"hlt", {0xf4}, 1, INSN_TRAP, NO, 0},
	{"int $0x80", {0xcd, 0x80}, 2, INSN_OTHER, NO, 0},
	{"syscall", {0x0f, 0x05}, 2, INSN_OTHER, STEPS, 0},
	{"lock xadd", {0xf0, 0x0f, 0xc1, 0x01}, 4, INSN_OTHER, NO, 0},
	{"mov %fs:-8,%r14",
	 {0x64, 0x4c, 0x8b, 0x34, 0x25, 0xf8, 0xff, 0xff, 0xff},
	 9,
	 INSN_OTHER,
	 STEPS,
	 0},
	{"mov %eax,%ss", {0x8e, 0xd0}, 2, INSN_OTHER, NO, 0},
	{"vzeroupper", {0xc5, 0xf8, 0x77}, 3, INSN_OTHER, STEPS, 0},
	{"vmovdqu (%rax),%ymm0", {0xc5, 0xfe, 0x6f, 0x00}, 4, INSN_OTHER, NO, 0},
	{"sub $0x18,%rsp", {0x48, 0x83, 0xec, 0x18}, 4, INSN_OTHER, STEPS, 0},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct insn insn;
		int len = amd64_decode(r->code, sizeof(r->code), ADDR, &insn);

		if (len != r->len || insn.len != r->len || insn.kind != r->kind ||
		    insn.probeable != (r->kernel != NO) ||
		    insn.emulated != (r->kernel == EMULATES) || insn.addr != ADDR)
			fail_msg("%s: length %d, kind %u, probeable %d, emulated %d", r->text, len,
				 insn.kind, insn.probeable, insn.emulated);
		if (insn.kind == INSN_CALL || insn.kind == INSN_JMP || insn.kind == INSN_JCC)
			assert_int_equal(insn.target, ADDR + r->target);
		assert_int_equal(insn.scaled_index, strcmp(r->text, "jmp *(%rax,%rcx,8)") == 0);
	}
}

static void test_address(void **state)
{
	static const uint8_t ahead[] = {0x48, 0x8d, 0x05, 0x10, 0, 0, 0},
			     back[] = {0x4c, 0x8d, 0x3d, 0xf0, 0xff, 0xff, 0xff},
			     frame[] = {0x48, 0x8d, 0x44, 0x24, 0x10};
	struct insn insn;

	(void)state;
	amd64_decode(ahead, sizeof(ahead), ADDR, &insn); /* lea 0x10(%rip),%rax */
	assert_int_equal(insn.kind, INSN_ADDRESS);
	assert_int_equal(insn.target, ADDR + 7 + 0x10);
	assert_true(insn.probeable && !insn.emulated);
	amd64_decode(back, sizeof(back), ADDR, &insn); /* lea -0x10(%rip),%r15 */
	assert_int_equal(insn.kind, INSN_ADDRESS);
	assert_int_equal(insn.target, ADDR + 7 - 0x10);
	amd64_decode(frame, sizeof(frame), ADDR, &insn); /* lea 0x10(%rsp),%rax */
	assert_int_equal(insn.kind, INSN_OTHER);
}

static void test_condition(void **state)
{
	static const uint8_t jbe[] = {0x76, 0x10}, jb[] = {0x0f, 0x82, 0, 0, 0, 0},
			     jrcxz[] = {0xe3, 0};
	struct insn insn;

	(void)state;
	amd64_decode(jbe, sizeof(jbe), ADDR, &insn);
	assert_int_equal(insn.cond, AMD64_CC_BE);
	amd64_decode(jb, sizeof(jb), ADDR, &insn);
	assert_int_equal(insn.cond, AMD64_CC_B);
	amd64_decode(jrcxz, sizeof(jrcxz), ADDR, &insn);
	assert_int_equal(insn.cond, INSN_COND_NONE);
}

static void test_stack_guard(void **state)
{
	static const struct {
		uint8_t code[5];
		bool guard;
	} cmps[] = {
		{{0x49, 0x3b, 0x66, 0x10}, true},        /* cmp 0x10(%r14),%rsp */
		{{0x4d, 0x3b, 0x66, 0x10}, true},        /* cmp 0x10(%r14),%r12 */
		{{0x49, 0x3b, 0x66, 0x18}, true},        /* cmp 0x18(%r14),%rsp */
		{{0x49, 0x3b, 0x66, 0x20}, false},       /* cmp 0x20(%r14),%rsp */
		{{0x48, 0x3b, 0x61, 0x10}, false},       /* cmp 0x10(%rcx),%rsp */
		{{0x49, 0x83, 0x7e, 0x10, 0x00}, false}, /* cmpq $0,0x10(%r14) */
		{{0x49, 0x8b, 0x66, 0x10}, false},       /* mov 0x10(%r14),%rsp */
	};
	struct insn insn;

	(void)state;
	for (size_t i = 0; i < sizeof(cmps) / sizeof(cmps[0]); i++) {
		assert_true(amd64_decode(cmps[i].code, sizeof(cmps[i].code), ADDR, &insn) > 0);
		assert_int_equal(insn.reads_stack_guard, cmps[i].guard);
	}
}

static void test_not_an_instruction(void **state)
{
	static const uint8_t bad[] = {0x06}, half[] = {0xe8, 1, 2};
	struct insn insn;

	(void)state;
	assert_int_equal(amd64_decode(bad, sizeof(bad), ADDR, &insn), -EILSEQ);
	assert_int_equal(amd64_decode(half, sizeof(half), ADDR, &insn), -EILSEQ);
	assert_int_equal(amd64_decode(half, 0, ADDR, &insn), -EILSEQ);
}

/* Every pair of first bytes, with the reading bound at each length. */
static void test_any_bytes(void **state)
{
	(void)state;
	for (unsigned int first = 0; first < 0x10000; first += 7) {
		for (size_t len = 1; len <= 15; len += 7) {
			uint8_t *code = malloc(len); /* exact, so that reading beyond is seen */
			struct amd64_tls tls;
			struct insn insn;
			int n;

			assert_non_null(code);
			for (size_t i = 0; i < len; i++)
				code[i] = (uint8_t)(first >> (i % 2 * 8));
			n = amd64_decode(code, len, ADDR, &insn);
			assert_true(n == -EILSEQ || (n > 0 && (size_t)n <= len));
			assert_true(!insn.emulated || insn.probeable);
			amd64_decode_tls(code, len, ADDR, &tls);
			free(code);
		}
	}
}

static void test_tls(void **state)
{
	static const struct {
		uint8_t code[9];
		uint8_t kind, reg;
		int64_t value;
	} tls[] = {
		{{0x64, 0x4c, 0x8b, 0x34, 0x25, 0xf8, 0xff, 0xff, 0xff}, AMD64_TLS_ABS, 0, -8},
		{{0x64, 0x48, 0x89, 0x11}, AMD64_TLS_REG, 1, 0},  /* mov %rdx,%fs:(%rcx) */
		{{0x64, 0x4d, 0x8b, 0x36}, AMD64_TLS_REG, 14, 0}, /* mov %fs:(%r14),%r14 */
		{{0x48, 0xc7, 0xc1, 0xc0, 0xff, 0xff, 0xff},
		 AMD64_TLS_SET,
		 1,
		 -64}, /* mov $-64,%rcx */
		{{0x4c, 0x8b, 0x35, 0x10, 0, 0, 0}, AMD64_TLS_LOAD, 14, ADDR + 0x17},
		{{0x64, 0x8b, 0x04, 0x25, 0xf8, 0xff, 0xff, 0xff},
		 AMD64_TLS_NONE,
		 0,
		 0}, /* 32 bits */
		{{0x48, 0x89, 0xc8}, AMD64_TLS_NONE, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tls) / sizeof(tls[0]); i++) {
		struct amd64_tls t;

		assert_true(amd64_decode_tls(tls[i].code, sizeof(tls[i].code), ADDR, &t) > 0);
		assert_int_equal(t.kind, tls[i].kind);
		if (t.kind == AMD64_TLS_NONE)
			continue;
		assert_int_equal(t.value, tls[i].value);
		if (t.kind != AMD64_TLS_ABS)
			assert_int_equal(t.reg, tls[i].reg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_condition),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_stack_guard),
		cmocka_unit_test(test_not_an_instruction),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
