/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/rtype.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "trace/instance.h"
#include "trace/rtype_file.h"
#include "trace/rtype_says.h"
#include "trace/rtype_status.h"
#include "trace/rtype_words.h"

/* Types that are kept, those that turned out to be none included. */
#define TYPES_MAX 1024

/* Bounds of a shape: more than a record brings of a dynamic value, which reading.c looks at. */
#define PARTS_MAX  128
#define DEPTH_MAX  2 /* structs in structs */
#define ELEMS_MAX  8
#define FIELDS_MAX 64
#define BYTES_MAX  256

struct kept_type {
	struct rtype type;
	struct buf strings[2]; /* name, text */
	char **fields;         /* names that shapes refer to */
	size_t nfields, capfields;
};

struct rtypes {
	struct rtype_file file;
	struct map map; /* vaddr -> struct kept_type *, 0: no type */
	struct instances instances;
	struct rtype_words errnos, signals;
};

struct rtypes *rtypes_new(const struct image *img)
{
	struct rtypes *types = calloc(1, sizeof(*types));

	if (types && rtype_file_init(&types->file, img)) {
		free(types);
		return NULL;
	}
	return types;
}

static void kept_free(struct kept_type *kept)
{
	if (!kept)
		return;
	shape_release(&kept->type.shape);
	buf_release(&kept->strings[0]);
	buf_release(&kept->strings[1]);
	for (size_t i = 0; i < kept->nfields; i++)
		free(kept->fields[i]);
	free(kept->fields);
	free(kept);
}

static void forget(struct rtypes *types)
{
	struct map_slot *slot;
	size_t at = 0;

	while ((slot = map_next(&types->map, &at)))
		kept_free((struct kept_type *)(uintptr_t)slot->value);
	map_release(&types->map);
	instances_release(&types->instances);
}

void rtypes_free(struct rtypes *types)
{
	if (!types)
		return;
	forget(types);
	rtype_file_release(&types->file);
	free(types);
}

void rtypes_trim(struct rtypes *types)
{
	if (types->map.count + types->instances.map.count >= TYPES_MAX)
		forget(types);
}

/* Where the making of a shape stands. */
struct making {
	const struct rtype_file *file;
	struct kept_type *kept;
	unsigned int parts;
	unsigned int depth; /* structs around it */
	uint64_t offset;    /* of the part in the whole */
};

static bool make_shape(struct making *making, uint64_t vaddr, struct shape *shape);

/* The row of a field that says more than its type does. */
static const struct known *find_field(const struct rtype_file *file, const struct descriptor *type,
				      const char *name)
{
	const char *field, *of;

	for (size_t i = 0; (field = known_field_at(i, &of)); i++)
		if (!strcmp(field, name) && rtype_file_is(file, type, of))
			return known_field_named(of, name);
	return NULL;
}

static struct shape *add_children(struct shape *shape, size_t count)
{
	shape->children = calloc(count ? count : 1, sizeof(*shape->children));
	shape->nchildren = shape->children ? count : 0;
	return shape->children;
}

static const char *keep_name(struct kept_type *kept, const struct file_name *name)
{
	char **more, *text;

	if (kept->nfields == kept->capfields) {
		size_t cap = kept->capfields ? kept->capfields * 2 : 8;

		more = realloc(kept->fields, cap * sizeof(*more));
		if (!more)
			return NULL;
		kept->fields = more;
		kept->capfields = cap;
	}
	text = strndup(name->bytes, name->len);
	if (text)
		kept->fields[kept->nfields++] = text;
	return text;
}

/* A field of a struct: its place, name and type; false when the file does not tell. */
static bool make_field(struct making *making, uint64_t vaddr, struct shape *shape, bool *blank)
{
	const struct rtype_file *file = making->file;
	struct making inner = *making;
	uint64_t name_at, type_at, offset;
	struct file_name name;

	if (rtype_file_word(file, vaddr, &name_at) || rtype_file_word(file, vaddr + 8, &type_at) ||
	    rtype_file_word(file, vaddr + 16, &offset) || offset > UINT32_MAX ||
	    rtype_file_name(file, name_at, &name))
		return false;
	*blank = name.len == 1 && name.bytes[0] == '_';
	if (*blank)
		return true;
	shape->name = keep_name(making->kept, &name);
	if (!shape->name)
		return false;
	inner.offset += offset;
	inner.depth++;
	if (inner.offset >= BYTES_MAX)
		shape->kind = SHAPE_DEEPER;
	else if (!make_shape(&inner, type_at, shape))
		return false;
	making->parts = inner.parts;
	shape->at = (uint32_t)offset;
	return true;
}

