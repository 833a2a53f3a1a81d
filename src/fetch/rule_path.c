/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/rule_path.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fetch/ops.h"
#include "fetch/rule_field.h"
#include "fetch/rule_root.h"

static const struct gotype byte_type = {
	.name = "uint8",
	.kind = GOTYPE_UINT8,
	.size = 1,
	.align = 1,
};

int rule_compile_fail(struct rule_compile *c, const struct rule_expr *expr, int code,
		      const char *fmt, ...)
{
	char cause[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(cause, sizeof(cause), fmt, args);
	va_end(args);
	return error_set(c->err, code, "%s %u, column %u: %s", c->ctx->noun, c->ctx->number,
			 c->ctx->column ? c->ctx->column : expr->column, cause);
}

/* By the first letter; unsafe.Pointer alone begins like uint and is pronounced with a vowel. */
const char *rule_article(const char *word)
{
	return (*word && strchr("aeioAEIO", *word)) || !strncmp(word, "unsafe.", 7) ? "an" : "a";
}

const char *rule_path_text(const struct rule_expr *expr, char *text, size_t size)
{
	char inner[RULE_PATH_TEXT];

	text[0] = '\0';
	if (!expr)
		return text;
	if (expr->child)
		rule_path_text(expr->child, inner, sizeof(inner));
	switch (expr->kind) {
	case RULE_NAME:
		snprintf(text, size, "%s", expr->text);
		break;
	case RULE_ARG:
		snprintf(text, size, "$arg%llu", (unsigned long long)expr->number);
		break;
	case RULE_RET:
		snprintf(text, size, "$ret%llu", (unsigned long long)expr->number);
		break;
	case RULE_FIELD:
		snprintf(text, size, "%s.%s", inner, expr->text);
		break;
	case RULE_INDEX:
		snprintf(text, size, "%s[%llu]", inner, (unsigned long long)expr->number);
		break;
	case RULE_DEREF:
		snprintf(text, size, "*%s", inner);
		break;
	default:
		snprintf(text, size, "%s(%s)", expr->kind == RULE_CAP ? "cap" : "len", inner);
	}
	return text;
}

void rule_path_guard(struct fetch *fetch, size_t first, size_t last, uint8_t status, uint16_t slot)
{
	for (size_t i = first; i < last && i < fetch->nops; i++) {
		struct ft_op *op = &fetch->ops[i];

		if (op->decided ||
		    (op->code != FT_OP_LOAD && op->code != FT_OP_NIL && op->code != FT_OP_MORE))
			continue;
		op->status = status;
		if (op->code == FT_OP_LOAD)
			op->slot = slot;
		fetch_skip_from(fetch, i);
	}
}

static void add(struct rule_compile *c, uint64_t offset)
{
	if (offset)
		fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_ADD, .imm = (int64_t)offset});
}

/* Narrows the path to a part of the value, `type` at `offset` in it. */
static void narrow(struct rule_path *path, const struct gotype *type, uint64_t offset)
{
	uint32_t kept = 0;

	path->type = type;
	if (path->in_memory) {
		path->offset += offset;
		return;
	}
	for (uint32_t i = 0; i < path->place.npieces; i++) {
		struct goabi_piece piece = path->place.pieces[i];

		if (piece.offset < offset || piece.offset - offset >= type->size)
			continue;
		piece.offset -= (uint32_t)offset;
		path->place.pieces[kept++] = piece;
	}
	path->place.npieces = kept;
}

int rule_path_word(struct rule_compile *c, const struct rule_path *path, unsigned int word)
{
	uint64_t at = 8ull * word;

	if (path->in_memory) {
		add(c, path->offset + at);
		fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_LOAD});
		return 0;
	}
	c->missing = fetch_missing(c->fetch, &path->place, at, 8);
	if (c->missing)
		return -ENXIO;
	for (uint32_t i = 0; i < path->place.npieces; i++) {
		const struct goabi_piece *piece = &path->place.pieces[i];

		if (piece->offset != at)
			continue;
		fetch_take_piece(c->fetch, piece);
		return 0;
	}
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_IMM});
	return 0;
}

/* The value becomes what it points to. */
static int follow(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	const struct gotype *elem = gotype_elem(path->type);
	char text[RULE_PATH_TEXT];
	int ret;

	if (!elem || elem->kind == GOTYPE_INVALID)
		return rule_compile_fail(c, expr, -EINVAL,
					 "what '%s' points to is not described by debug "
					 "information; write +0(NAME):TYPE",
					 rule_path_text(expr->child, text, sizeof(text)));
	ret = rule_path_word(c, path, 0);
	if (ret)
		return ret;
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_NIL});
	*path = (struct rule_path){.type = elem, .in_memory = true};
	return 0;
}

static int step_field(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	const struct gotype_field *way[RULE_FIELD_LEVELS];
	int steps = rule_field_find(c, expr, path->type, way);

	for (int i = 0; i < steps; i++) {
		int ret = path->type->kind == GOTYPE_POINTER ? follow(c, expr, path) : 0;

		if (ret)
			return ret;
		narrow(path, way[i]->type, way[i]->offset);
	}
	return steps < 0 ? steps : 0;
}

/* Of a slice or string: both words are needed, and acc is one. The length is checked at run time. */
static int step_element(struct rule_compile *c, const struct rule_expr *expr,
			struct rule_path *path, const struct gotype *elem)
{
	uint16_t slot = fetch_slot(c->fetch, 16, c->ctx->limits);
	struct rule_path words = *path;
	int ret;

