/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of x86-64 by name. The kernel's own spelling (arch/x86/kernel/ptrace.c: ax, r8, ip)
 * is the whole register, so `ax` is 64 bits; the assembler's names have their own widths, and no
 * name is left for the 16 bits of ax to sp.
 */
#include "rule/expr.h"

#include <string.h>

#include "base/units.h"

static const struct {
	char name[9];
	uint8_t reg, bits, shift;
} names[] = {
	{"ax", RULE_REG_AX, 64, 0},
	{"rax", RULE_REG_AX, 64, 0},
	{"eax", RULE_REG_AX, 32, 0},
	{"al", RULE_REG_AX, 8, 0},
	{"ah", RULE_REG_AX, 8, 8},
	{"bx", RULE_REG_BX, 64, 0},
	{"rbx", RULE_REG_BX, 64, 0},
	{"ebx", RULE_REG_BX, 32, 0},
	{"bl", RULE_REG_BX, 8, 0},
	{"bh", RULE_REG_BX, 8, 8},
	{"cx", RULE_REG_CX, 64, 0},
	{"rcx", RULE_REG_CX, 64, 0},
	{"ecx", RULE_REG_CX, 32, 0},
	{"cl", RULE_REG_CX, 8, 0},
	{"ch", RULE_REG_CX, 8, 8},
	{"dx", RULE_REG_DX, 64, 0},
	{"rdx", RULE_REG_DX, 64, 0},
	{"edx", RULE_REG_DX, 32, 0},
	{"dl", RULE_REG_DX, 8, 0},
	{"dh", RULE_REG_DX, 8, 8},
	{"si", RULE_REG_SI, 64, 0},
	{"rsi", RULE_REG_SI, 64, 0},
	{"esi", RULE_REG_SI, 32, 0},
	{"sil", RULE_REG_SI, 8, 0},
	{"di", RULE_REG_DI, 64, 0},
	{"rdi", RULE_REG_DI, 64, 0},
	{"edi", RULE_REG_DI, 32, 0},
	{"dil", RULE_REG_DI, 8, 0},
	{"bp", RULE_REG_BP, 64, 0},
	{"rbp", RULE_REG_BP, 64, 0},
	{"ebp", RULE_REG_BP, 32, 0},
	{"bpl", RULE_REG_BP, 8, 0},
	{"sp", RULE_REG_SP, 64, 0},
	{"rsp", RULE_REG_SP, 64, 0},
	{"esp", RULE_REG_SP, 32, 0},
	{"spl", RULE_REG_SP, 8, 0},
	{"ip", RULE_REG_IP, 64, 0},
	{"rip", RULE_REG_IP, 64, 0},
	{"eip", RULE_REG_IP, 32, 0},
	{"flags", RULE_REG_FLAGS, 64, 0},
	{"rflags", RULE_REG_FLAGS, 64, 0},
	{"eflags", RULE_REG_FLAGS, 32, 0},
	{"cs", RULE_REG_CS, 64, 0},
	{"ss", RULE_REG_SS, 64, 0},
	{"orig_ax", RULE_REG_ORIG_AX, 64, 0},
	{"orig_rax", RULE_REG_ORIG_AX, 64, 0},
};

/* r8 to r15, with d, w or b behind it for 32, 16 or 8 bits. */
static bool find_numbered(const char *name, size_t len, struct rule_expr *expr)
{
	uint64_t number;

	if (len < 2 || name[0] != 'r' || name[1] == '0')
		return false;
	expr->bits = 64;
	switch (name[len - 1]) {
	case 'd':
		expr->bits = 32;
		break;
	case 'w':
		expr->bits = 16;
		break;
	case 'b':
		expr->bits = 8;
		break;
	}
	len -= expr->bits != 64;
	if (units_number(name + 1, len - 1, 10, &number) || number < 8 || number > 15)
		return false;
	expr->reg = (enum rule_reg)(RULE_REG_R8 + (number - 8));
	return true;
}

bool rule_reg_find(const char *name, size_t len, struct rule_expr *expr)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i].name) != len || memcmp(names[i].name, name, len) != 0)
			continue;
		expr->reg = (enum rule_reg)names[i].reg;
		expr->bits = names[i].bits;
		expr->shift = names[i].shift;
		return true;
	}
	return find_numbered(name, len, expr);
}

void rule_reg_suggest(struct suggest *suggest)
{
	static const char *const numbered[] = {"r8",  "r9",  "r10", "r11",
					       "r12", "r13", "r14", "r15"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		suggest_name(suggest, names[i].name);
	for (size_t i = 0; i < sizeof(numbered) / sizeof(*numbered); i++)
		suggest_name(suggest, numbered[i]);
}
