/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/brief.h"

#include <string.h>

#include "fetch/typed_priv.h"

/* In which order parts are followed. */
enum turn {
	TURN_TEXT,       /* text and errors */
	TURN_INNER_TEXT, /* the same, in structs inside of it */
	TURN_MORE,       /* lists, lengths of maps, names of funcs, what `any` holds */
	TURN_INNER_MORE,
	TURNS,
	BRIEF_OWN, /* all it says are its own bytes */
};

/* How much a part says. */
enum weight {
	WEIGHT_ADDRESS = 1, /* pointers, channels, types of interfaces */
	WEIGHT_MORE = 3,    /* lists, maps, funcs, any */
	WEIGHT_INNER = 3,   /* a part of a struct inside, of which INNER_PARTS count */
	WEIGHT_NUMBER = 6,
	WEIGHT_TEXT = 12,
};

#define INNER_PARTS 4

/* Types that are looked at: what has no part that is read may be nested in arrays without end. */
#define LOOKS_MAX 2048

struct looking {
	struct brief *brief;
	const struct fetch_limits *limits;
	uint32_t field; /* the outermost one */
	uint32_t depth; /* structs around */
	uint32_t inner; /* parts of a struct in that field, so far */
	uint32_t left;  /* types that may yet be looked at */
	bool window;    /* it may begin at any field */
	bool room;
};

bool brief_leaves_out(const struct gotype *type, size_t i)
{
	static const char *const own[] = {"state", "sizeCache", "unknownFields"};
	const char *name = type->fields[i].name, *first = type->fields[0].type->name;

	if (!strcmp(name, "_") || !strcmp(name, "noCopy") || !strncmp(name, "XXX_", 4))
		return true;
	if (!first || !strstr(first, "impl.MessageState"))
		return false;
	for (size_t k = 0; k < sizeof(own) / sizeof(own[0]); k++)
		if (!strcmp(name, own[k]))
			return true;
	return false;
}

/* Whether its bytes are all there is to it: numbers, and what only has an address. */
static bool is_own(const struct gotype *type)
{
	switch (type->kind) {
	case GOTYPE_STRING:
	case GOTYPE_SLICE:
	case GOTYPE_MAP:
	case GOTYPE_FUNC:
	case GOTYPE_CHAN:
	case GOTYPE_INTERFACE:
		return false;
	default:
		return true;
	}
}

static bool is_text(const struct gotype *type)
{
	const struct gotype *elem = type->kind == GOTYPE_SLICE ? gotype_elem(type) : NULL;

	return type->kind == GOTYPE_STRING || (elem && elem->kind == GOTYPE_UINT8) ||
	       gotype_is_error(type);
}

/* Whether no more is said of it inside of something than its own bytes tell: of an interface with methods the type,
 * of a list whose elements lead elsewhere the length. */
static bool is_own_inside(const struct gotype *type)
{
	const struct gotype *elem = type->kind == GOTYPE_SLICE ? gotype_elem(type) : NULL;

	return (type->kind == GOTYPE_INTERFACE && !type->empty_interface) ||
	       type->kind == GOTYPE_CHAN || (elem && !typed_is_flat(elem, true));
}

static enum turn turn_of(const struct looking *look, const struct gotype *type)
{
	bool inner = look->depth > 1;

	if (is_own(type))
		return BRIEF_OWN;
	if (is_text(type))
		return inner ? TURN_INNER_TEXT : TURN_TEXT;
	if (look->depth && is_own_inside(type))
		return BRIEF_OWN;
	return inner ? TURN_INNER_MORE : TURN_MORE;
}

/* A struct inside of another one says less of that than its own fields do, however many it has. */
static uint8_t weight_of(struct looking *look, const struct gotype *type)
{
	if (look->depth > 1)
		return look->inner++ < INNER_PARTS ? WEIGHT_INNER : 0;
	if (is_text(type))
		return WEIGHT_TEXT;
	if (type->kind == GOTYPE_POINTER || type->kind == GOTYPE_UNSAFE_POINTER ||
	    type->kind == GOTYPE_CHAN || (type->kind == GOTYPE_INTERFACE && !type->empty_interface))
		return WEIGHT_ADDRESS;
	return is_own(type) ? WEIGHT_NUMBER : WEIGHT_MORE;
}

static void add_part(struct looking *look, uint64_t at, uint64_t size, uint8_t weight,
		     enum turn turn)
{
	struct brief *brief = look->brief;

	if (!size || at + size > UINT32_MAX)
		return;
	if (brief->nparts == BRIEF_PARTS) {
		look->room = false;
		return;
	}
	brief->parts[brief->nparts++] = (struct brief_part){
		.at = (uint32_t)at,
		.end = (uint32_t)(at + size),
		.field = look->field,
		.weight = weight,
		.turn = (uint8_t)turn,
	};
}

/* What it is made of is said in a word or two; of a lock only that it is held, of a pointer what it costs reads to say. */
static uint8_t known_weight(struct looking *look, const struct gotype *type,
			    const struct known *known, bool follow)
{
	if (look->depth > 1)
		return look->inner++ < INNER_PARTS ? WEIGHT_INNER : 0;
	if (known->says == KNOWN_MUTEX || known->says == KNOWN_RWMUTEX)
		return WEIGHT_ADDRESS;
	if (type->kind == GOTYPE_POINTER || type->kind == GOTYPE_INTERFACE)
		return WEIGHT_MORE;
	return follow ? WEIGHT_TEXT : WEIGHT_NUMBER;
}

