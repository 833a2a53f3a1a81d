/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/instance.h"

#include <stdlib.h>
#include <string.h>

#include "trace/rtype.h"

/* Bytes of a dictionary; they have some tens of words. */
#define DICTIONARY_MAX 65536

/* Where the making of one stands. */
struct making {
	struct rtypes *types;
	const struct rtype_file *file;
	bool failed; /* memory is out */
};

/* An instance owns its children, and nothing else. */
static void release(struct shape *shape)
{
	for (size_t i = 0; i < shape->nchildren; i++)
		release(&shape->children[i]);
	free(shape->children);
}

/* Gives the shape children of its own, like those of `from`. */
static void copy_children(struct making *making, struct shape *shape, const struct shape *from)
{
	size_t count = from->nchildren;

	shape->nchildren = 0;
	shape->children = count ? calloc(count, sizeof(*shape->children)) : NULL;
	making->failed |= count && !shape->children;
	for (size_t i = 0; i < count && shape->children; i++) {
		struct shape *child = &shape->children[shape->nchildren++];

		*child = from->children[i];
		copy_children(making, child, &from->children[i]);
	}
}

static void make(struct making *making, uint64_t vaddr, struct shape *shape);

static bool fits(const struct making *making, uint64_t vaddr, const struct shape *shape)
{
	const struct gotype *type = shape->gotype;
	struct descriptor real;

	return type && !rtype_file_read(making->file, vaddr, &real) && real.kind == type->kind &&
	       real.size == type->size;
}

static bool is_named(const struct rtype_file *file, uint64_t name_at, const char *want)
{
	struct file_name name;

	return !rtype_file_name(file, name_at, &name) && strlen(want) == name.len &&
	       !memcmp(want, name.bytes, name.len);
}

/* The descriptor of the type of the field that is called so in both, at the same place; or 0. */
static uint64_t find_field(const struct making *making, uint64_t vaddr, const struct shape *parent,
			   const char *want)
{
	const struct gotype_field *field = want ? gotype_field(parent->gotype, want) : NULL;
	const struct rtype_file *file = making->file;
	uint64_t fields, count, name, type, offset;

	if (!field || rtype_file_word(file, vaddr + RTYPE_STRUCT_FIELDS, &fields) ||
	    rtype_file_word(file, vaddr + RTYPE_STRUCT_FIELDS + 8, &count))
		return 0;
	/* No more than debug information has, whatever the file says. */
	for (uint64_t i = 0; i < count && i < parent->gotype->nfields; i++) {
		uint64_t at = fields + i * RTYPE_FIELD_SIZE;

		if (rtype_file_word(file, at, &name) || rtype_file_word(file, at + 8, &type) ||
		    rtype_file_word(file, at + 16, &offset))
			return 0;
		if (offset == field->offset && is_named(file, name, want))
			return type;
	}
	return 0;
}

static void make_fields(struct making *making, uint64_t vaddr, struct shape *shape)
{
	for (size_t i = 0; i < shape->nchildren; i++) {
		uint64_t field = find_field(making, vaddr, shape, shape->children[i].name);

		if (field)
			make(making, field, &shape->children[i]);
	}
}

static void make_address(struct shape *shape)
{
	release(shape);
	shape->kind = SHAPE_ADDRESS;
	shape->children = NULL;
	shape->nchildren = 0;
}

/* What an unknown pointer points to was read as what an interface holds is. */
static void make_target(struct making *making, uint64_t vaddr, struct shape *shape)
{
	const struct rtype *type = rtypes_find(making->types, vaddr), *target;
	uint64_t elem;

	if (!type || type->shape.kind != SHAPE_POINTER)
		return;
	shape->kind = SHAPE_POINTER;
	shape->data = shape->iface.value;
	shape->data_len = shape->iface.value_len;
	shape->data_status = shape->iface.value_status;
	copy_children(making, shape, &type->shape);
	target = rtype_file_word(making->file, vaddr + RTYPE_ELEM, &elem)
			 ? NULL
			 : rtypes_find(making->types, elem);
	if (target && shape->nchildren) {
		shape->children[0].type = target->name;
		shape->children[0].row = target->known;
	}
}

static void make_pointer(struct making *making, uint64_t vaddr, struct shape *shape)
{
	uint64_t elem;

	if (shape->kind == SHAPE_ADDRESS && shape->iface.value)
		make_target(making, vaddr, shape);
	else if (rtype_file_word(making->file, vaddr + RTYPE_ELEM, &elem) || !shape->nchildren ||
		 !fits(making, elem, &shape->children[0]))
		make_address(shape);
	else
		make(making, elem, &shape->children[0]);
}

