/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/typed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of what an interface's data word points to, and of each text it may begin with. */
#define IFACE_VALUE 64
/* A pointer's target, or a slice's elements, are read up to this many bytes. */
#define TARGET_MAX 512
/* Parts of one value; a struct of thousands of fields is shown as deeper. */
#define PARTS_MAX 256

/* goabi's integer registers as the kernel side numbers them (abi-internal.md). */
static const uint8_t int_regs[GOABI_INTS] = {
	FT_REG_AX, FT_REG_BX, FT_REG_CX, FT_REG_DI, FT_REG_SI,
	FT_REG_R8, FT_REG_R9, FT_REG_R10, FT_REG_R11,
};

/* Where the walk through a type stands. */
struct walk {
	struct fetch *fetch;
	const struct fetch_limits *limits;
	const struct goabi_value *place; /* of the outermost value; NULL inside what was followed */
	uint32_t offset;   /* of the part in the outermost value; meaningful with `place` */
	uint16_t slot;     /* of the bytes that hold the part */
	uint32_t at;       /* of the part in that slot */
	unsigned int depth; /* structs around it */
	bool followed;     /* behind the one pointer or interface that is followed */
	bool nested;       /* inside a struct, array or slice */
	unsigned int *parts; /* made so far of this item */
};

static int build(const struct walk *walk, const struct gotype *type, struct shape *shape);

static int set_reason(struct shape *shape, const char *text)
{
	shape->kind = SHAPE_REASON;
	shape->reason = strdup(text);
	return shape->reason ? 0 : -ENOMEM;
}

const char *typed_missing(const struct goabi_value *place, uint32_t offset, uint32_t size,
			  char *text, size_t textsize)
{
	for (uint32_t i = 0; i < place->npieces; i++) {
		const struct goabi_piece *piece = &place->pieces[i];

		if (piece->file != GOABI_FLOAT || piece->offset < offset ||
		    piece->offset >= offset + size)
			continue;
		snprintf(text, textsize, "<in %s>", goabi_register_name(GOABI_FLOAT, piece->index));
		return text;
	}
	return NULL;
}

/* acc = the word of the walk's part at `off`. False when the program is full. */
static struct ft_op *op_word(const struct walk *walk, uint32_t off)
{
	struct ft_op *op = fetch_op(walk->fetch, FT_OP_WORD);

	if (op)
		op->from = (uint16_t)(walk->slot + walk->at + off);
	return op;
}

/* How far an operation's failure reaches is said once, by the innermost part that it belongs to. */
static void skip_from(struct ft_op *op, const struct fetch *fetch)
{
	size_t left = (size_t)(fetch->ops + fetch->nops - op) - 1;

	op->skip = (uint16_t)left;
	op->decided = 1;
}

/* Failures of the operations since `first` go past all of them; but one that counts bytes (READN)
 * is the last of its part, and what stands behind it does not need it. */
static void skip_to_end(struct fetch *fetch, size_t first)
{
	for (size_t i = first; i < fetch->nops; i++) {
		struct ft_op *op = &fetch->ops[i];

		switch (op->code) {
		case FT_OP_LOAD:
		case FT_OP_READ:
		case FT_OP_NIL:
			if (!op->decided)
				skip_from(op, fetch);
		}
	}
}

/* Reads `len` bytes at acc into a new slot, guarded by a new status; the slot, or 0. */
static uint16_t op_read(struct fetch *fetch, uint32_t len, const struct fetch_limits *limits,
			uint8_t status)
{
	uint16_t slot = status ? fetch_slot(fetch, len, limits) : SHAPE_NO_SLOT;
	struct ft_op *op = slot ? fetch_op(fetch, FT_OP_READ) : NULL;

	if (!op)
		return SHAPE_NO_SLOT;
	op->slot = slot;
	op->len = (uint16_t)len;
	op->status = status;
	return slot;
}

