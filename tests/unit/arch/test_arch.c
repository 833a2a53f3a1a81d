/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest of ftrace asks an architecture for, through its struct: which one a file is of, and, of x86-64,
 * what its code is told to be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <ftrace/regs_amd64.h>

#include "arch/arch.h"

#define ADDR 0x401000u
#define MAX  16 /* instructions of one piece of code */

static void test_which(void **state)
{
	const struct arch *amd64 = arch_of(EM_X86_64);

	(void)state;
	assert_non_null(amd64);
	assert_string_equal(amd64->name, "x86-64");
	assert_string_equal(amd64->goarch, "amd64");
	assert_null(arch_of(EM_NONE));
	assert_null(arch_of(EM_386));
	assert_null(arch_of(EM_AARCH64));
	assert_null(arch_of(0x1003e));
	assert_ptr_equal(arch_of(arch_native()->machine), arch_native());
}

/* What a plan makes of an instruction. */
enum {
	SITE = 1,     /* may be probed */
	CHEAP = 2,    /* with one trap */
	OUR_RET = 4,  /* a return that a program may carry out */
	TABLE = 8,    /* a jump through a table */
	GUARD = 16,   /* looks at the stack guard */
	ADDRESS = 32, /* target is given */
};

static void test_instructions(void **state)
{
	static const struct {
		const char *text;
		uint8_t code[12];
		uint8_t len, kind, is;
	} rows[] = {
		{"push %rbp", {0x55}, 1, INSN_PUSH, SITE | CHEAP},
		{"push %r15", {0x41, 0x57}, 2, INSN_PUSH, SITE | CHEAP},
		{"pop %rbp", {0x5d}, 1, INSN_OTHER, SITE},
		{"ret", {0xc3}, 1, INSN_RET, SITE | OUR_RET},
		{"rep ret", {0xf3, 0xc3}, 2, INSN_RET, SITE},
		{"ret $16", {0xc2, 16, 0}, 3, INSN_RET, SITE},
		{"call", {0xe8, 1, 0, 0, 0}, 5, INSN_CALL, SITE | CHEAP | ADDRESS},
		{"call *%rcx", {0xff, 0xd1}, 2, INSN_CALL_INDIRECT, SITE},
		{"jmp", {0xeb, 0x10}, 2, INSN_JMP, SITE | CHEAP | ADDRESS},
		{"jmp *%rdx", {0xff, 0xe2}, 2, INSN_JMP_REG, SITE},
		{"jmp *(%rdx)", {0xff, 0x22}, 2, INSN_JMP_MEM, SITE},
		{"jmp *(%rcx,%rax,8)", {0xff, 0x24, 0xc1}, 3, INSN_JMP_MEM, SITE | TABLE},
		{"jbe", {0x76, 0x10}, 2, INSN_JCC, SITE | CHEAP | ADDRESS},
		{"loop", {0xe2, 0x10}, 2, INSN_JCC, SITE | ADDRESS},
		{"nop", {0x90}, 1, INSN_NOP, SITE | CHEAP},
		{"int3", {0xcc}, 1, INSN_TRAP, 0},
		{"ud2", {0x0f, 0x0b}, 2, INSN_TRAP, SITE},
		{"lea 8(%rip),%rax",
		 {0x48, 0x8d, 0x05, 8, 0, 0, 0},
		 7,
		 INSN_ADDRESS,
		 SITE | ADDRESS},
		{"cmp 0x10(%r14),%rsp", {0x49, 0x3b, 0x66, 0x10}, 4, INSN_OTHER, SITE | GUARD},
		{"cmp 0x10(%r13),%rsp", {0x49, 0x3b, 0x65, 0x10}, 4, INSN_OTHER, SITE},
		{"lock incl (%rax)", {0xf0, 0xff, 0x00}, 3, INSN_OTHER, 0},
	};
	const struct arch *arch = arch_of(EM_X86_64);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct insn insn;
		int len = arch->decode(rows[i].code, rows[i].len, ADDR, &insn);
		int is = (insn.probeable ? SITE : 0) | (insn.emulated ? CHEAP : 0) |
			 (insn.plain_return ? OUR_RET : 0) | (insn.scaled_index ? TABLE : 0) |
			 (insn.reads_stack_guard ? GUARD : 0) | (insn.target ? ADDRESS : 0);

		if (len != rows[i].len || insn.kind != rows[i].kind || is != rows[i].is)
			fail_msg("%s: length %d, kind %d, is %#x", rows[i].text, len, insn.kind,
				 is);
		for (int some = 0; some < len; some++)
			assert_true(arch->decode(rows[i].code, (size_t)some, ADDR, &insn) <= some);
	}
}