/* `shape`, which is a copy with children of its own, becomes that of the type at `vaddr`. */
static void make(struct making *making, uint64_t vaddr, struct shape *shape)
{
	const struct rtype *type;
	uint64_t elem;

	if (!fits(making, vaddr, shape))
		return;
	type = rtypes_find(making->types, vaddr);
	if (type) {
		shape->type = type->name;
		shape->row = shape->known ? NULL : type->known;
	}
	switch (shape->kind) {
	case SHAPE_STRUCT:
		make_fields(making, vaddr, shape);
		break;
	case SHAPE_ARRAY:
	case SHAPE_SLICE:
		if (rtype_file_word(making->file, vaddr + RTYPE_ELEM, &elem))
			return;
		for (size_t i = 0; i < shape->nchildren; i++)
			make(making, elem, &shape->children[i]);
		break;
	case SHAPE_ADDRESS:
	case SHAPE_POINTER:
		if (shape->gotype->kind == GOTYPE_POINTER)
			make_pointer(making, vaddr, shape);
		break;
	default:
		break;
	}
}

/* Types in types that are compared: `[]map[string]*T`. */
#define MATCH_DEPTH 8

/* Whether the type at `vaddr` may be what `type`, which is made of shapes, stands for. */
static bool may_be(const struct making *making, uint64_t vaddr, const struct gotype *type,
		   unsigned int depth)
{
	size_t stem = strcspn(type->name, "[") + 1;
	const struct gotype *elem;
	const struct rtype *real;
	struct descriptor found;
	uint64_t at;

	if (rtype_file_read(making->file, vaddr, &found) || found.kind != type->kind ||
	    found.size != type->size)
		return false;
	if (!depth || !gotype_is_shaped(type) || !strncmp(type->name, "go.shape.", 9))
		return true;
	switch (type->name[0]) {
	case '*':
	case '[':
		elem = gotype_elem(type);
		return elem && !rtype_file_word(making->file, vaddr + RTYPE_ELEM, &at) &&
		       may_be(making, at, elem, depth - 1);
	default:
		/* main.pair[go.shape.int] and map[string]go.shape.int begin as they do. */
		real = rtypes_find(making->types, vaddr);
		return real && (type->kind == GOTYPE_CHAN || type->kind == GOTYPE_FUNC ||
				!strncmp(real->name, type->name, stem));
	}
}

/*
 * Where debug information does not tell which word it is, the real type is still one of the dictionary's. The
 * only one that it may be is it: its descriptor, or 0.
 */
static uint64_t find_only(const struct making *making, const struct image *img,
			  const struct gotype *type, uint64_t dictionary)
{
	uint64_t vaddr, size, word, only = 0;
	const char *name = image_variable(img, dictionary, &vaddr);

	if (!name || vaddr != dictionary || image_symbol(img, name, &vaddr, &size) ||
	    vaddr != dictionary || size > DICTIONARY_MAX)
		return 0;
	for (uint64_t at = 0; at + 8 <= size; at += 8) {
		if (rtype_file_word(making->file, dictionary + at, &word) || word == only ||
		    !may_be(making, word, type, MATCH_DEPTH))
			continue;
		if (only)
			return 0;
		only = word;
	}
	return only;
}

/* The descriptor of the real type that `type` stands for in the instance, or 0. */
static uint64_t find_real(const struct making *making, const struct gotype *type,
			  uint64_t dictionary)
{
	uint64_t vaddr;

	if (!type->dictionary)
		return find_only(making, making->file->img, type, dictionary);
	return rtype_file_word(making->file, dictionary + 8ull * (type->dictionary - 1), &vaddr)
		       ? 0
		       : vaddr;
}

/* NULL where nothing tells, and when memory is out. */
static struct shape *make_instance(struct making *making, const struct shape *shape,
				   uint64_t dictionary)
{
	uint64_t vaddr = find_real(making, shape->gotype, dictionary);
	struct shape *instance;

	if (!vaddr || !fits(making, vaddr, shape))
		return NULL;
	instance = malloc(sizeof(*instance));
	if (!instance)
		return NULL;
	*instance = *shape;
	copy_children(making, instance, shape);
	make(making, vaddr, instance);
	if (!making->failed)
		return instance;
	release(instance);
	free(instance);
	return NULL;
}

const struct shape *instance_shape(struct instances *instances, struct rtypes *types,
				   const struct rtype_file *file, const struct shape *shape,
				   uint64_t dictionary)
{
	struct making making = {.types = types, .file = file};
	struct map_key key = {.a = (uintptr_t)shape, .b = dictionary};
	uint64_t *place;

	if (!shape->gotype || !gotype_is_shaped(shape->gotype) || dictionary % 8)
		return shape;
	place = map_find(&instances->map, key);
	if (!place) {
		place = map_put(&instances->map, key);
		if (place)
			*place = (uintptr_t)make_instance(&making, shape, dictionary);
	}
	return place && *place ? (const struct shape *)(uintptr_t)*place : shape;
}

void instances_release(struct instances *instances)
{
	struct map_slot *slot;

	for (size_t at = 0; (slot = map_next(&instances->map, &at));) {
		struct shape *instance = (struct shape *)(uintptr_t)slot->value;

		if (instance)
			release(instance);
		free(instance);
	}
	map_release(&instances->map);
}