/* The `count * elem` bytes at the pointer in word 0 of the part, count in word 1, at most `len`. */
static void read_counted(const struct walk *walk, struct shape *shape, uint32_t elem, uint32_t len)
{
	struct fetch *fetch = walk->fetch;
	struct ft_op *op;

	shape->data_status = fetch_status(fetch);
	shape->data = shape->data_status ? fetch_slot(fetch, len, walk->limits) : SHAPE_NO_SLOT;
	if (!shape->data || !op_word(walk, 0))
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
	struct walk walk = {.fetch = fetch, .limits = limits, .slot = slot};

	shape->kind = bytes ? SHAPE_BYTES : SHAPE_STRING;
	shape->size = bytes ? 24 : 16;
	read_counted(&walk, shape, 1, limits->max_string ? limits->max_string : 1);
}

static void build_string(const struct walk *walk, struct shape *shape, bool bytes)
{
	shape->kind = bytes ? SHAPE_BYTES : SHAPE_STRING;
	read_counted(walk, shape, 1, walk->limits->max_string ? walk->limits->max_string : 1);
}

/* The pointer in word 0 of the part, followed for `len` bytes. */
static void read_target(const struct walk *walk, struct shape *shape, uint32_t len)
{
	struct fetch *fetch = walk->fetch;
	struct ft_op *op;

	shape->data_status = fetch_status(fetch);
	if (!shape->data_status || !op_word(walk, 0))
		return;
	op = fetch_op(fetch, FT_OP_NIL);
	if (!op)
		return;
	op->status = shape->data_status;
	shape->data = op_read(fetch, len ? len : 1, walk->limits, shape->data_status);
	shape->data_len = (uint16_t)len;
}

/* Text that two words of the slot `value` at `off` would be the header of. */
static void read_guess(struct fetch *fetch, struct shape_interface *iface, int which,
		       const struct fetch_limits *limits)
{
	struct walk walk = {.fetch = fetch, .limits = limits, .slot = iface->value,
			    .at = (uint32_t)which * 16};
	struct shape text = {0};

	read_counted(&walk, &text, 1, limits->max_string ? limits->max_string : 1);
	iface->text[which] = text.data;
	iface->text_status[which] = text.data ? text.data_status : 0;
	iface->text_len = text.data_len ? text.data_len : iface->text_len;
}

static void build_interface(const struct walk *walk, struct shape *shape, bool empty)
{
	struct fetch *fetch = walk->fetch;
	struct shape_interface *iface = &shape->iface;
	size_t first = fetch->nops;
	struct ft_op *op;

	shape->kind = SHAPE_INTERFACE;
	iface->empty = empty;
	iface->type_status = fetch_status(fetch);
	iface->type = iface->type_status ? fetch_slot(fetch, 8, walk->limits) : SHAPE_NO_SLOT;
	if (!iface->type || !op_word(walk, 0) || !(op = fetch_op(fetch, FT_OP_NIL)))
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
	}
	if (!(op = fetch_op(fetch, FT_OP_PUT)))
		goto full;
	op->slot = iface->type;
	op->status = iface->type_status;
	iface->value_status = fetch_status(fetch);
	if (!iface->value_status || !op_word(walk, 8) || !(op = fetch_op(fetch, FT_OP_NIL)))
		goto done;
	op->status = iface->value_status;
	iface->value = op_read(fetch, IFACE_VALUE, walk->limits, iface->value_status);
	iface->value_len = IFACE_VALUE;
	if (!iface->value)
		goto done;
	read_guess(fetch, iface, 0, walk->limits);
	read_guess(fetch, iface, 1, walk->limits);
done:
	skip_to_end(fetch, first);
	return;
full:
	fetch->nops = first;
	iface->type = SHAPE_NO_SLOT;
	shape->kind = SHAPE_DEEPER;
}

void typed_interface(struct fetch *fetch, struct shape *shape, uint16_t slot, bool empty,
		     const struct fetch_limits *limits)
{
	struct walk walk = {.fetch = fetch, .limits = limits, .slot = slot};

	shape->size = 16;
	build_interface(&walk, shape, empty);
}

static struct shape *add_children(struct shape *shape, size_t count)
{
	shape->children = calloc(count ? count : 1, sizeof(*shape->children));
	shape->nchildren = shape->children ? count : 0;
	return shape->children;
}

