/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/known.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/ops.h"
#include "fetch/typed_priv.h"
#include "image/image.h"

/* Known types in known types: a connection in a connection ... */
#define NESTED_MAX 4

/* Elements of a list that is a part: numbers, and others. */
#define FLAT_ELEMS  8
#define OTHER_ELEMS 1

#define PATH_MAX_LEN 64

const struct known *known_find(const struct gotype *type)
{
	const struct known *known = known_named(type->name);

	if (known)
		return known;
	if (type->kind == GOTYPE_ARRAY && type->size == 16)
		return known_bytes(type->name);
	if (type->kind != GOTYPE_POINTER || type->name[0] != '*')
		return NULL;
	known = known_named(type->name + 1);
	/* What has one part, itself, is no struct: it is shown behind its pointer. */
	return known && known->parts[0][0] ? known : NULL;
}

/* A part that is made of fields. */
struct way {
	const char *name; /* the last field's; NULL: it is the value itself */
	const struct gotype *type;
	uint64_t offset;
};

/* One alternative: `len` bytes of names with dots between them. */
static bool follow_fields(const struct gotype *type, const char *path, size_t len, struct way *way)
{
	*way = (struct way){0};
	while (len) {
		const char *dot = memchr(path, '.', len);
		size_t name = dot ? (size_t)(dot - path) : len;
		const struct gotype_field *field = NULL;

		for (size_t i = 0; type->kind == GOTYPE_STRUCT && i < type->nfields; i++)
			if (!strncmp(type->fields[i].name, path, name) &&
			    !type->fields[i].name[name])
				field = &type->fields[i];
		if (!field)
			return false;
		way->offset += field->offset;
		way->name = field->name;
		type = field->type;
		path += dot ? name + 1 : name;
		len -= dot ? name + 1 : name;
	}
	way->type = type;
	return type->kind != GOTYPE_INVALID;
}

static bool find_way(const struct gotype *type, const char *path, struct way *way)
{
	for (;;) {
		size_t len = strcspn(path, "|:");

		if (follow_fields(type, path, len, way))
			return true;
		if (path[len] != '|')
			return false;
		path += len + 1;
	}
}

bool known_part(const struct gotype *type, const char *path, const struct gotype **part,
		uint64_t *offset)
{
	struct way way;
	bool found = find_way(type, path, &way);

	*part = way.type;
	*offset = way.offset;
	return found;
}

uint32_t known_part_max(const char *path)
{
	const char *max = strchr(path, ':');

	return max ? (uint32_t)strtoul(max + 1, NULL, 10) : UINT32_MAX;
}

/* A part of a value, before it is read. */
struct place {
	const char *path;
	const char *name;          /* the field's, where it is one */
	const struct gotype *type; /* NULL: bytes as they are, or none of the value's */
	uint64_t offset, size;
};

static bool find_place(const struct gotype *type, const char *path, struct place *place)
{
	const struct gotype *ignored;
	struct way way;

	*place = (struct place){.path = path};
	switch (path[0]) {
	case '=':
		place->size = type->size;
		return true;
	case '+':
		place->offset = strtoul(path + 1, NULL, 10);
		place->size = 8;
		return place->offset + 8 <= type->size;
	case '@':
	case '!':
		return true;
	case '%':
		place->size = 8;
		return known_part(type, path + 1, &ignored, &place->offset);
	default:
		if (!find_way(type, path, &way))
			return false;
		place->name = way.name;
		place->type = way.type;
		place->offset = way.offset;
		place->size = way.type->size;
		return true;
	}
}

/* A variable of the executable's. */
static bool read_variable(const struct typed_walk *walk, const char *name, struct shape *part)
{
	struct fetch *fetch = walk->fetch;
	uint64_t vaddr, size;

	part->kind = SHAPE_VARIABLE;
	part->size = 8;
	if (!fetch->image || image_symbol(fetch->image, name, &vaddr, &size) || size != 8)
		return false;
	part->data_status = fetch_status(fetch);
	part->data_len = 8;
	if (!fetch_emit(fetch, (struct ft_op){.code = FT_OP_IMM, .imm = (int64_t)vaddr}) ||
	    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_BIAS}))
		return false;
	part->data = fetch_read(fetch, 8, walk->limits, part->data_status);
	return part->data;
}

/* "%COUNT:POINTER" */
static bool read_counted(const struct typed_walk *walk, const struct gotype *type, const char *path,
			 struct shape *part)
{
	const struct gotype *ignored;
	uint64_t count, header;
	const char *pointer = strchr(path, ':');
	uint32_t most = walk->limits->max_string ? walk->limits->max_string : 1;
	struct fetch *fetch = walk->fetch;