/* Bytes of the pieces that stack checks consist of. */
#define CMP_RSP 0x49, 0x3b, 0x66, 0x10                         /* cmp 0x10(%r14),%rsp */
#define LEA_R12 0x4c, 0x8d, 0xa4, 0x24, 0x00, 0xff, 0xff, 0xff /* lea -0x100(%rsp),%r12 */
#define CMP_R12 0x4d, 0x3b, 0x66, 0x10                         /* cmp 0x10(%r14),%r12 */
#define MOV_R12 0x49, 0x89, 0xe4                               /* mov %rsp,%r12 */
#define SUB_R12 0x49, 0x81, 0xec, 0x00, 0x20, 0x00, 0x00       /* sub $0x2000,%r12 */
#define JB      0x72, 0x20
#define JBE     0x76, 0x20
#define PUSH_BP 0x55
#define SUB_RSP 0x48, 0x83, 0xec, 0x18 /* sub $0x18,%rsp */
#define NOPS    0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90

static void test_prologue(void **state)
{
	static const struct {
		const char *text;
		uint8_t code[32];
		uint8_t len;
		int8_t check, behind; /* index of the instruction, -1: none */
	} rows[] = {
		{"small", {CMP_RSP, JBE, PUSH_BP, SUB_RSP}, 11, 1, 2},
		{"medium", {LEA_R12, CMP_R12, JBE, PUSH_BP}, 15, 2, 3},
		{"large", {MOV_R12, SUB_R12, JB, CMP_R12, JBE, PUSH_BP}, 19, 4, 5},
		{"no frame", {CMP_RSP, JBE, SUB_RSP}, 10, 1, -1},
		{"ends behind the check", {CMP_RSP, JBE}, 6, 1, -1},
		{"ends before the jump", {CMP_RSP}, 4, -1, -1},
		{"another condition", {CMP_RSP, JB, PUSH_BP}, 7, -1, -1},
		{"none", {PUSH_BP, SUB_RSP}, 5, -1, -1},
		{"too late", {NOPS, CMP_RSP, JBE, PUSH_BP}, 17, -1, -1},
		{"nothing", {0}, 0, -1, -1},
	};
	const struct arch *arch = arch_of(EM_X86_64);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct insn insns[MAX];
		struct arch_prologue found;
		size_t count = 0;

		for (uint64_t at = 0; at < rows[i].len; at += insns[count++].len)
			assert_true(count < MAX && arch->decode(rows[i].code + at, rows[i].len - at,
								ADDR + at, &insns[count]) > 0);
		found = arch->prologue(insns, count);
		if ((found.check ? found.check - insns : -1) != rows[i].check ||
		    (found.behind ? found.behind - insns : -1) != rows[i].behind)
			fail_msg("%s: a check %s, behind it %s", rows[i].text,
				 found.check ? "somewhere" : "nowhere",
				 found.behind ? "something" : "nothing");
	}
}

/* The sample can be called; its two instructions are what is said of them. */
static void test_sample(void **state)
{
	const struct arch *arch = arch_native();
	const struct arch_sample *sample = arch->sample;
	struct insn insn;

	(void)state;
	assert_non_null(sample);
	sample->call();
	assert_true(arch->decode((const uint8_t *)sample->emulated, 1, ADDR, &insn) > 0);
	assert_true(insn.probeable && insn.emulated);
	assert_true(arch->decode((const uint8_t *)sample->stepped, 1, ADDR, &insn) > 0);
	assert_true(insn.probeable && !insn.emulated && insn.plain_return);
	assert_true(arch->decode(&arch->breakpoint, 1, ADDR, &insn) > 0);
	assert_int_equal(insn.kind, INSN_TRAP);
}

struct accesses {
	int64_t offsets[4];
	size_t count, most;
	uint64_t slot; /* the only one whose word is known: -0x18 */
};

static bool slot_value(void *arg, uint64_t slot, int64_t *value)
{
	const struct accesses *all = arg;

	*value = -0x18;
	return slot == all->slot;
}

static bool note(void *arg, int64_t offset)
{
	struct accesses *all = arg;

	all->offsets[all->count++] = offset;
	return all->count < all->most;
}