static int build_struct(const struct walk *walk, const struct gotype *type, struct shape *shape)
{
	size_t kept = 0;

	/* Two levels: the struct itself and those in it. */
	if (walk->depth >= walk->limits->max_depth) {
		shape->kind = SHAPE_DEEPER;
		return 0;
	}
	shape->kind = SHAPE_STRUCT;
	if (!add_children(shape, type->nfields))
		return -ENOMEM;
	for (size_t i = 0; i < type->nfields; i++) {
		const struct gotype_field *field = &type->fields[i];
		struct shape *child = &shape->children[kept];
		struct walk in = *walk;
		int ret;

		if (!strcmp(field->name, "_"))
			continue;
		in.offset += (uint32_t)field->offset;
		in.at += (uint32_t)field->offset;
		in.depth++;
		in.nested = true;
		ret = build(&in, field->type, child);
		if (ret)
			return ret;
		child->name = field->name;
		child->at = (uint32_t)field->offset;
		kept++;
	}
	shape->nchildren = kept;
	return 0;
}

/* Whether all of a value of this type lies in its own bytes, so that one pattern fits all elements. */
static bool is_flat(const struct gotype *type)
{
	switch (type->kind) {
	case GOTYPE_STRUCT:
		for (size_t i = 0; i < type->nfields; i++)
			if (!is_flat(type->fields[i].type))
				return false;
		return true;
	case GOTYPE_ARRAY: {
		const struct gotype *elem = gotype_elem(type);

		return elem && is_flat(elem);
	}
	case GOTYPE_STRING:
	case GOTYPE_INTERFACE:
	case GOTYPE_FUNC:
	case GOTYPE_MAP:
	case GOTYPE_CHAN:
	case GOTYPE_SLICE:
		return false;
	default:
		return true;
	}
}

/* `count` elements of type `elem` from the walk's part on, as children of `shape`. */
static int build_elements(const struct walk *walk, const struct gotype *elem, uint32_t count,
			  struct shape *shape)
{
	bool pattern = (is_flat(elem) && !walk->place) || count <= 1;
	uint32_t made = pattern ? (count ? 1 : 0) : count;
	bool counted = shape->kind == SHAPE_SLICE;

	if (!add_children(shape, made))
		return -ENOMEM;
	for (uint32_t i = 0; i < made; i++) {
		struct walk in = *walk;
		struct ft_op *more = NULL;
		size_t first = walk->fetch->nops;
		int ret;

		in.at += i * (uint32_t)elem->size;
		in.offset += i * (uint32_t)elem->size;
		in.nested = true;
		/* An element that is not there has the bytes of an older record in its place. */
		if (counted && !is_flat(elem)) {
			more = fetch_op(walk->fetch, FT_OP_MORE);
			if (!more) {
				shape->children[i].kind = SHAPE_DEEPER;
				continue;
			}
			more->from = (uint16_t)shape->stride; /* the count's place, put there by build_slice() */
			more->imm = i;
		}
		ret = build(&in, elem, &shape->children[i]);
		if (ret)
			return ret;
		shape->children[i].at = i * (uint32_t)elem->size;
		if (more)
			skip_from(&walk->fetch->ops[first], walk->fetch);
	}
	return 0;
}

static int build_array(const struct walk *walk, const struct gotype *type, struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	uint32_t shown = type->count < walk->limits->max_elems ? (uint32_t)type->count
							       : walk->limits->max_elems;
	int ret;

	if (!elem || elem->kind == GOTYPE_INVALID)
		return set_reason(shape, "<unknown type>");
	shape->kind = SHAPE_ARRAY;
	shape->count = type->count;
	shape->shown = shown;
	shape->stride = 0;
	ret = build_elements(walk, elem, shown, shape);
	shape->stride = (uint32_t)elem->size;
	return ret;
}

