/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types: a DIE becomes a struct gotype once, and is found again by its offset.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "image/dwarf_priv.h"

/* Size of the values of a kind, 0 where the type itself says it. */
static const uint8_t kind_sizes[GOTYPE_KINDS] = {
	[GOTYPE_BOOL] = 1,        [GOTYPE_INT] = 8,     [GOTYPE_INT8] = 1,
	[GOTYPE_INT16] = 2,       [GOTYPE_INT32] = 4,   [GOTYPE_INT64] = 8,
	[GOTYPE_UINT] = 8,        [GOTYPE_UINT8] = 1,   [GOTYPE_UINT16] = 2,
	[GOTYPE_UINT32] = 4,      [GOTYPE_UINT64] = 8,  [GOTYPE_UINTPTR] = 8,
	[GOTYPE_FLOAT32] = 4,     [GOTYPE_FLOAT64] = 8, [GOTYPE_COMPLEX64] = 8,
	[GOTYPE_COMPLEX128] = 16, [GOTYPE_CHAN] = 8,    [GOTYPE_FUNC] = 8,
	[GOTYPE_INTERFACE] = 16,  [GOTYPE_MAP] = 8,     [GOTYPE_POINTER] = 8,
	[GOTYPE_SLICE] = 24,      [GOTYPE_STRING] = 16, [GOTYPE_UNSAFE_POINTER] = 8,
};

static uint64_t reference_offset(Dwarf_Die *die, unsigned int attr)
{
	Dwarf_Die to;

	return dwarf_reference(die, attr, &to) ? dwarf_dieoffset(&to) : 0;
}

/* Types that the linker puts together itself (a map's table) and unsafe.Pointer have no kind. */
static enum gotype_kind kind_of(Dwarf_Die *die)
{
	uint64_t kind;

	if (dwarf_number(die, DW_AT_go_kind, &kind) && (kind &= 31) && kind < GOTYPE_KINDS)
		return (enum gotype_kind)kind;
	switch (dwarf_tag(die)) {
	case DW_TAG_pointer_type:
		return dwarf_hasattr(die, DW_AT_type) ? GOTYPE_POINTER : GOTYPE_UNSAFE_POINTER;
	case DW_TAG_structure_type:
		return GOTYPE_STRUCT;
	case DW_TAG_array_type:
		return GOTYPE_ARRAY;
	case DW_TAG_subroutine_type:
		return GOTYPE_FUNC;
	default:
		return GOTYPE_INVALID;
	}
}

/* Steps from a named type to what it is. A typedef with a kind (map, channel, interface) is
 * itself; one for a type of a type parameter gives way to the type's own name, and has its place in the
 * dictionary. */
static bool strip_typedefs(struct dwarf *dw, Dwarf_Die *die, struct gotype *type)
{
	const char *name = NULL;
	uint64_t index;

	for (int depth = 0; depth < DWARF_MAX_DEPTH; depth++) {
		if (!depth && dwarf_number(die, DW_AT_go_dict_index, &index))
			type->dictionary = index < UINT16_MAX ? (uint32_t)index + 1 : 0;
		else if (!name)
			name = dwarf_die_name(dw, die);
		if (name)
			type->name = name;
		if (dwarf_tag(die) != DW_TAG_typedef || kind_of(die) != GOTYPE_INVALID)
			return true;
		if (!dwarf_reference(die, DW_AT_type, die))
			return false;
	}
	return false;
}

/* Fills one field; false when it does not lie inside `type` behind the bytes up to `end`. */
static bool read_field(struct dwarf *dw, Dwarf_Die *member, struct gotype *type,
		       struct gotype_field *field, uint64_t *end)
{
	Dwarf_Die type_die;

	field->name = dwarf_die_name(dw, member);
	if (!field->name)
		field->name = "_";
	if (!dwarf_number(member, DW_AT_data_member_location, &field->offset))
		return false;
	field->embedded = dwarf_flag_set(member, DW_AT_go_embedded_field);
	field->type = dwarf_reference(member, DW_AT_type, &type_die) ? dwarf_type_at(dw, &type_die)
								     : &dw->invalid;
	if (!field->type || field->offset < *end)
		return false;
	if (__builtin_add_overflow(field->offset, field->type->size, end) || *end > type->size)
		return false;
	if (type->align < field->type->align)
		type->align = field->type->align;
	if (type->height <= field->type->height)
		type->height = field->type->height + 1;
	return type->height < DWARF_MAX_DEPTH;
}

static size_t count_members(struct dwarf *dw, Dwarf_Die *die)
{
	size_t count = 0;
	Dwarf_Die child;

	if (!dwarf_first(die, &child))
		return 0;
	do {
		count += dwarf_tag(&child) == DW_TAG_member;
	} while (count <= DWARF_MAX_FIELDS && dwarf_next(dw, &child));
	return count;
}

