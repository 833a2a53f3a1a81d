/* SPDX-License-Identifier: GPL-2.0-only */
#include "rule/print_expr.h"

#include <ftrace/regs_amd64.h>

static const char *const regs[] = {
	[FT_REG_AX] = "ax",   [FT_REG_BX] = "bx",   [FT_REG_CX] = "cx",
	[FT_REG_DX] = "dx",   [FT_REG_SI] = "si",   [FT_REG_DI] = "di",
	[FT_REG_BP] = "bp",   [FT_REG_SP] = "sp",   [FT_REG_R8] = "r8",
	[FT_REG_R9] = "r9",   [FT_REG_R10] = "r10", [FT_REG_R11] = "r11",
	[FT_REG_R12] = "r12", [FT_REG_R13] = "r13", [FT_REG_R14] = "r14",
	[FT_REG_R15] = "r15", [FT_REG_IP] = "ip",   [FT_REG_FLAGS] = "flags",
	[FT_REG_CS] = "cs",   [FT_REG_SS] = "ss",   [FT_REG_ORIG_AX] = "orig_ax",
};

static const char *const kinds[] = {
	[RULE_REG] = "reg",     [RULE_SP] = "stack",    [RULE_STACK_WORD] = "word",
	[RULE_MEMORY] = "mem",  [RULE_ADDR] = "addr",   [RULE_SYMBOL] = "sym",
	[RULE_FILE] = "file",   [RULE_IMM] = "imm",     [RULE_ARG] = "arg",
	[RULE_RET] = "ret",     [RULE_COMM] = "comm",   [RULE_PID] = "pid",
	[RULE_TID] = "tid",     [RULE_GOID] = "goid",   [RULE_NAME] = "name",
	[RULE_FIELD] = "field", [RULE_INDEX] = "index", [RULE_DEREF] = "deref",
	[RULE_LEN] = "len",     [RULE_CAP] = "cap",     [RULE_TUPLE] = "tuple",
};

void print_expr(struct buf *buf, const struct rule_expr *expr)
{
	buf_addf(buf, "%s@%u", kinds[expr->kind], expr->column);
	switch (expr->kind) {
	case RULE_REG:
		buf_addf(buf, ":%s/%d", regs[expr->reg.number], expr->reg.bits);
		if (expr->reg.shift)
			buf_addf(buf, ">>%d", expr->reg.shift);
		break;
	case RULE_MEMORY:
		buf_addf(buf, ":%+lld", (long long)expr->offset);
		break;
	case RULE_SYMBOL:
		buf_addf(buf, ":%s%+lld", expr->text, (long long)expr->offset);
		break;
	case RULE_NAME:
	case RULE_FIELD:
		buf_addf(buf, ":%s", expr->text);
		break;
	case RULE_STACK_WORD:
	case RULE_ADDR:
	case RULE_FILE:
	case RULE_IMM:
	case RULE_ARG:
	case RULE_RET:
	case RULE_INDEX:
		buf_addf(buf, ":%llu", (unsigned long long)expr->number);
		break;
	default:
		break;
	}
	if (!expr->child)
		return;
	buf_addc(buf, '(');
	print_expr(buf, expr->child);
	for (const struct rule_expr *word = expr->child->next; word; word = word->next) {
		buf_addc(buf, ' ');
		print_expr(buf, word);
	}
	buf_addc(buf, ')');
}

void print_type(struct buf *buf, const struct rule_type *type)
{
	static const char *const names[] = {
		[RULE_NO_TYPE] = "none",    [RULE_UNSIGNED] = "u",
		[RULE_SIGNED] = "s",        [RULE_HEX] = "x",
		[RULE_BITS] = "bits",       [RULE_BOOL] = "bool",
		[RULE_CHAR] = "char",       [RULE_FLOAT] = "f",
		[RULE_PTR] = "ptr",         [RULE_TEXT] = "text",
		[RULE_STRING] = "string",   [RULE_GOSTRING] = "gostring",
		[RULE_GOBYTES] = "gobytes", [RULE_GOERROR] = "goerror",
	};

	buf_addf(buf, "%s@%u", names[type->kind], type->column);
	if (type->bits)
		buf_addf(buf, ":%u", type->bits);
	if (type->container)
		buf_addf(buf, ">>%u/%u", type->shift, type->container);
	if (type->count)
		buf_addf(buf, "[%u]", type->count);
}
