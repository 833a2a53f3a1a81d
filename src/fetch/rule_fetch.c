/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/rule_fetch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/ops.h"
#include "fetch/rule_path.h"
#include "fetch/rule_root.h"
#include "fetch/rule_shape.h"
#include "fetch/rule_value.h"
#include "fetch/typed.h"
#include "rule/filter.h"

/* What one item has taken of its fetch, so that it can be given back. */
struct checkpoint {
	size_t nops;
	uint32_t used, nstatus;
	bool full;
};

static struct checkpoint set_checkpoint(struct fetch *fetch)
{
	struct checkpoint checkpoint = {fetch->nops, fetch->used, fetch->nstatus, fetch->full};

	fetch->full = false;
	return checkpoint;
}

/* The item becomes a reason, and nothing is read for it. */
static int give_back(struct fetch *fetch, const struct checkpoint *checkpoint,
		     struct fetch_item *item, enum shape_reason reason, const char *reg)
{
	fetch->nops = checkpoint->nops;
	fetch->used = checkpoint->used;
	fetch->nstatus = checkpoint->nstatus;
	shape_release(&item->shape);
	item->shape = (struct shape){
		.kind = SHAPE_REASON, .type = item->type, .reason = (uint8_t)reason, .reg = reg};
	item->slot = SHAPE_NO_SLOT;
	item->status = 0;
	return 0;
}

static int set_type(struct fetch_item *item, const char *type)
{
	char *copy = strdup(type);

	if (!copy)
		return -ENOMEM;
	free(item->type);
	item->type = copy;
	return 0;
}

/* A typed value: what debug information says, followed as far as the bounds go. */
static int read_typed(struct rule_compile *c, const struct rule_path *path, size_t first,
		      struct fetch_item *item)
{
	struct fetch *fetch = c->fetch;
	size_t last;
	int ret = set_type(item, path->type->name);

	if (ret)
		return ret;
	if (path->in_memory && path->offset)
		fetch_emit(fetch, (struct ft_op){.code = FT_OP_ADD, .imm = (int64_t)path->offset});
	if (fetch->full)
		return 0;
	last = fetch->nops;
	ret = path->in_memory
		      ? typed_at_memory(fetch, item, path->type, c->ctx->limits)
		      : typed_at_place(fetch, item, path->type, &path->place, c->ctx->limits);
	c->partial = item->slot;
	if (!ret && item->shape.kind != SHAPE_REASON)
		rule_path_guard(fetch, first, last, item->status, item->slot);
	return ret;
}

/* The value's own first `size` bytes, in a new slot of the item. */
static int read_own(struct rule_compile *c, const struct rule_path *path, uint32_t size,
		    size_t first, struct fetch_item *item)
{
	struct fetch *fetch = c->fetch;
	size_t last;

	item->status = fetch_status(fetch);
	if (path->in_memory) {
		if (path->offset)
			fetch_emit(fetch,
				   (struct ft_op){.code = FT_OP_ADD, .imm = (int64_t)path->offset});
		last = fetch->nops;
		item->slot = fetch_read(fetch, size, c->ctx->limits, item->status);
		fetch->full |= !item->slot;
		rule_path_guard(fetch, first, last, item->status, item->slot);
		return 0;
	}
	c->missing = fetch_missing(fetch, &path->place, 0, size);
	if (c->missing)
		return -ENXIO;
	item->slot = fetch_slot(fetch, size, c->ctx->limits);
	item->status = 0;
	fetch_assemble(fetch, item->slot, &path->place, size);
	return 0;
}

/* A value in acc, as a number or its like, in a slot of the item. */
static void put_value(struct rule_compile *c, size_t first, struct fetch_item *item)
{
	struct fetch *fetch = c->fetch;
	size_t last;

	item->status = fetch_status(fetch);
	item->slot = fetch_slot(fetch, 8, c->ctx->limits);
	last = fetch->nops;
	fetch_emit(fetch,
		   (struct ft_op){.code = FT_OP_PUT, .slot = item->slot, .status = item->status});
	rule_path_guard(fetch, first, last, item->status, item->slot);
}

/* Numbers and texts of a TYPE's own width, from a name. A value that is narrower than TYPE keeps its
 * width: what stands beside it in memory is not its own. */
