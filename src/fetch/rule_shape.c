/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/rule_shape.h"

#include <errno.h>
#include <stdlib.h>

#include "fetch/ops.h"
#include "fetch/typed.h"

bool rule_type_is_scalar(const struct rule_type *type)
{
	return !type->count && type->kind < RULE_STRING;
}

static bool is_header(enum rule_type_kind kind)
{
	return kind == RULE_GOSTRING || kind == RULE_GOBYTES || kind == RULE_GOERROR;
}

void rule_shape_scalar(const struct rule_type *type, struct shape *shape)
{
	static const enum shape_kind kinds[] = {
		[RULE_NO_TYPE] = SHAPE_HEX,   [RULE_UNSIGNED] = SHAPE_UNSIGNED,
		[RULE_SIGNED] = SHAPE_SIGNED, [RULE_HEX] = SHAPE_HEX,
		[RULE_BITS] = SHAPE_BITS,     [RULE_BOOL] = SHAPE_BOOL,
		[RULE_CHAR] = SHAPE_CHAR,     [RULE_FLOAT] = SHAPE_FLOAT,
		[RULE_PTR] = SHAPE_ADDRESS,   [RULE_TEXT] = SHAPE_TEXT,
	};

	shape->kind = kinds[type->kind];
	shape->size = type->bits / 8u;
	if (type->kind == RULE_BITS) {
		shape->size = type->container / 8u;
		shape->bits = (uint8_t)type->bits;
		shape->shift = type->shift;
	}
}

int rule_shape_narrow(struct rule_compile *c, const struct rule_expr *expr, const char *text,
		      const struct gotype *gotype, const struct rule_type *type,
		      struct shape *shape)
{
	bool bytes = type->kind == RULE_TEXT &&
		     (gotype->kind == GOTYPE_ARRAY || gotype->kind == GOTYPE_STRUCT);

	switch (gotype->kind) {
	case GOTYPE_INVALID:
		return rule_compile_fail(
			c, expr, -EINVAL,
			"the type of '%s' is not described by debug information; read "
			"a register or memory",
			text);
	case GOTYPE_ARRAY:
	case GOTYPE_STRUCT:
		if (bytes)
			break;
		/* fall through */
	case GOTYPE_STRING:
	case GOTYPE_SLICE:
	case GOTYPE_INTERFACE:
	case GOTYPE_COMPLEX64:
	case GOTYPE_COMPLEX128:
		return rule_compile_fail(
			c, expr, -EINVAL,
			"'%s' is %s %s, which '%s' does not read; leave the type out, "
			"or name a part of it",
			text, rule_article(gotype->name), gotype->name, type->text);
	default:
		break;
	}
	rule_shape_scalar(type, shape);
	if (gotype->size >= shape->size)
		return 0;
	if (type->kind == RULE_PTR || (type->kind == RULE_FLOAT && !gotype_is_float(gotype->kind)))
		return rule_compile_fail(c, expr, -EINVAL,
					 "'%s' is %s %s, too narrow for '%s'; take a narrower type",
					 text, rule_article(gotype->name), gotype->name,
					 type->text);
	if (type->kind == RULE_BITS && type->shift + type->bits > 8 * gotype->size)
		return rule_compile_fail(c, expr, -EINVAL,
					 "'%s' is %s %s of %u bits, too few for '%s'; take a "
					 "narrower type",
					 text, rule_article(gotype->name), gotype->name,
					 (unsigned int)(8 * gotype->size), type->text);
	shape->size = (uint32_t)gotype->size;
	if (type->kind == RULE_SIGNED && !gotype_is_signed(gotype->kind))
		shape->kind = SHAPE_UNSIGNED;
	return 0;
}

/* Text up to a NUL at acc. One byte more than is shown, and the NUL: so a text that just fits is told
 * from one that was cut. */