	if (path->in_memory) {
		add(c, path->offset);
		fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_PUT, .slot = slot});
		words.offset = 0;
	}
	ret = rule_path_word(c, &words, 1);
	if (ret)
		return ret;
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_PUT, .slot = (uint16_t)(slot + 8)});
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_MORE,
					    .from = (uint16_t)(slot + 8),
					    .imm = (int64_t)expr->number});
	if (path->in_memory)
		fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_WORD, .from = slot});
	ret = rule_path_word(c, &words, 0);
	*path = (struct rule_path){
		.type = elem, .in_memory = true, .offset = expr->number * elem->size};
	return ret;
}

static int step_index(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	const struct gotype *type = path->type, *elem;
	char text[RULE_PATH_TEXT];
	int ret;

	rule_path_text(expr->child, text, sizeof(text));
	if (type->kind == GOTYPE_POINTER) {
		elem = gotype_elem(type);
		if (elem && elem->kind == GOTYPE_ARRAY) {
			ret = follow(c, expr, path);
			if (ret)
				return ret;
			type = path->type;
		}
	}
	if (type->kind != GOTYPE_ARRAY && type->kind != GOTYPE_SLICE && type->kind != GOTYPE_STRING)
		return rule_compile_fail(c, expr, -EINVAL,
					 "'%s' is %s %s; [%llu] is of slices, arrays and strings",
					 text, rule_article(type->name), type->name,
					 (unsigned long long)expr->number);
	elem = type->kind == GOTYPE_STRING ? &byte_type : gotype_elem(type);
	if (!elem || elem->kind == GOTYPE_INVALID)
		return rule_compile_fail(c, expr, -EINVAL,
					 "the elements of '%s' are not described by debug "
					 "information; write +OFF(NAME):TYPE",
					 text);
	if (expr->number > (uint64_t)INT64_MAX / (elem->size ? elem->size : 1))
		return rule_compile_fail(c, expr, -EINVAL,
					 "the index %llu is beyond any memory; write a smaller one",
					 (unsigned long long)expr->number);
	if (type->kind != GOTYPE_ARRAY)
		return step_element(c, expr, path, elem);
	if (expr->number >= type->count)
		return rule_compile_fail(c, expr, -EINVAL,
					 "the index %llu is out of range; '%s' is %s %s",
					 (unsigned long long)expr->number, text,
					 rule_article(type->name), type->name);
	narrow(path, elem, expr->number * elem->size);
	return 0;
}

static int step_deref(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	char text[RULE_PATH_TEXT];

	if (path->type->kind != GOTYPE_POINTER)
		return rule_compile_fail(c, expr, -EINVAL,
					 "'%s' is %s %s, no pointer; leave the '*' out",
					 rule_path_text(expr->child, text, sizeof(text)),
					 rule_article(path->type->name), path->type->name);
	return follow(c, expr, path);
}

int rule_path_resolve(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	int ret;

	if (expr->kind == RULE_NAME || expr->kind == RULE_ARG || expr->kind == RULE_RET)
		return rule_root_find(c, expr, path);
	ret = rule_path_resolve(c, expr->child, path);
	if (ret)
		return ret;
	if (!path->in_memory && !path->place.known)
		return rule_compile_fail(
			c, expr, -EINVAL,
			"where this value is cannot be told: debug information "
			"does not describe its type or that of one before it; read "
			"a register or memory");
	switch (expr->kind) {
	case RULE_FIELD:
		return step_field(c, expr, path);
	case RULE_INDEX:
		return step_index(c, expr, path);
	default:
		return step_deref(c, expr, path);
	}
}

/* Maps and channels: the word at `offset` of what they point to, and 0 for nil. */
static int counted(struct rule_compile *c, const struct rule_path *path, int64_t offset)
{
	int ret = rule_path_word(c, path, 0);

	if (ret)
		return ret;
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_NIL, .skip = 2, .decided = 1});
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_ADD, .imm = offset});
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_LOAD});
	return 0;
}

int rule_path_length(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path)
{
	bool cap = expr->kind == RULE_CAP;
	const struct gotype *type = path->type;
	char text[RULE_PATH_TEXT];

	if (type->kind == GOTYPE_POINTER && gotype_elem(type) &&
	    gotype_elem(type)->kind == GOTYPE_ARRAY)
		type = gotype_elem(type);
	switch (type->kind) {
	case GOTYPE_ARRAY:
		fetch_emit(c->fetch,
			   (struct ft_op){.code = FT_OP_IMM, .imm = (int64_t)type->count});
		return 0;
	case GOTYPE_SLICE:
		return rule_path_word(c, path, cap ? 2 : 1);
	case GOTYPE_CHAN:
		/* hchan: {qcount, dataqsiz, ...} (Go's src/runtime/chan.go) */
		return counted(c, path, cap ? 8 : 0);
	case GOTYPE_STRING:
		if (!cap)
			return rule_path_word(c, path, 1);
		break;
	case GOTYPE_MAP:
		/* The number of entries is the first word of both kinds of map. */
		if (!cap)
			return counted(c, path, 0);
		break;
	default:
		break;
	}
	return rule_compile_fail(c, expr, -EINVAL,
				 "'%s' is %s %s, which has no %s; read the value itself",
				 rule_path_text(expr->child, text, sizeof(text)),
				 rule_article(type->name), type->name, cap ? "cap()" : "len()");
}