static int read_name_as(struct rule_compile *c, const struct rule_expr *expr,
			const struct rule_type *type, struct fetch_item *item)
{
	struct shape *shape = &item->shape;
	size_t first = c->fetch->nops;
	char text[RULE_PATH_TEXT];
	struct rule_path path;
	int ret = rule_path_resolve(c, expr, &path);

	if (ret)
		return ret;
	rule_path_text(expr, text, sizeof(text));
	if (!path.in_memory && !path.place.known)
		return give_back(c->fetch,
				 &(struct checkpoint){.nops = first,
						      .used = c->fetch->used,
						      .nstatus = c->fetch->nstatus},
				 item, SHAPE_UNKNOWN_TYPE, NULL);
	ret = rule_shape_narrow(c, expr, text, path.type, type, shape);
	if (ret)
		return ret;
	return read_own(c, &path, shape->size, first, item);
}

/* A TYPE of fixed width in place: the memory at EXPR, or the value itself. */
static int read_scalar(struct rule_compile *c, const struct rule_expr *expr,
		       const struct rule_type *type, struct fetch_item *item)
{
	struct fetch *fetch = c->fetch;
	size_t first = fetch->nops, last;
	int ret;

	rule_shape_scalar(type, &item->shape);
	item->shape.type = item->type;
	if (rule_value_is_named(expr))
		return read_name_as(c, expr, type, item);
	if (!rule_expr_is_memory(expr)) {
		ret = rule_value_load(c, expr);
		if (!ret)
			put_value(c, first, item);
		return ret;
	}
	ret = rule_value_address(c, expr);
	if (ret)
		return ret;
	item->status = fetch_status(fetch);
	last = fetch->nops;
	item->slot = fetch_read(fetch, item->shape.size, c->ctx->limits, item->status);
	fetch->full |= !item->slot;
	rule_path_guard(fetch, first, last, item->status, item->slot);
	return 0;
}

/* A TYPE whose bytes lie elsewhere: at a memory EXPR, or where the value of another one points. */
static int read_at_address(struct rule_compile *c, const struct rule_expr *expr,
			   const struct rule_type *type, struct fetch_item *item)
{
	struct fetch *fetch = c->fetch;
	size_t first = fetch->nops, last;
	int ret =
		rule_expr_is_memory(expr) ? rule_value_address(c, expr) : rule_value_load(c, expr);

	if (ret)
		return ret;
	last = fetch->nops;
	ret = rule_shape_at_address(c, type, item);
	if (ret || fetch->full)
		return ret;
	rule_path_guard(fetch, first, last, item->status ? item->status : item->shape.data_status,
			item->slot ? item->slot : item->shape.data);
	return 0;
}

/* A Go header whose words are written one by one. The last of them stands for a capacity that is not. */
static int read_tuple(struct rule_compile *c, const struct rule_expr *tuple,
		      const struct rule_type *type, struct fetch_item *item)
{
	const struct rule_expr *word = tuple->child;
	struct fetch *fetch = c->fetch;
	size_t first = fetch->nops, last;

	item->status = fetch_status(fetch);
	item->slot = fetch_slot(fetch, type->bits / 8u, c->ctx->limits);
	fetch->full |= !item->slot;
	if (fetch->full)
		return 0;
	for (uint16_t at = 0; at < type->bits / 8u; at += 8) {
		int ret = word ? rule_value_load(c, word) : 0;

		if (ret)
			return ret;
		word = word ? word->next : NULL;
		fetch_emit(fetch, (struct ft_op){.code = FT_OP_PUT,
						 .slot = (uint16_t)(item->slot + at),
						 .status = item->status});
	}
	last = fetch->nops;
	rule_shape_of_header(c, type, item);
	fetch_skip_to_end(fetch, last);
	rule_path_guard(fetch, first, last, item->status, item->slot);
	return 0;
}

/* A name that is what gostring, gobytes or goerror would be read from is read as what it is. */
static bool is_go_value(const struct rule_type *type, const struct gotype *gotype)
{
	const struct gotype *elem;

	if (type->count)
		return false;
	switch (type->kind) {
	case RULE_STRING:
	case RULE_GOSTRING:
		return gotype->kind == GOTYPE_STRING;
	case RULE_GOBYTES:
		elem = gotype->kind == GOTYPE_SLICE ? gotype_elem(gotype) : NULL;
		return elem && elem->kind == GOTYPE_UINT8;
	case RULE_GOERROR:
		return gotype->kind == GOTYPE_INTERFACE;
	default:
		return false;
	}
}

