/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <string.h>

#include "fetch/ops.h"
#include "fetch/typed_priv.h"

/* Bytes of what an interface's data word points to, and of each text it may begin with. */
#define IFACE_VALUE 64

/* A brief error's text may be so many times as long as another one. */
#define ERROR_STRINGS 3

void typed_read_counted(const struct typed_walk *walk, struct shape *shape, uint32_t elem,
			uint32_t len)
{
	struct fetch *fetch = walk->fetch;
	struct ft_op *op;

	shape->data_status = fetch_status(fetch);
	shape->data = shape->data_status ? fetch_slot(fetch, len, walk->limits) : SHAPE_NO_SLOT;
	if (!shape->data || !typed_op_word(walk, 0))
		goto full;
	op = fetch_op(fetch, FT_OP_READN);
	if (!op)
		goto full;
	op->from = (uint16_t)(walk->slot + walk->at + 8);
	op->slot = shape->data;
	op->len = (uint16_t)len;
	op->imm = elem;
	op->status = shape->data_status;
	shape->data_len = (uint16_t)len;
	return;
full:
	shape->data = SHAPE_NO_SLOT;
}

void typed_string(struct fetch *fetch, struct shape *shape, uint16_t slot, bool bytes,
		  const struct fetch_limits *limits)
{
	struct typed_walk walk = {.fetch = fetch, .limits = limits, .slot = slot};

	shape->kind = bytes ? SHAPE_BYTES : SHAPE_STRING;
	shape->size = bytes ? 24 : 16;
	typed_read_counted(&walk, shape, 1, limits->max_string ? limits->max_string : 1);
}

void typed_make_string(const struct typed_walk *walk, struct shape *shape, bool bytes)
{
	shape->kind = bytes ? SHAPE_BYTES : SHAPE_STRING;
	typed_read_counted(walk, shape, 1, walk->limits->max_string ? walk->limits->max_string : 1);
	/* With others: gather.h. */
	if (shape->data)
		walk->fetch->ops[walk->fetch->nops - 1].reg = 1;
}

void typed_read_target(const struct typed_walk *walk, struct shape *shape, uint32_t skip,
		       uint32_t len)
{
	struct fetch *fetch = walk->fetch;
	struct ft_op *op;

	shape->data_status = fetch_status(fetch);
	if (!shape->data_status || !typed_op_word(walk, 0))
		return;
	op = fetch_op(fetch, FT_OP_NIL);
	if (!op)
		return;
	op->status = shape->data_status;
	if (skip && !fetch_emit(fetch, (struct ft_op){.code = FT_OP_ADD, .imm = skip}))
		return;
	shape->data = fetch_read(fetch, len ? len : 1, walk->limits, shape->data_status);
	shape->data_len = (uint16_t)len;
}

void typed_read_guess(struct fetch *fetch, struct shape_interface *iface, unsigned int which,
		      const struct fetch_limits *limits)
{
	struct typed_walk walk = {
		.fetch = fetch, .limits = limits, .slot = iface->value, .at = which * 8};
	struct shape text = {0};

	typed_read_counted(&walk, &text, 8, limits->max_string ? limits->max_string : 1);
	if (!text.data)
		return;
	fetch->ops[fetch->nops - 1].code = FT_OP_GUESS;
	iface->text[which] = text.data;
	iface->text_status[which] = text.data_status;
	iface->text_len[which] = text.data_len;
}

/* What the pointer in the part's word at `off` points to, whose type only the record tells; with `few` texts, as in
 * lists; `first`: limits of the first one, where they are others. False when there is no room. */
static bool read_unknown(const struct typed_walk *walk, uint32_t off, bool few,
			 const struct fetch_limits *first, struct shape_interface *iface)
{
	struct fetch *fetch = walk->fetch;
	struct ft_op *op;

	iface->value_status = fetch_status(fetch);
	if (!iface->value_status || !typed_op_word(walk, off) || !(op = fetch_op(fetch, FT_OP_NIL)))
		return false;
	op->status = iface->value_status;
	iface->value = fetch_read(fetch, IFACE_VALUE, walk->limits, iface->value_status);
	iface->value_len = IFACE_VALUE;
	if (!iface->value)
		return false;
	/* What most values begin with is a string or two. */
	typed_read_guess(fetch, iface, 0, first ? first : walk->limits);
	for (unsigned int i = few ? 2 : 1; i < (few ? 3 : IFACE_TEXTS); i++)
		typed_read_guess(fetch, iface, i, walk->limits);
	return true;
}