	if (!pointer || !known_part(type, path + 1, &ignored, &count) ||
	    !known_part(type, pointer + 1, &ignored, &header))
		return false;
	part->kind = SHAPE_COUNTED;
	part->size = 8;
	part->data_status = fetch_status(fetch);
	part->data = part->data_status ? fetch_slot(fetch, most, walk->limits) : SHAPE_NO_SLOT;
	part->data_len = (uint16_t)most;
	return part->data && typed_op_word(walk, (uint32_t)header + 8) &&
	       fetch_emit(fetch, (struct ft_op){.code = FT_OP_READN,
						.from = (uint16_t)(walk->slot + walk->at + count),
						.slot = part->data,
						.len = part->data_len,
						.imm = 1,
						.status = part->data_status});
}

static bool is_number(const struct gotype *type)
{
	return type && type->kind >= GOTYPE_BOOL && type->kind <= GOTYPE_COMPLEX128;
}

/* What its interface holds tells nothing. */
static bool is_by_type(const struct known *known)
{
	return known->says == KNOWN_DYNAMIC || known->says == KNOWN_TYPE;
}

/* What an interface holds is read as far as the words need it: an address wholly, a connection or a context by its type,
 * else what is short. */
static void choose_iface(struct typed_walk *walk, struct brief *brief, const struct known *known,
			 const struct gotype *type)
{
	bool whole = !strcmp(type->name, "net.Addr");

	brief->first = 0;
	brief->end = UINT32_MAX;
	brief->nparts = !is_by_type(known);
	brief->parts[0] = (struct brief_part){.at = (uint32_t)walk->at, .followed = true};
	walk->brief = whole ? NULL : brief;
}

/* The value itself, which in full has been read: what is in its elements is not asked for. */
static int build_itself(const struct typed_walk *walk, bool full, const struct shape *of,
			const struct gotype *type, struct shape *part)
{
	if (!full)
		return typed_build_plain(walk, type, part);
	*part = *of;
	part->children = NULL;
	part->nchildren = 0;
	part->known = NULL;
	part->iface.error = NULL;
	return 0;
}

/* A pointer whose row is not the one of its type. */
static int build_inner(const struct typed_walk *walk, const struct known *known,
		       const struct gotype *type, struct shape *part)
{
	int ret = known_build(walk, known, type, part);

	if (!ret)
		typed_set_reason(part, SHAPE_NOT_READ);
	return ret < 0 ? ret : 0;
}

/* What is not there is left as a REASON: the words do without, or there are none. */
static int build_part(const struct typed_walk *walk, const struct shape *of,
		      const struct known *known, const struct gotype *type,
		      const struct place *place, struct shape *part)
{
	struct fetch_limits limits = *walk->limits;
	struct typed_walk in = *walk;
	struct brief brief;
	bool there;

	switch (place->path[0]) {
	case '=':
		part->kind = SHAPE_RAW;
		part->size = (uint32_t)place->size;
		return 0;
	case '+':
		part->kind = SHAPE_UNSIGNED;
		part->size = 8;
		return 0;
	case '!':
		return known->says == KNOWN_CONN ? known_read_ends(walk, part)
						 : known_read_deadline(walk, part);
	case '@':
	case '%':
		there = place->path[0] == '@' ? read_variable(walk, place->path + 1, part)
					      : read_counted(walk, type, place->path, part);
		return there ? 0 : typed_set_reason(part, SHAPE_NOT_READ);
	}
	if (place->type->kind == GOTYPE_SLICE)
		limits.max_elems = is_number(gotype_elem(place->type)) ? FLAT_ELEMS : OTHER_ELEMS;
	if (known_part_max(place->path) < limits.max_string)
		limits.max_string = known_part_max(place->path);
	limits.brief = true;
	in.limits = &limits;
	in.at += place->offset;
	in.offset += (uint32_t)place->offset;
	in.depth = 0;
	in.nested = false;
	/* A pointer that is not known is a number. */
	in.followed = true;
	in.brief = NULL;
	if (place->type->kind == GOTYPE_INTERFACE)
		choose_iface(&in, &brief, known, place->type);
	if (!place->path[0])
		return build_itself(&in, !walk->limits->brief, of, place->type, part);
	if (known->inner && place->type->kind == GOTYPE_POINTER)
		return build_inner(&in, known->inner, place->type, part);
	return typed_build(&in, place->type, part);
}

/* A value's parts before they are read, and from where to where they lie. */
struct places {
	struct place at[KNOWN_PARTS];
	uint32_t count;
	uint64_t from, to;
};

static bool find_places(const struct gotype *type, const struct known *known, struct places *places)
{
	*places = (struct places){.from = UINT64_MAX};
	for (size_t i = 0; i < KNOWN_PARTS && known->parts[i]; i++) {
		struct place *place = &places->at[places->count++];

		if (!find_place(type, known->parts[i], place))
			return false;
		if (place->size && place->offset < places->from)
			places->from = place->offset;
		if (place->offset + place->size > places->to)
			places->to = place->offset + place->size;
	}
	return places->from < places->to && places->to - places->from <= TYPED_TARGET_MAX;
}