static bool make_struct(struct making *making, const struct descriptor *type, struct shape *shape)
{
	const struct rtype_file *file = making->file;
	uint64_t fields, count;
	size_t kept = 0;

	if (rtype_file_word(file, type->vaddr + RTYPE_STRUCT_FIELDS, &fields) ||
	    rtype_file_word(file, type->vaddr + RTYPE_STRUCT_FIELDS + 8, &count))
		return false;
	if (making->depth >= DEPTH_MAX || count > FIELDS_MAX) {
		shape->kind = SHAPE_DEEPER;
		return true;
	}
	shape->kind = SHAPE_STRUCT;
	if (!add_children(shape, count))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		bool blank;

		if (!make_field(making, fields + i * RTYPE_FIELD_SIZE, &shape->children[kept],
				&blank))
			return false;
		if (!blank && shape->children[kept].kind == SHAPE_UNSIGNED)
			shape->children[kept].row =
				find_field(file, type, shape->children[kept].name);
		kept += !blank;
	}
	shape->nchildren = kept;
	return true;
}

static bool make_array(struct making *making, const struct descriptor *type, struct shape *shape)
{
	const struct rtype_file *file = making->file;
	struct descriptor elem;
	uint64_t at;

	if (rtype_file_word(file, type->vaddr + RTYPE_ARRAY_LEN, &shape->count) ||
	    rtype_file_word(file, type->vaddr + RTYPE_ELEM, &at) ||
	    rtype_file_read(file, at, &elem) || elem.size > UINT32_MAX)
		return false;
	shape->kind = SHAPE_ARRAY;
	shape->stride = (uint32_t)elem.size;
	shape->shown = shape->count < ELEMS_MAX ? (uint32_t)shape->count : ELEMS_MAX;
	if (elem.size && (uint64_t)shape->shown * elem.size > BYTES_MAX)
		shape->shown = (uint32_t)(BYTES_MAX / elem.size);
	if (!add_children(shape, shape->shown ? 1 : 0))
		return false;
	return !shape->shown || make_shape(making, at, &shape->children[0]);
}

/* An element that lies in its own bytes is the pattern of all. */
static bool is_flat(enum gotype_kind kind)
{
	return kind >= GOTYPE_BOOL && kind <= GOTYPE_COMPLEX128;
}

static bool make_slice(struct making *making, const struct descriptor *type, struct shape *shape)
{
	const struct rtype_file *file = making->file;
	struct descriptor elem;
	uint64_t at;

	if (rtype_file_word(file, type->vaddr + RTYPE_ELEM, &at) ||
	    rtype_file_read(file, at, &elem))
		return false;
	shape->kind = elem.kind == GOTYPE_UINT8 ? SHAPE_BYTES : SHAPE_SLICE;
	shape->stride = elem.size <= UINT32_MAX ? (uint32_t)elem.size : UINT32_MAX;
	if (shape->kind == SHAPE_BYTES || !is_flat(elem.kind))
		return true;
	return add_children(shape, 1) && make_shape(making, at, &shape->children[0]);
}

static void make_number(enum gotype_kind kind, struct shape *shape)
{
	if (kind == GOTYPE_BOOL)
		shape->kind = SHAPE_BOOL;
	else if (gotype_is_float(kind))
		shape->kind = SHAPE_FLOAT;
	else if (gotype_is_complex(kind))
		shape->kind = SHAPE_COMPLEX;
	else
		shape->kind = gotype_is_signed(kind) ? SHAPE_SIGNED : SHAPE_UNSIGNED;
}