static bool read_struct(struct dwarf *dw, Dwarf_Die *die, struct gotype *type)
{
	size_t count = count_members(dw, die), i = 0;
	struct gotype_field *fields;
	uint64_t end = 0;
	Dwarf_Die child;

	if (!dwarf_number(die, DW_AT_byte_size, &type->size) || count > DWARF_MAX_FIELDS)
		return false;
	if (!count)
		return true;
	fields = dwarf_alloc(dw, count, sizeof(*fields));
	if (!fields || !dwarf_first(die, &child))
		return false;
	do {
		if (dwarf_tag(&child) != DW_TAG_member)
			continue;
		if (!read_field(dw, &child, type, &fields[i++], &end))
			return false;
	} while (i < count && dwarf_next(dw, &child));
	type->fields = fields;
	type->nfields = i;
	return true;
}

static bool read_array(struct dwarf *dw, Dwarf_Die *die, struct gotype *type)
{
	const struct gotype *elem;
	Dwarf_Die child;
	uint64_t bytes;

	if (!dwarf_number(die, DW_AT_byte_size, &type->size) || !dwarf_first(die, &child))
		return false;
	while (dwarf_tag(&child) != DW_TAG_subrange_type)
		if (!dwarf_next(dw, &child))
			return false;
	if (!dwarf_number(&child, DW_AT_count, &type->count) ||
	    !dwarf_reference(die, DW_AT_type, &child))
		return false;
	elem = dwarf_type_at(dw, &child);
	if (!elem || elem->kind == GOTYPE_INVALID || elem->height + 1 >= DWARF_MAX_DEPTH)
		return false;
	if (__builtin_mul_overflow(elem->size, type->count, &bytes) || bytes != type->size)
		return false;
	type->elem = elem;
	type->align = elem->align;
	type->height = elem->height + 1;
	return true;
}

static bool read_interface(struct dwarf *dw, Dwarf_Die *die, struct gotype *type)
{
	const char *name;
	Dwarf_Die head;

	if (!dwarf_reference(die, DW_AT_type, &head))
		return false;
	name = dwarf_die_name(dw, &head);
	type->empty_interface = name && !strcmp(name, "runtime.eface");
	return type->empty_interface || (name && !strcmp(name, "runtime.iface"));
}

/* Up to 1.19 a shape has the place of its type parameter behind it: "go.shape.*uint8_0". A constraint that says more
 * than methods keeps the pointers' target apart: there the name is of *uint8 itself or its like. */
static bool stands_for_pointers(const char *name)
{
	static const char shape[] = "go.shape.*uint8";

	return !strncmp(name, shape, sizeof(shape) - 1) &&
	       (!name[sizeof(shape) - 1] || name[sizeof(shape) - 1] == '_');
}

static bool read_kind(struct dwarf *dw, Dwarf_Die *die, struct gotype *type)
{
	uint64_t bytes;

	type->size = kind_sizes[type->kind];
	type->align = type->size >= 8 ? 8 : type->size ? type->size : 1;
	if (type->size && dwarf_number(die, DW_AT_byte_size, &bytes) && bytes != type->size)
		return false;
	switch (type->kind) {
	case GOTYPE_INVALID:
		return false;
	case GOTYPE_STRUCT:
		return read_struct(dw, die, type);
	case GOTYPE_ARRAY:
		return read_array(dw, die, type);
	case GOTYPE_INTERFACE:
		return read_interface(dw, die, type);
	case GOTYPE_COMPLEX64:
		type->align = 4;
		return true;
	case GOTYPE_POINTER:
		type->any_pointer = stands_for_pointers(type->name);
		type->elem_ref = type->any_pointer ? 0 : reference_offset(die, DW_AT_type);
		return true;
	case GOTYPE_MAP:
		type->key_ref = reference_offset(die, DW_AT_go_key);
		type->elem_ref = reference_offset(die, DW_AT_go_elem);
		return true;
	case GOTYPE_SLICE:
	case GOTYPE_CHAN:
		type->elem_ref = reference_offset(die, DW_AT_go_elem);
		return true;
	default:
		return true;
	}
}

static bool read_type(struct dwarf *dw, Dwarf_Die *at, struct gotype *type)
{
	Dwarf_Die die = *at;

	if (!strip_typedefs(dw, &die, type))
		return false;
	type->kind = kind_of(&die);
	dwarf_number(&die, DW_AT_go_runtime_type, &type->runtime_type);
	return read_kind(dw, &die, type);
}

const struct gotype *dwarf_type_at(struct dwarf *dw, Dwarf_Die *die)
{
	struct map_key key = {.a = dwarf_dieoffset(die)};
	uint64_t *slot = map_find(&dw->types, key);
	struct gotype *type;

	if (slot)
		return (const struct gotype *)(uintptr_t)*slot;
	slot = map_put(&dw->types, key);
	if (!slot)
		return NULL;
	/* A type that contains itself finds this one while it is being read. */
	*slot = (uintptr_t)&dw->invalid;
	type = dwarf_alloc(dw, 1, sizeof(*type));
	if (!type)
		return NULL;
	type->owner = &dw->owner;
	type->ref = key.a;
	type->name = dw->invalid.name;
	type->height = 1;
	if (!read_type(dw, die, type))
		*type = (struct gotype){.name = type->name, .align = 1, .height = 1};
	slot = map_put(&dw->types, key);
	if (slot)
		*slot = (uintptr_t)type;
	return type;
}