/*
 * What a filter compares of a Go value: numbers and strings; of all that may be nil its first word,
 * which is 0 then. Anything else is left unread.
 */
static int read_shallow(struct rule_compile *c, const struct rule_path *path, size_t first,
			struct fetch_item *item)
{
	const struct gotype *type = path->type, *elem;
	struct shape *shape = &item->shape;
	int ret = set_type(item, type->name);

	*shape = (struct shape){.kind = SHAPE_ADDRESS, .size = 8, .gotype = type};
	if (ret)
		return ret;
	elem = type->kind == GOTYPE_SLICE ? gotype_elem(type) : NULL;
	if (type->kind == GOTYPE_STRING || (elem && elem->kind == GOTYPE_UINT8)) {
		ret = read_own(c, path, elem ? 24 : 16, first, item);
		if (!ret)
			typed_string(c->fetch, shape, item->slot, elem, c->ctx->limits);
		fetch_skip_to_end(c->fetch, first);
		return ret;
	}
	switch (type->kind) {
	case GOTYPE_INVALID:
	case GOTYPE_ARRAY:
	case GOTYPE_STRUCT:
	case GOTYPE_COMPLEX64:
	case GOTYPE_COMPLEX128:
		shape->kind = SHAPE_DEEPER;
		return 0;
	case GOTYPE_SLICE:
	case GOTYPE_INTERFACE:
	case GOTYPE_POINTER:
	case GOTYPE_UNSAFE_POINTER:
	case GOTYPE_MAP:
	case GOTYPE_CHAN:
	case GOTYPE_FUNC:
		break;
	case GOTYPE_BOOL:
		shape->kind = SHAPE_BOOL;
		break;
	default:
		shape->kind = gotype_is_float(type->kind)    ? SHAPE_FLOAT
			      : gotype_is_signed(type->kind) ? SHAPE_SIGNED
							     : SHAPE_UNSIGNED;
	}
	if (shape->kind != SHAPE_ADDRESS)
		shape->size = (uint32_t)type->size;
	return read_own(c, path, shape->size, first, item);
}

static bool path_is_known(struct rule_compile *c, const struct rule_expr *expr,
			  const struct rule_path *path)
{
	char text[RULE_PATH_TEXT];

	if (path->in_memory || path->place.known)
		return true;
	rule_compile_fail(c, expr, -EINVAL,
			  "where '%s' is cannot be told: debug information does not describe its "
			  "type or that of one before it",
			  rule_path_text(expr, text, sizeof(text)));
	return false;
}

static int read_named(struct rule_compile *c, const struct rule_expr *expr,
		      const struct rule_type *type, struct fetch_item *item)
{
	struct fetch *fetch = c->fetch;
	struct checkpoint checkpoint = {fetch->nops, fetch->used, fetch->nstatus, false};
	struct rule_path path;
	int ret = rule_root_check_type(c, expr, type);
	char *written;

	if (!ret)
		ret = rule_path_resolve(c, expr, &path);
	if (ret)
		return ret;
	if (type->kind == RULE_NO_TYPE && item->hidden)
		return path_is_known(c, expr, &path) ? read_shallow(c, &path, checkpoint.nops, item)
						     : -EINVAL;
	if (type->kind == RULE_NO_TYPE)
		return read_typed(c, &path, checkpoint.nops, item);
	if (is_go_value(type, path.type)) {
		written = strdup(type->text);
		ret = written ? read_typed(c, &path, checkpoint.nops, item) : -ENOMEM;
		if (!ret)
			ret = set_type(item, written);
		free(written);
		return ret;
	}
	fetch->nops = checkpoint.nops;
	fetch->used = checkpoint.used;
	return rule_type_is_scalar(type) ? read_scalar(c, expr, type, item)
					 : read_at_address(c, expr, type, item);
}

static int read_comm(struct rule_compile *c, struct fetch_item *item)
{
	/* TASK_COMM_LEN of the kernel */
	item->shape = (struct shape){.kind = SHAPE_TEXT, .type = item->type, .size = 16};
	item->slot = fetch_slot(c->fetch, 16, c->ctx->limits);
	item->status = fetch_status(c->fetch);
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_TASK,
					    .reg = FT_TASK_COMM,
					    .slot = item->slot,
					    .status = item->status});
	return 0;
}