static void test_tls(void **state)
{
	static const uint8_t code[] = {
		0x64, 0x48, 0x8b, 0x0c, 0x25, 0xf8, 0xff, 0xff, 0xff, /* mov %fs:-8,%rcx */
		0x48, 0xc7, 0xc1, 0xf0, 0xff, 0xff, 0xff,             /* mov $-16,%rcx */
		0x64, 0x48, 0x8b, 0x09,                               /* mov %fs:(%rcx),%rcx */
		0x48, 0x8b, 0x0d, 0x10, 0,    0,    0,                /* mov 0x10(%rip),%rcx */
		0x64, 0x48, 0x89, 0x01,                               /* mov %rax,%fs:(%rcx) */
		0x64, 0x48, 0x8b, 0x02,                               /* mov %fs:(%rdx),%rax */
	};
	const struct arch *arch = arch_of(EM_X86_64);
	struct accesses all = {.most = 4, .slot = ADDR + 27 + 0x10};
	struct arch_tls_search search = {slot_value, note, &all};

	(void)state;
	arch->tls_accesses(code, sizeof(code), ADDR, &search);
	assert_int_equal(all.count, 3);
	assert_int_equal(all.offsets[0], -8);
	assert_int_equal(all.offsets[1], -16);
	assert_int_equal(all.offsets[2], -0x18);
	/* A word that nobody knows is no access; and whoever has enough is not asked again. */
	all = (struct accesses){.most = 4};
	arch->tls_accesses(code, sizeof(code), ADDR, &search);
	assert_int_equal(all.count, 2);
	all = (struct accesses){.most = 1};
	arch->tls_accesses(code, sizeof(code), ADDR, &search);
	assert_int_equal(all.count, 1);
	assert_int_equal(arch->tls_start(24), -24);
}

/* The sequences of abi-internal.md and the numbers of the System V ABI, held against what DWARF has of them. */
static void test_abi(void **state)
{
	static const char *const ints[] = {"AX", "BX", "CX", "DI", "SI", "R8", "R9", "R10", "R11"};
	static const uint8_t dwarf[] = {0, 3, 2, 5, 4, 8, 9, 10, 11};
	const struct arch_abi *abi = arch_of(EM_X86_64)->abi;
	char name[8];

	(void)state;
	assert_int_equal(abi->nints, 9);
	assert_int_equal(abi->nfloats, 15);
	for (unsigned int i = 0; i < 9; i++) {
		struct arch_register found;

		assert_string_equal(abi->ints[i].name, ints[i]);
		assert_int_equal(abi->ints[i].dwarf, dwarf[i]);
		for (size_t c = 0; c <= strlen(ints[i]); c++)
			name[c] = (char)(ints[i][c] >= 'A' ? ints[i][c] | 0x20 : ints[i][c]);
		assert_true(arch_of(EM_X86_64)->find_register(name, strlen(name), &found));
		assert_int_equal(found.number, abi->ints[i].number);
	}
	for (unsigned int i = 0; i < 15; i++) {
		snprintf(name, sizeof(name), "X%u", i);
		assert_string_equal(abi->floats[i].name, name);
		assert_int_equal(abi->floats[i].dwarf, 17 + i);
	}
	assert_int_equal(abi->sp, FT_REG_SP);
	assert_int_equal(abi->closure, FT_REG_DX);
	assert_int_equal(abi->stack, 8);
	assert_int_equal(abi->cfa, 8);
}

static void count_name(const char *name, void *arg)
{
	struct arch_register found;

	assert_true(arch_of(EM_X86_64)->find_register(name, strlen(name), &found));
	++*(size_t *)arg;
}

static void test_registers(void **state)
{
	static const struct {
		const char *name;
		uint8_t number, bits, shift;
	} rows[] = {
		{"ax", FT_REG_AX, 64, 0},
		{"eax", FT_REG_AX, 32, 0},
		{"ah", FT_REG_AX, 8, 8},
		{"spl", FT_REG_SP, 8, 0},
		{"rip", FT_REG_IP, 64, 0},
		{"r8", FT_REG_R8, 64, 0},
		{"r15b", FT_REG_R15, 8, 0},
		{"r9w", FT_REG_R9, 16, 0},
		{"orig_ax", FT_REG_ORIG_AX, 64, 0},
	};
	static const char *const none[] = {"", "r", "r7", "r16", "r08", "axx", "x0", "AX"};
	const struct arch *arch = arch_of(EM_X86_64);
	struct arch_register found;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(arch->find_register(rows[i].name, strlen(rows[i].name), &found));
		assert_int_equal(found.number, rows[i].number);
		assert_int_equal(found.bits, rows[i].bits);
		assert_int_equal(found.shift, rows[i].shift);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(arch->find_register(none[i], strlen(none[i]), &found));
	arch->each_register(count_name, &count);
	assert_int_equal(count, 54);
	assert_non_null(strstr(arch->registers, "r8 to r15"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which),     cmocka_unit_test(test_instructions),
		cmocka_unit_test(test_prologue),  cmocka_unit_test(test_sample),
		cmocka_unit_test(test_tls),       cmocka_unit_test(test_abi),
		cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
