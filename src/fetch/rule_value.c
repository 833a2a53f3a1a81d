/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/rule_value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "fetch/ops.h"

bool rule_value_is_named(const struct rule_expr *expr)
{
	switch (expr->kind) {
	case RULE_NAME:
	case RULE_FIELD:
	case RULE_INDEX:
	case RULE_DEREF:
	case RULE_ARG:
	case RULE_RET:
		return true;
	default:
		return false;
	}
}

static void emit(struct rule_compile *c, enum ft_opcode code, uint64_t imm)
{
	fetch_emit(c->fetch, (struct ft_op){.code = (uint8_t)code, .imm = (int64_t)imm});
}

static void mask(struct rule_compile *c, uint64_t bytes)
{
	if (bytes < 8)
		emit(c, FT_OP_MASK, (1ull << (8 * bytes)) - 1);
}

static void consider(const char *name, void *arg)
{
	suggest_name(arg, name);
}

static int fail_no_symbol(struct rule_compile *c, const struct rule_expr *expr)
{
	struct suggest suggest;
	char wanted[128], text[400];

	snprintf(wanted, sizeof(wanted), "%s%.100s", strchr(expr->text, '.') ? "" : "main.",
		 expr->text);
	suggest_init(&suggest, wanted);
	image_each_symbol(c->ctx->image, consider, &suggest);
	suggest_text(&suggest, text, sizeof(text));
	return rule_compile_fail(c, expr, -ENOENT, "no symbol '%.64s' in the file%s", expr->text,
				 suggest.count ? text : "; 'go tool nm FILE' lists them");
}

/* The address of @SYMBOL as the file has it. */
static int find_symbol(struct rule_compile *c, const struct rule_expr *expr, uint64_t *vaddr)
{
	const struct image *image = c->ctx->image;
	uint64_t size;

	if (image_symbol(image, expr->text, vaddr, &size) == 0)
		return 0;
	if (image_info(image)->stripped)
		return rule_compile_fail(
			c, expr, -ENODATA,
			"'%.64s' cannot be found: the file is stripped of its symbols; "
			"build it without -ldflags=-s, or write the address, @0x...",
			expr->text);
	return fail_no_symbol(c, expr);
}

static int file_address(struct rule_compile *c, const struct rule_expr *expr)
{
	uint64_t vaddr = expr->number;
	int ret = 0;

	if (expr->kind == RULE_SYMBOL)
		ret = find_symbol(c, expr, &vaddr);
	else if (expr->kind == RULE_FILE && image_address(c->ctx->image, expr->number, &vaddr))
		ret = rule_compile_fail(
			c, expr, -ENOENT,
			"byte 0x%llx of the file is not loaded into memory; write the "
			"offset of one that is",
			(unsigned long long)expr->number);
	if (ret)
		return ret;
	emit(c, FT_OP_IMM, vaddr + (uint64_t)expr->offset);
	emit(c, FT_OP_BIAS, 0);
	return 0;
}

int rule_value_address(struct rule_compile *c, const struct rule_expr *expr)
{
	int ret;

	if (expr->kind != RULE_MEMORY)
		return file_address(c, expr);
	ret = rule_value_load(c, expr->child);
	if (!ret && expr->offset)
		emit(c, FT_OP_ADD, (uint64_t)expr->offset);
	return ret;
}

static int load_register(struct rule_compile *c, const struct rule_expr *expr)
{
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_REG, .reg = expr->reg.number});
	if (expr->reg.shift)
		emit(c, FT_OP_SHIFT, expr->reg.shift);
	mask(c, expr->reg.bits / 8u);
	return 0;
}

static int load_task(struct rule_compile *c, enum ft_task what)
{
	uint16_t slot = fetch_slot(c->fetch, 8, c->ctx->limits);

	fetch_emit(c->fetch,
		   (struct ft_op){.code = FT_OP_TASK, .reg = (uint8_t)what, .slot = slot});
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_WORD, .from = slot});
	return 0;
}

static int load_name(struct rule_compile *c, const struct rule_expr *expr)
{
	char text[RULE_PATH_TEXT];
	struct rule_path path;
	int ret = rule_path_resolve(c, expr, &path);

	if (ret)
		return ret;
	rule_path_text(expr, text, sizeof(text));
	if (!path.in_memory && !path.place.known)
		return rule_compile_fail(c, expr, -EINVAL,
					 "where '%s' is cannot be told: debug information does not "
					 "describe its type or that of one before it; read a "
					 "register or memory",
					 text);
	switch (path.type->kind) {
	case GOTYPE_STRING:
	case GOTYPE_SLICE:
		return rule_path_word(c, &path, 0);
	case GOTYPE_INVALID:
	case GOTYPE_ARRAY:
	case GOTYPE_STRUCT:
	case GOTYPE_INTERFACE:
	case GOTYPE_COMPLEX64:
	case GOTYPE_COMPLEX128:
		return rule_compile_fail(c, expr, -EINVAL,
					 "'%s' is %s %s, which is no address and no number; name "
					 "a part of it",
					 text, rule_article(path.type->name), path.type->name);
	default:
		break;
	}
	ret = rule_path_word(c, &path, 0);
	if (!ret)
		mask(c, path.type->size);
	return ret;
}

static int load_length(struct rule_compile *c, const struct rule_expr *expr)
{
	struct rule_path path;
	int ret = rule_path_resolve(c, expr->child, &path);

	if (!ret && !path.in_memory && !path.place.known)
		ret = rule_compile_fail(c, expr, -EINVAL,
					"where this value is cannot be told: debug information "
					"does not describe its type or that of one before it; read "
					"a register or memory");
	return ret ? ret : rule_path_length(c, expr, &path);
}

int rule_value_load(struct rule_compile *c, const struct rule_expr *expr)
{
	int ret;

	switch (expr->kind) {
	case RULE_REG:
		return load_register(c, expr);
	case RULE_SP:
	case RULE_STACK_WORD:
		fetch_take_sp(c->fetch);
		if (expr->kind == RULE_SP)
			return 0;
		emit(c, FT_OP_ADD, 8 * expr->number);
		emit(c, FT_OP_LOAD, 0);
		return 0;
	case RULE_MEMORY:
	case RULE_ADDR:
	case RULE_SYMBOL:
	case RULE_FILE:
		ret = rule_value_address(c, expr);
		if (!ret)
			emit(c, FT_OP_LOAD, 0);
		return ret;
	case RULE_IMM:
		emit(c, FT_OP_IMM, expr->number);
		return 0;
	case RULE_PID:
		return load_task(c, FT_TASK_PID);
	case RULE_TID:
		return load_task(c, FT_TASK_TID);
	case RULE_GOID:
		return load_task(c, FT_TASK_GOID);
	case RULE_COMM:
		return rule_compile_fail(c, expr, -EINVAL,
					 "$comm is text, no address; read it alone");
	case RULE_LEN:
	case RULE_CAP:
		return load_length(c, expr);
	default:
		return load_name(c, expr);
	}
}