static bool make_shape(struct making *making, uint64_t vaddr, struct shape *shape)
{
	const struct rtype_file *file = making->file;
	struct descriptor type;
	uint64_t methods;

	if (rtype_file_read(file, vaddr, &type) || type.size > UINT32_MAX)
		return false;
	shape->size = (uint32_t)type.size;
	if (++making->parts > PARTS_MAX) {
		shape->kind = SHAPE_DEEPER;
		return true;
	}
	switch (type.kind) {
	case GOTYPE_STRUCT:
		if (rtype_file_is(file, &type, "time.Time"))
			shape->row = known_named("time.Time");
		return make_struct(making, &type, shape);
	case GOTYPE_ARRAY:
		return make_array(making, &type, shape);
	case GOTYPE_SLICE:
		return make_slice(making, &type, shape);
	case GOTYPE_STRING:
		shape->kind = SHAPE_STRING;
		return true;
	case GOTYPE_POINTER:
		shape->kind = SHAPE_POINTER;
		return true;
	case GOTYPE_UNSAFE_POINTER:
		shape->kind = SHAPE_ADDRESS;
		return true;
	case GOTYPE_MAP:
		shape->kind = SHAPE_MAP;
		return true;
	case GOTYPE_CHAN:
		shape->kind = SHAPE_CHAN;
		return true;
	case GOTYPE_FUNC:
		shape->kind = SHAPE_FUNC;
		return true;
	case GOTYPE_INTERFACE:
		if (rtype_file_word(file, vaddr + RTYPE_IFACE_METHODS, &methods))
			return false;
		shape->kind = SHAPE_INTERFACE;
		shape->iface.empty = !methods;
		return true;
	default:
		make_number(type.kind, shape);
		if (type.kind == GOTYPE_INT64 && rtype_file_is(file, &type, "time.Duration"))
			shape->row = known_named("time.Duration");
		return true;
	}
}

/* A pointer at the top is followed: the interface's own pointer. */
static bool make_target(struct making *making, const struct descriptor *type, struct rtype *into)
{
	uint64_t elem;

	if (type->kind != GOTYPE_POINTER)
		return true;
	if (rtype_file_word(making->file, type->vaddr + RTYPE_ELEM, &elem))
		return false;
	return add_children(&into->shape, 1) && make_shape(making, elem, &into->shape.children[0]);
}

const char *rtypes_errno(struct rtypes *types, uint64_t number, size_t *len)
{
	return rtype_words_at(&types->errnos, &types->file, RTYPE_WORDS_ERRNO, number, len);
}

const char *rtypes_signal(struct rtypes *types, uint64_t number, size_t *len)
{
	return rtype_words_at(&types->signals, &types->file, RTYPE_WORDS_SIGNAL, number, len);
}

static void find_known(struct rtype *type)
{
	const char *name = type->name;

	type->known = known_named(name);
	if (!type->known && type->shape.kind == SHAPE_ARRAY && type->shape.size == 16)
		type->known = known_bytes(name);
	if (!type->known && name[0] == '*') {
		type->known = known_named(name + 1);
		if (type->known && !type->known->parts[0][0])
			type->known = NULL;
	}
}

static bool make_type(const struct rtype_file *file, const struct descriptor *type,
		      struct kept_type *kept)
{
	struct making making = {.file = file, .kept = kept};
	struct rtype *rtype = &kept->type;

	if (rtype_file_print(file, type, true, &kept->strings[0]) ||
	    rtype_file_print(file, type, false, &kept->strings[1]))
		return false;
	rtype->name = buf_str(&kept->strings[0]);
	rtype->text = buf_str(&kept->strings[1]);
	rtype->kind = type->kind;
	rtype->direct = type->direct;
	if (!make_shape(&making, type->vaddr, &rtype->shape) || !make_target(&making, type, rtype))
		return false;
	rtype_find_says(rtype);
	if (rtype->says == SAYS_STATUS)
		rtype->status = rtype_status_find(file, type->vaddr);
	find_known(rtype);
	return !kept->strings[0].failed && !kept->strings[1].failed;
}

const struct rtype *rtypes_find(struct rtypes *types, uint64_t vaddr)
{
	struct map_key key = {.a = vaddr};
	struct descriptor type;
	struct kept_type *kept;
	uint64_t *place;

	place = map_find(&types->map, key);
	if (place)
		return (const struct rtype *)(uintptr_t)*place;
	place = map_put(&types->map, key);
	if (!place || rtype_file_read(&types->file, vaddr, &type))
		return NULL;
	kept = calloc(1, sizeof(*kept));
	if (!kept || !make_type(&types->file, &type, kept)) {
		kept_free(kept);
		return NULL;
	}
	*place = (uintptr_t)kept;
	return &kept->type;
}

const struct rtype *rtypes_of_itab(struct rtypes *types, uint64_t vaddr)
{
	uint64_t type;

	/* abi.ITab: the interface, then the type */
	if (vaddr % 8 || rtype_file_word(&types->file, vaddr + 8, &type))
		return NULL;
	return rtypes_find(types, type);
}

const struct shape *rtypes_instance(struct rtypes *types, const struct shape *shape, uint64_t vaddr)
{
	return instance_shape(&types->instances, types, &types->file, shape, vaddr);
}