static int build_slice(const struct walk *walk, const struct gotype *type, struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	struct walk in = *walk;
	uint32_t shown = walk->limits->max_elems;
	size_t counted;
	int ret;

	if (!elem || elem->kind == GOTYPE_INVALID)
		return set_reason(shape, "<unknown type>");
	if (elem->kind == GOTYPE_UINT8) {
		build_string(walk, shape, true);
		return 0;
	}
	shape->kind = SHAPE_SLICE;
	if (elem->size && elem->size * shown > TARGET_MAX)
		shown = elem->size > TARGET_MAX ? 0 : (uint32_t)(TARGET_MAX / elem->size);
	if (walk->nested && !is_flat(elem))
		shown = 0;
	shape->stride = (uint32_t)elem->size;
	if (!elem->size || elem->size > TARGET_MAX || !shown) {
		read_counted(walk, shape, 0, 8);
		shape->data_len = 0;
		return 0;
	}
	read_counted(walk, shape, (uint32_t)elem->size, shown * (uint32_t)elem->size);
	if (!shape->data)
		return 0;
	counted = walk->fetch->nops - 1;
	in.place = NULL;
	in.slot = shape->data;
	in.at = 0;
	shape->stride = walk->slot + walk->at + 8;
	ret = build_elements(&in, elem, shown, shape);
	shape->stride = (uint32_t)elem->size;
	skip_from(&walk->fetch->ops[counted], walk->fetch);
	return ret;
}

static int build_pointer(const struct walk *walk, const struct gotype *type, struct shape *shape)
{
	const struct gotype *elem = gotype_elem(type);
	size_t first = walk->fetch->nops;
	struct walk in = *walk;
	int ret;

	if (walk->followed || !elem || elem->kind == GOTYPE_INVALID || elem->size > TARGET_MAX * 4) {
		shape->kind = SHAPE_ADDRESS;
		return 0;
	}
	shape->kind = SHAPE_POINTER;
	read_target(walk, shape, (uint32_t)elem->size);
	if (!shape->data) {
		shape->kind = SHAPE_ADDRESS;
		walk->fetch->nops = first;
		return 0;
	}
	if (!add_children(shape, 1))
		return -ENOMEM;
	in.place = NULL;
	in.slot = shape->data;
	in.at = 0;
	in.followed = true;
	in.nested = false;
	ret = build(&in, elem, &shape->children[0]);
	skip_to_end(walk->fetch, first);
	return ret;
}

/* Maps, channels and funcs: `words` words at what they point to. */
static void build_words(const struct walk *walk, struct shape *shape, enum shape_kind kind,
			uint32_t words)
{
	size_t first = walk->fetch->nops;

	shape->kind = kind;
	read_target(walk, shape, words * 8);
	if (!shape->data) {
		walk->fetch->nops = first;
		shape->kind = SHAPE_DEEPER;
	}
	skip_to_end(walk->fetch, first);
}

static void build_number(const struct gotype *type, struct shape *shape)
{
	if (type->kind == GOTYPE_BOOL)
		shape->kind = SHAPE_BOOL;
	else if (gotype_is_float(type->kind))
		shape->kind = SHAPE_FLOAT;
	else if (gotype_is_complex(type->kind))
		shape->kind = SHAPE_COMPLEX;
	else
		shape->kind = gotype_is_signed(type->kind) ? SHAPE_SIGNED : SHAPE_UNSIGNED;
}

/* A part that is in a vector register as a whole cannot be read; a struct still shows the others. */
static const char *missing_part(const struct walk *walk, const struct gotype *type, char *text,
				size_t size)
{
	if (!walk->place || type->kind == GOTYPE_STRUCT || type->kind == GOTYPE_ARRAY)
		return NULL;
	return typed_missing(walk->place, walk->offset, (uint32_t)type->size, text, size);
}

static int build(const struct walk *walk, const struct gotype *type, struct shape *shape)
{
	const char *missing;
	char text[32];

	shape->type = type->name;
	shape->gotype = type;
	shape->size = (uint32_t)type->size;
	if (++*walk->parts > PARTS_MAX) {
		shape->kind = SHAPE_DEEPER;
		return 0;
	}
	missing = missing_part(walk, type, text, sizeof(text));
	if (missing)
		return set_reason(shape, missing);
	switch (type->kind) {
	case GOTYPE_INVALID:
		return set_reason(shape, "<unknown type>");
	case GOTYPE_STRING:
		build_string(walk, shape, false);
		return 0;
	case GOTYPE_SLICE:
		return build_slice(walk, type, shape);
	case GOTYPE_ARRAY:
		return build_array(walk, type, shape);
	case GOTYPE_STRUCT:
		return build_struct(walk, type, shape);
	case GOTYPE_POINTER:
		return build_pointer(walk, type, shape);
	case GOTYPE_UNSAFE_POINTER:
		shape->kind = SHAPE_ADDRESS;
		return 0;
	case GOTYPE_MAP:
		build_words(walk, shape, SHAPE_MAP, 1);
		return 0;
	case GOTYPE_CHAN:
		build_words(walk, shape, SHAPE_CHAN, 2);
		return 0;
	case GOTYPE_FUNC:
		build_words(walk, shape, SHAPE_FUNC, 1);
		return 0;
	case GOTYPE_INTERFACE:
		shape->is_error = !strcmp(type->name, "error");
		build_interface(walk, shape, type->empty_interface);
		return 0;
	default:
		build_number(type, shape);
		return 0;
	}
}