/* The bytes that the pointer leads to, from the first part to the last. */
static bool read_target(const struct typed_walk *walk, const struct places *places,
			struct known_shape *shape)
{
	struct fetch *fetch = walk->fetch;

	shape->status = fetch_status(fetch);
	shape->len = (uint16_t)(places->to - places->from);
	if (!shape->status || !typed_op_word(walk, 0) ||
	    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_NIL, .status = shape->status}) ||
	    (places->from &&
	     !fetch_emit(fetch, (struct ft_op){.code = FT_OP_ADD, .imm = (int64_t)places->from})))
		return false;
	shape->slot = fetch_read(fetch, shape->len, walk->limits, shape->status);
	return shape->slot;
}

/* `of`: the shape that is to say it, which in full has been made. */
static int build_parts(const struct typed_walk *walk, const struct shape *of,
		       const struct gotype *type, const struct places *places,
		       struct known_shape *shape)
{
	struct typed_walk in = *walk;
	uint64_t from = walk->first;

	shape->parts = calloc(places->count, sizeof(*shape->parts));
	if (!shape->parts)
		return -ENOMEM;
	shape->nparts = places->count;
	in.known++;
	if (shape->slot) {
		from = places->from;
		in.place = NULL;
		in.slot = shape->slot;
		in.at = 0;
		in.followed = true;
	}
	in.at -= from;
	in.first = 0;
	for (uint32_t i = 0; i < places->count; i++) {
		struct shape *part = &shape->parts[i];
		int ret = build_part(&in, of, shape->known, type, &places->at[i], part);

		if (ret)
			return ret;
		part->at = (uint32_t)(places->at[i].offset - from);
		part->name = places->at[i].name;
	}
	return 0;
}

/* Whether the words need more than the parts' own bytes. */
static bool refers(const struct known *known, const struct places *places)
{
	for (uint32_t i = 0; i < places->count; i++) {
		const struct gotype *type = places->at[i].type;
		const struct known *inner = type && places->at[i].path[0] ? known_find(type) : NULL;
		struct places inside;

		if (places->at[i].path[0] == '%')
			return true;
		if (!type)
			continue;
		if (type->kind == GOTYPE_STRING || type->kind == GOTYPE_SLICE ||
		    (type->kind == GOTYPE_POINTER && inner) ||
		    (type->kind == GOTYPE_INTERFACE && !is_by_type(known)))
			return true;
		if (inner && find_places(type, inner, &inside) && refers(inner, &inside))
			return true;
	}
	return false;
}

static bool is_behind(const struct known *known, const struct gotype *type)
{
	return type->kind == GOTYPE_POINTER && known->parts[0][0];
}

bool known_extent(const struct known *known, const struct gotype *type, uint64_t *from,
		  uint64_t *to, bool *follow)
{
	struct places places;

	if (is_behind(known, type)) {
		*from = 0;
		*to = type->size;
		*follow = true;
		return true;
	}
	if (!find_places(type, known, &places))
		return false;
	*from = places.from;
	*to = places.to;
	*follow = refers(known, &places);
	return true;
}

/* Whether the bytes that it needs are there, and are to be followed. */
static bool is_chosen(const struct typed_walk *walk, const struct known *known, bool behind,
		      const struct places *places)
{
	uint64_t from = behind ? 0 : places->from, to = behind ? 8 : places->to;
	const struct brief *brief = walk->brief;

	if (!brief)
		return true;
	if (from < walk->first || walk->at + to - walk->first > brief->end - brief->first)
		return false;
	return (!behind && !refers(known, places)) ||
	       brief_follows(brief, walk->at + brief->first + from - walk->first);
}

int known_build(const struct typed_walk *walk, const struct known *known, const struct gotype *type,
		struct shape *shape)
{
	struct fetch *fetch = walk->fetch;
	size_t first = fetch->nops;
	struct known_shape *made;
	struct places places;
	bool behind = is_behind(known, type);
	const struct gotype *elem = behind ? gotype_elem(type) : type;
	int ret;

	if (walk->known >= NESTED_MAX || !elem || !find_places(elem, known, &places) ||
	    !is_chosen(walk, known, behind, &places))
		return 0;
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	made->known = known;
	if (behind && !read_target(walk, &places, made)) {
		fetch->nops = first;
		free(made);
		return 0;
	}
	ret = build_parts(walk, shape, elem, &places, made);
	if (behind)
		fetch_skip_to_end(fetch, first);
	if (ret) {
		known_release(made);
		return ret;
	}
	shape->known = made;
	if (walk->limits->brief) {
		shape->kind = SHAPE_KNOWN;
		shape->size = (uint32_t)type->size;
	}
	return 1;
}