void typed_make_interface(const struct typed_walk *walk, struct shape *shape, bool empty)
{
	struct fetch *fetch = walk->fetch;
	struct shape_interface *iface = &shape->iface;
	size_t first = fetch->nops;
	struct fetch_limits error = *walk->limits;
	struct ft_op *op;

	/* What an error says is told at its end, as a rule. */
	if (walk->limits->brief && !walk->nested)
		error.max_string *= ERROR_STRINGS;
	shape->kind = SHAPE_INTERFACE;
	iface->empty = empty;
	iface->type_status = fetch_status(fetch);
	iface->type = iface->type_status ? fetch_slot(fetch, 8, walk->limits) : SHAPE_NO_SLOT;
	if (!iface->type || !typed_op_word(walk, 0) || !(op = fetch_op(fetch, FT_OP_NIL)))
		goto full;
	op->status = iface->type_status;
	if (!empty) {
		/* abi.ITab: {inter, type, ...} */
		if (!(op = fetch_op(fetch, FT_OP_ADD)))
			goto full;
		op->imm = 8;
		if (!(op = fetch_op(fetch, FT_OP_LOAD)))
			goto full;
		op->slot = iface->type;
		op->status = iface->type_status;
		/* What the file says of the itab is no reason not to read the value. */
		op->skip = 1;
		op->decided = 1;
	}
	if (!(op = fetch_op(fetch, FT_OP_PUT)))
		goto full;
	op->slot = iface->type;
	op->status = iface->type_status;
	if (!read_unknown(walk, 8, walk->nested, shape->is_error ? &error : NULL, iface))
		goto done;
	if (shape->is_error && !walk->nested && fetch->methods)
		typed_read_causes(walk, iface);
done:
	fetch_skip_to_end(fetch, first);
	return;
full:
	fetch->nops = first;
	iface->type = SHAPE_NO_SLOT;
	shape->kind = SHAPE_DEEPER;
}

void typed_interface(struct fetch *fetch, struct shape *shape, uint16_t slot, bool empty,
		     const struct fetch_limits *limits)
{
	struct typed_walk walk = {.fetch = fetch, .limits = limits, .slot = slot};

	shape->size = 16;
	typed_make_interface(&walk, shape, empty);
}

/* The shapes of Go 1.19 have *uint8 inside, too, where it stands for any pointer. */
bool typed_is_any_pointer(const struct typed_walk *walk, const struct gotype *type)
{
	return type->any_pointer || (walk->shaped && !strcmp(type->name, "*uint8"));
}

void typed_make_any_pointer(const struct typed_walk *walk, struct shape *shape)
{
	size_t first = walk->fetch->nops;

	shape->kind = SHAPE_ADDRESS;
	if (walk->followed ||
	    !read_unknown(walk, 0, walk->nested || walk->brief, NULL, &shape->iface))
		walk->fetch->nops = first;
	fetch_skip_to_end(walk->fetch, first);
}

int typed_make_pointer(const struct typed_walk *walk, const struct gotype *type,
		       struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	size_t first = walk->fetch->nops;
	struct typed_walk in = *walk;
	uint64_t extent;
	int ret;

	if (typed_is_any_pointer(walk, type)) {
		typed_make_any_pointer(walk, shape);
		return 0;
	}
	shape->kind = SHAPE_ADDRESS;
	if (walk->followed || !elem || elem->kind == GOTYPE_INVALID)
		return 0;
	extent = typed_extent(elem, walk->limits);
	if (extent > TYPED_TARGET_MAX * 4)
		return 0;
	shape->kind = SHAPE_POINTER;
	typed_read_target(walk, shape, 0, (uint32_t)extent);
	if (!shape->data) {
		shape->kind = SHAPE_ADDRESS;
		walk->fetch->nops = first;
		return 0;
	}
	if (!typed_add_children(shape, 1))
		return -ENOMEM;
	in.place = NULL;
	in.slot = shape->data;
	in.at = 0;
	in.followed = true;
	in.nested = false;
	ret = typed_build(&in, elem, &shape->children[0]);
	fetch_skip_to_end(walk->fetch, first);
	return ret;
}

void typed_make_words(const struct typed_walk *walk, struct shape *shape, enum shape_kind kind,
		      uint32_t words)
{
	size_t first = walk->fetch->nops;

	shape->kind = kind;
	typed_read_target(walk, shape, 0, words * 8);
	if (!shape->data) {
		walk->fetch->nops = first;
		shape->kind = SHAPE_DEEPER;
	}
	fetch_skip_to_end(walk->fetch, first);
}