static const struct gotype *resolve(struct gotype_owner *owner, uint64_t ref)
{
	struct dwarf *dw = (struct dwarf *)owner;
	Dwarf_Die die;

	if (!dwarf_offdie(dw->lib, ref, &die))
		return &dw->invalid;
	return dwarf_type_at(dw, &die);
}

void dwarf_types_init(struct dwarf *dw)
{
	dw->owner.resolve = resolve;
	dw->owner.constant = dwarf_constant;
	dw->invalid = (struct gotype){.name = "?", .align = 1, .height = 1};
	dw->pointer = (struct gotype){.name = "unsafe.Pointer",
				      .kind = GOTYPE_UNSAFE_POINTER,
				      .size = 8,
				      .align = 8,
				      .height = 1};
}

static bool is_type(Dwarf_Die *die)
{
	switch (dwarf_tag(die)) {
	case DW_TAG_base_type:
	case DW_TAG_structure_type:
	case DW_TAG_typedef:
	case DW_TAG_pointer_type:
	case DW_TAG_array_type:
	case DW_TAG_subroutine_type:
		return true;
	default:
		return false;
	}
}

/* The linker puts the types of the whole program into the unit of package runtime. */
static bool holds_types(const struct dwarf_unit *unit)
{
	return unit->name && !strcmp(unit->name, "runtime");
}

/* Enters the next unit with types; false when there is none. */
static bool enter_unit(struct dwarf *dw)
{
	struct dwarf_walk *walk = &dw->walk;

	for (;; walk->unit++) {
		if (walk->unit == dw->nunits && (walk->all || dw->nnamed))
			return false;
		if (walk->unit == dw->nunits) {
			walk->all = true;
			walk->unit = 0;
		}
		if (dw->units[walk->unit].go &&
		    (walk->all || holds_types(&dw->units[walk->unit])) &&
		    dwarf_offdie(dw->lib, dw->units[walk->unit].die, &walk->die) &&
		    dwarf_first(&walk->die, &walk->die)) {
			walk->inside = true;
			return true;
		}
	}
}

/* Walks on to the next type with a name: 1, 0 when there is none, or -ENOMEM. */
static int next_named(struct dwarf *dw, struct dwarf_named **named)
{
	struct dwarf_walk *walk = &dw->walk;

	while (walk->inside || enter_unit(dw)) {
		Dwarf_Die die = walk->die;
		const char *name = is_type(&die) ? dwarf_die_name(dw, &die) : NULL;

		if (!dwarf_next(dw, &walk->die)) {
			walk->inside = false;
			walk->unit++;
		}
		if (!name)
			continue;
		*named = vec_push(&dw->named, &dw->nnamed, &dw->capnamed);
		if (!*named)
			return -ENOMEM;
		**named = (struct dwarf_named){dwarf_hash(name), dwarf_dieoffset(&die)};
		return 1;
	}
	return 0;
}

/* The search for a type by its name. */
struct name_search {
	const char *name;
	uint64_t hash;
	const struct gotype *best;
	bool over;
};

/* A structure and the typedef of its name are two DIEs; everything refers to the typedef. */
static void consider(struct dwarf *dw, struct name_search *search, const struct dwarf_named *named)
{
	const struct gotype *type;
	const char *found;
	Dwarf_Die die;

	if (named->hash != search->hash || !dwarf_offdie(dw->lib, named->die, &die))
		return;
	found = dwarf_die_name(dw, &die);
	if (!found || strcmp(found, search->name) ||
	    (search->best && dwarf_tag(&die) != DW_TAG_typedef))
		return;
	type = dwarf_type_at(dw, &die);
	if (type && type->kind != GOTYPE_INVALID)
		search->best = type;
	search->over = search->best == type && dwarf_tag(&die) == DW_TAG_typedef;
}

/* Few names are asked for, most of them the runtime's, which come early: so what was walked over is
 * gone through from its beginning, and the walk goes on no further than it has to. */
const struct gotype *dwarf_type(struct dwarf *dw, const char *name)
{
	struct name_search search = {.name = name, .hash = dwarf_hash(name)};
	struct dwarf_named *named;
	int more = 1;

	for (size_t i = 0; i < dw->nnamed && !search.over; i++)
		consider(dw, &search, &dw->named[i]);
	while (!search.over && (more = next_named(dw, &named)) > 0)
		consider(dw, &search, named);
	return more < 0 ? NULL : search.best;
}

int dwarf_member(struct dwarf *dw, const char *type_name, const char *member, uint64_t *offset)
{
	const struct gotype *type = dwarf_type(dw, type_name);
	const struct gotype_field *field = type ? gotype_field(type, member) : NULL;

	if (!field)
		return -ENOENT;
	*offset = field->offset;
	return 0;
}