static void read_text(struct rule_compile *c, struct shape *shape, uint8_t status)
{
	uint32_t most = c->ctx->limits->max_string;
	uint16_t slot = most < FT_VALUES_MAX ? fetch_slot(c->fetch, most + 2, c->ctx->limits)
					     : SHAPE_NO_SLOT;

	c->fetch->full |= !slot || !status;
	shape->kind = SHAPE_CSTRING;
	shape->size = 0;
	shape->data = slot;
	shape->data_status = status;
	shape->data_len = (uint16_t)most;
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_STR,
					    .slot = slot,
					    .len = (uint16_t)(most + 2),
					    .status = status});
}

/* What follows on the header or the pointer that is at `slot` already. */
static void read_behind(struct rule_compile *c, enum rule_type_kind kind, uint16_t slot,
			struct shape *shape)
{
	struct fetch *fetch = c->fetch;
	size_t first = fetch->nops;
	uint8_t status;

	switch (kind) {
	case RULE_GOSTRING:
	case RULE_GOBYTES:
		typed_string(fetch, shape, slot, kind == RULE_GOBYTES, c->ctx->limits);
		return;
	case RULE_GOERROR:
		shape->is_error = true;
		typed_interface(fetch, shape, slot, false, c->ctx->limits);
		return;
	default:
		break;
	}
	status = fetch_status(fetch);
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_WORD, .from = slot});
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_NIL, .status = status});
	read_text(c, shape, status);
	fetch_skip_to_end(fetch, first);
}

/* An array's element: a scalar, a header, or for string a pointer, as in C and in the kernel. */
static uint32_t elem_size(const struct rule_type *type)
{
	struct shape shape = {0};

	if (type->kind == RULE_STRING)
		return 8;
	if (is_header(type->kind))
		return type->bits / 8u;
	rule_shape_scalar(type, &shape);
	return shape.size;
}

static int read_array(struct rule_compile *c, const struct rule_type *type, struct fetch_item *item)
{
	struct shape *shape = &item->shape;
	uint32_t stride = elem_size(type);
	bool flat = type->kind < RULE_STRING;
	size_t first = c->fetch->nops, made = flat ? 1 : type->count;

	*shape = (struct shape){.kind = SHAPE_ARRAY,
				.type = item->type,
				.size = stride * type->count,
				.stride = stride,
				.count = type->count,
				.shown = type->count};
	shape->children = calloc(made, sizeof(*shape->children));
	if (!shape->children)
		return -ENOMEM;
	shape->nchildren = made;
	item->status = fetch_status(c->fetch);
	item->slot = fetch_read(c->fetch, shape->size, c->ctx->limits, item->status);
	c->fetch->full |= !item->slot;
	for (size_t i = 0; i < made && !c->fetch->full; i++) {
		struct shape *child = &shape->children[i];

		child->type = item->type;
		child->at = (uint32_t)i * stride;
		if (flat)
			rule_shape_scalar(type, child);
		else
			read_behind(c, type->kind, (uint16_t)(item->slot + child->at), child);
	}
	fetch_skip_to_end(c->fetch, first);
	return 0;
}

int rule_shape_at_address(struct rule_compile *c, const struct rule_type *type,
			  struct fetch_item *item)
{
	struct shape *shape = &item->shape;
	size_t first = c->fetch->nops;

	shape->type = item->type;
	if (type->count)
		return read_array(c, type, item);
	if (type->kind == RULE_STRING) {
		read_text(c, shape, fetch_status(c->fetch));
		fetch_skip_to_end(c->fetch, first);
		return 0;
	}
	item->status = fetch_status(c->fetch);
	item->slot = fetch_read(c->fetch, type->bits / 8u, c->ctx->limits, item->status);
	c->fetch->full |= !item->slot;
	if (c->fetch->full)
		return 0;
	read_behind(c, type->kind, item->slot, shape);
	fetch_skip_to_end(c->fetch, first);
	return 0;
}

void rule_shape_of_header(struct rule_compile *c, const struct rule_type *type,
			  struct fetch_item *item)
{
	item->shape.type = item->type;
	read_behind(c, type->kind, item->slot, &item->shape);
}