/* What a known type is made of does not count, but what its words need. */
static bool look_at_known(struct looking *look, const struct gotype *type, uint64_t at)
{
	const struct known *known = known_find(type);
	enum turn turn = look->depth > 1 ? TURN_INNER_TEXT : TURN_TEXT;
	uint64_t from, to;
	bool follow;

	if (!known || !known_extent(known, type, &from, &to, &follow))
		return false;
	/* A pointer takes two reads and more. */
	if (type->kind == GOTYPE_POINTER)
		turn = look->depth > 1 ? TURN_INNER_MORE : TURN_MORE;
	add_part(look, at + from, to - from, known_weight(look, type, known, follow),
		 follow ? turn : BRIEF_OWN);
	return true;
}

static void look_at(struct looking *look, const struct gotype *type, uint64_t at);

static void look_at_fields(struct looking *look, const struct gotype *type, uint64_t at)
{
	bool outermost = look->window && !look->depth;

	if (look->depth >= look->limits->max_depth)
		return;
	look->depth++;
	for (size_t i = 0; i < type->nfields && look->room; i++) {
		if (brief_leaves_out(type, i))
			continue;
		if (outermost && at + type->fields[i].offset <= UINT32_MAX)
			look->field = (uint32_t)(at + type->fields[i].offset);
		if (look->depth == 1)
			look->inner = 0;
		look_at(look, type->fields[i].type, at + type->fields[i].offset);
	}
	look->depth--;
}

static void look_at_array(struct looking *look, const struct gotype *type, uint64_t at)
{
	const struct gotype *elem = gotype_elem(type);
	uint64_t count =
		type->count < look->limits->max_elems ? type->count : look->limits->max_elems;

	if (!elem)
		return;
	if (is_own(elem) && !known_find(elem) && elem->kind != GOTYPE_STRUCT &&
	    elem->kind != GOTYPE_ARRAY) {
		add_part(look, at, elem->size * count, weight_of(look, type), BRIEF_OWN);
		return;
	}
	for (uint64_t i = 0; i < count && look->room; i++)
		look_at(look, elem, at + i * elem->size);
}

static void look_at(struct looking *look, const struct gotype *type, uint64_t at)
{
	if (!look->left) {
		look->room = false;
		return;
	}
	look->left--;
	if (look_at_known(look, type, at))
		return;
	if (type->kind == GOTYPE_STRUCT)
		look_at_fields(look, type, at);
	else if (type->kind == GOTYPE_ARRAY)
		look_at_array(look, type, at);
	else
		add_part(look, at, type->size, weight_of(look, type), turn_of(look, type));
}

/*
 * Of a struct that is larger the bytes that say most, from the beginning of a field on. Parts are in the order of their
 * places, so that the window's end only ever moves on.
 */
static void place_window(struct brief *brief)
{
	const struct brief_part *parts = brief->parts;
	uint32_t last = 0, sum = 0, best = 0;

	for (uint32_t i = 0; i < brief->nparts; i++) {
		while (last < brief->nparts && parts[last].end - parts[i].field <= BRIEF_BYTES)
			sum += parts[last++].weight;
		if (last > i && sum > best && (!i || parts[i].field != parts[i - 1].field)) {
			best = sum;
			brief->first = parts[i].field;
			brief->end = parts[last - 1].end;
		}
		if (last > i)
			sum -= parts[i].weight;
		else
			last = i + 1;
	}
}

static void choose_reads(struct brief *brief)
{
	unsigned int left = BRIEF_READS;

	for (unsigned int turn = 0; turn < TURNS; turn++) {
		for (uint32_t i = 0; i < brief->nparts && left; i++) {
			struct brief_part *part = &brief->parts[i];

			if (part->turn != turn || part->at < brief->first || part->end > brief->end)
				continue;
			part->followed = true;
			left--;
		}
	}
}

static void choose(struct looking *look, const struct gotype *type, uint32_t count)
{
	struct brief *brief = look->brief;

	brief->nparts = brief->first = brief->end = 0;
	for (uint32_t i = 0; i < count; i++)
		look_at(look, type, i * type->size);
	if (look->window)
		place_window(brief);
	else if (brief->nparts)
		brief->end = count * type->size < BRIEF_BYTES ? (uint32_t)(count * type->size)
							      : BRIEF_BYTES;
	choose_reads(brief);
}

void brief_choose(struct brief *brief, const struct gotype *type, const struct fetch_limits *limits)
{
	struct looking look = {
		.brief = brief,
		.limits = limits,
		.window = type->kind == GOTYPE_STRUCT && type->size > BRIEF_BYTES,
		.left = LOOKS_MAX,
		.room = true,
	};

	choose(&look, type, 1);
}

void brief_choose_elems(struct brief *brief, const struct gotype *elem, uint32_t count,
			const struct fetch_limits *limits)
{
	struct looking look = {.brief = brief, .limits = limits, .left = LOOKS_MAX, .room = true};

	choose(&look, elem, count);
}

bool brief_follows(const struct brief *brief, uint64_t at)
{
	for (uint32_t i = 0; i < brief->nparts; i++)
		if (brief->parts[i].at == at)
			return brief->parts[i].followed;
	return false;
}