static int build_item(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		      const struct goabi_value *place, const struct fetch_limits *limits)
{
	unsigned int parts = 0;
	struct walk walk = {
		.fetch = fetch,
		.limits = limits,
		.place = place,
		.slot = item->slot,
		.parts = &parts,
	};

	return build(&walk, type, &item->shape);
}

/* Lays the registers of a value out as it would lie in memory. */
static bool assemble(struct fetch *fetch, uint16_t slot, const struct goabi_value *place)
{
	for (uint32_t i = 0; i < place->npieces; i++) {
		const struct goabi_piece *piece = &place->pieces[i];
		struct ft_op *op;

		if (piece->file != GOABI_INT)
			continue;
		op = fetch_op(fetch, FT_OP_REG);
		if (!op)
			return false;
		op->reg = int_regs[piece->index];
		op = fetch_op(fetch, FT_OP_PUT);
		if (!op)
			return false;
		op->slot = (uint16_t)(slot + piece->offset);
	}
	return true;
}

int typed_at_place(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		   const struct goabi_value *place, const struct fetch_limits *limits)
{
	struct ft_op *op;

	if (!place->known || type->kind == GOTYPE_INVALID)
		return set_reason(&item->shape, "<unknown type>");
	if (place->in_stack && type->size) {
		op = fetch_op(fetch, FT_OP_REG);
		if (!op)
			goto full;
		op->reg = FT_REG_SP;
		op = fetch_op(fetch, FT_OP_ADD);
		if (!op)
			goto full;
		op->imm = (int64_t)place->stack_offset;
		return typed_at_memory(fetch, item, type, limits);
	}
	item->slot = fetch_slot(fetch, type->size < TARGET_MAX ? (uint32_t)type->size : TARGET_MAX,
				limits);
	if (!item->slot || !assemble(fetch, item->slot, place))
		goto full;
	return build_item(fetch, item, type, place, limits);
full:
	item->slot = SHAPE_NO_SLOT;
	return set_reason(&item->shape, "<left out: more than --max-bytes>");
}

int typed_at_memory(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		    const struct fetch_limits *limits)
{
	size_t first = fetch->nops;
	int ret;

	if (type->kind == GOTYPE_INVALID)
		return set_reason(&item->shape, "<unknown type>");
	item->status = fetch_status(fetch);
	item->slot = op_read(fetch, (uint32_t)(type->size < FT_VALUES_MAX ? type->size : FT_VALUES_MAX),
			     limits, item->status);
	if (!item->slot)
		return set_reason(&item->shape, "<left out: more than --max-bytes>");
	ret = build_item(fetch, item, type, NULL, limits);
	skip_to_end(fetch, first);
	return ret;
}

int typed_signature(struct fetch *fetch, const struct dwarf_signature *sig, const struct goabi *abi,
		    bool results, const struct fetch_limits *limits)
{
	const struct dwarf_param *params = results ? sig->results : sig->params;
	const struct goabi_value *places = results ? abi->results : abi->params;
	size_t count = results ? sig->nresults : sig->nparams;

	for (size_t i = 0; i < count && fetch->nitems < limits->max_items; i++) {
		struct fetch_item *item;
		int ret;

		if (params[i].dictionary)
			continue;
		item = fetch_item(fetch, params[i].name, params[i].type->name);
		if (!item)
			return -ENOMEM;
		ret = typed_at_place(fetch, item, params[i].type, &places[i], limits);
		if (ret)
			return ret;
	}
	return 0;
}