static int read_expr(struct rule_compile *c, const struct rule_expr *expr,
		     const struct rule_type *type, struct fetch_item *item)
{
	static const struct rule_type hex = {.kind = RULE_HEX, .bits = 64};
	static const struct rule_type number = {.kind = RULE_SIGNED, .bits = 64};

	if (expr->kind == RULE_COMM)
		return read_comm(c, item);
	if (expr->kind == RULE_TUPLE)
		return read_tuple(c, expr, type, item);
	if (rule_value_is_named(expr))
		return read_named(c, expr, type, item);
	if (type->kind == RULE_NO_TYPE)
		type = expr->kind == RULE_LEN || expr->kind == RULE_CAP ? &number : &hex;
	return rule_type_is_scalar(type) ? read_scalar(c, expr, type, item)
					 : read_at_address(c, expr, type, item);
}

static const char *type_word(const struct rule_expr *expr, const struct rule_type *type)
{
	if (type->text)
		return type->text;
	if (expr->kind == RULE_COMM)
		return "string";
	return expr->kind == RULE_LEN || expr->kind == RULE_CAP ? "int" : "x64";
}

/* One item, whole or given back. `strict`: hidden, and -ENXIO or -E2BIG instead of a reason. */
static int read_item(struct rule_compile *c, const char *name, const struct rule_expr *expr,
		     const struct rule_type *type, bool strict)
{
	struct fetch *fetch = c->fetch;
	struct fetch_item *item = fetch_item(fetch, name, type_word(expr, type));
	struct checkpoint checkpoint;
	int ret;

	if (!item)
		return rule_compile_fail(c, expr, -ENOMEM, "out of memory");
	item->hidden = strict;
	fetch->nhidden += strict;
	checkpoint = set_checkpoint(fetch);
	c->partial = false;
	ret = read_expr(c, expr, type, item);
	if (ret == -ENXIO && !strict)
		ret = give_back(fetch, &checkpoint, item, SHAPE_IN_REGISTER, c->missing);
	else if (!ret && fetch->full && !c->partial)
		ret = strict ? -E2BIG : give_back(fetch, &checkpoint, item, SHAPE_LEFT_OUT, NULL);
	else if (!ret && item->shape.kind == SHAPE_REASON)
		fetch->nops = checkpoint.nops;
	if (!item->shape.type)
		item->shape.type = item->type;
	fetch->full |= checkpoint.full;
	if (ret == -ENOMEM)
		rule_compile_fail(c, expr, ret, "out of memory");
	return ret;
}

int rule_fetch_items(struct fetch *fetch, const struct rule_item *items, size_t n,
		     const struct fetch_context *ctx, struct error *err)
{
	struct rule_compile c = {.fetch = fetch, .ctx = ctx, .err = err};

	for (size_t i = 0; i < n; i++) {
		int ret;

		if (fetch->nitems - fetch->nhidden >= ctx->limits->max_items)
			return rule_compile_fail(&c, items[i].expr, -E2BIG,
						 "more than %u items for %s; write fewer or raise "
						 "--max-items",
						 ctx->limits->max_items, ctx->func);
		ret = read_item(&c, items[i].name, items[i].expr, &items[i].type, false);
		if (ret)
			return ret;
	}
	return 0;
}

int rule_fetch_operand(struct fetch *fetch, const struct rule_expr *expr,
		       const struct rule_type *type, const struct fetch_context *ctx,
		       struct error *err)
{
	static const struct rule_type none = {0};
	struct fetch_limits limits = *ctx->limits;
	struct fetch_context own = *ctx;
	struct rule_compile c = {.fetch = fetch, .ctx = &own, .err = err};
	int ret;

	limits.max_string = FILTER_TEXT_MAX;
	own.limits = &limits;
	ret = read_item(&c, "", expr, type ? type : &none, true);
	if (ret == -ENXIO)
		rule_compile_fail(
			&c, expr, ret,
			"this is in %s, a vector register, which no uprobe sees; leave it out, it "
			"can never be compared",
			c.missing);
	if (ret == -E2BIG)
		rule_compile_fail(&c, expr, ret,
				  "no room for this value in a record of %s; raise --max-bytes, or "
				  "read less by rules",
				  ctx->func);
	return ret;
}
