/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dwarf_priv: what the files of the DWARF reader share; no other file includes it.
 *
 * Every string handed out comes through dwarf_text(), which checks its end, and every walk goes
 * through dwarf_next(), which checks that it goes forward: libdw does neither for inline strings
 * and for a damaged tree.
 */
#ifndef FTRACE_IMAGE_DWARF_PRIV_H
#define FTRACE_IMAGE_DWARF_PRIV_H

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdbool.h>

#include "arch/arch.h"
#include "base/map.h"
#include "image/dwarf.h"
#include "image/dwarf_bounds.h"
#include "image/elf.h"
#include "image/gotype.h"

/* Go's own attributes (src/cmd/internal/dwarf/dwarf.go). */
#define DW_AT_go_kind           0x2900
#define DW_AT_go_key            0x2901
#define DW_AT_go_elem           0x2902
#define DW_AT_go_embedded_field 0x2903
#define DW_AT_go_runtime_type   0x2904
#define DW_AT_go_dict_index     0x2906
#define DW_AT_go_closure_offset 0x2907

/* Bounds that no sound file reaches. */
enum {
	DWARF_MAX_UNITS = 1 << 20,
	DWARF_MAX_RANGES = 1 << 20,   /* of all units together */
	DWARF_MAX_CHILDREN = 1 << 20, /* looked at in one DIE other than a unit's */
	DWARF_MAX_FIELDS = 1 << 14,   /* of one structure */
	DWARF_MAX_PARAMS = 1 << 10,   /* of one function */
	DWARF_MAX_DEPTH = 64, /* types contained in each other by value, chains of typedefs */
};

struct dwarf_unit {
	uint64_t die; /* offset of the unit's DIE in .debug_info */
	uint64_t end; /* offset of the next unit */
	const char *name;
	int go_minor; /* 22 for a unit compiled by go1.22.3; 0 when it does not say */
	bool go;      /* its language is Go */
	bool funcs_walked;
	bool constants_walked;
};

struct dwarf_range {
	uint64_t low, high; /* [low, high) */
	size_t unit;
};

/* A type's DIE under the hash of its name. */
struct dwarf_named {
	uint64_t hash;
	uint64_t die;
};

/* The walk over all types, which goes on as far as names are asked for. */
struct dwarf_walk {
	size_t unit; /* index of the unit it is in, or comes to next */
	bool inside; /* `die` is the next to be looked at */
	bool all;    /* of units, not only of those that usually hold the types */
	Dwarf_Die die;
};

struct dwarf_chunk {
	struct dwarf_chunk *next;
	max_align_t bytes[];
};

/* Bytes of a chunk; what is larger has one of its own. */
#define DWARF_CHUNK 65536

/* The names of parameters without one that are made only once: "~p0", "~r15". */
#define DWARF_NUMBERED 16

/* What the newest signature consists of, with room for `cap` of each. */
struct dwarf_lists {
	struct dwarf_param *params, *results;
	size_t cap;
	struct dwarf_capture *captures;
	size_t capcaptures;
};

struct dwarf {
	struct gotype_owner owner; /* first: the types' way back to here */
	struct content content;
	Elf *elf; /* of the content */
	const struct arch_abi
		*abi;  /* of the architecture that the file is for; NULL: none that is known */
	bool places;   /* location lists are read */
	bool shared;   /* parts of it are in another file, which is not read */
	bool has_info; /* there are units, or what is to hold them */
	Dwarf *lib;
	struct dwarf_bounds bounds;
	struct dwarf_unit *units; /* in order of offset */
	size_t nunits, capunits;
	struct dwarf_range *ranges; /* in order of low */
	size_t nranges, capranges;
	bool all_funcs_walked;
	struct map entries;   /* {entry pc, 0} -> offset of the subprogram's DIE */
	struct map types;     /* {offset of DIE, 0} -> struct gotype * */
	struct map constants; /* {offset of the type's DIE, value} -> name */
	struct dwarf_walk walk;
	struct dwarf_named *named; /* met by the walk so far */
	size_t nnamed, capnamed;
	struct dwarf_chunk *chunks; /* all that is handed out for good; the newest first */
	char *room;                 /* what the newest chunk has left */
	size_t left;                /* bytes of it */
	struct dwarf_lists lists;
	const char *numbered[2][DWARF_NUMBERED]; /* of parameters, of results; NULL: not made yet */
	struct gotype invalid;                   /* stands for what cannot be read */
	struct gotype pointer;                   /* of a dictionary */
};

/* Unpacks a section that zstd has packed, whose `size` bytes are there and were counted (dwarf_bounds.h). 0, -EBADMSG
 * for damaged ones, -ENOTSUP when they are packed in another way that libelf does not know either, -ENOMEM. */
int dwarf_unpack(struct dwarf *dw, Elf_Scn *section, const uint8_t *bytes, uint64_t size);

/* Zeroed memory that lives until dwarf_close(), or NULL. */
void *dwarf_alloc(struct dwarf *dw, size_t count, size_t size);

/* The unit that holds the DIE at `offset`, or NULL. */
const struct dwarf_unit *dwarf_unit_of(const struct dwarf *dw, uint64_t offset);

/* The string of an attribute of `die` itself, or NULL when it is not there or has no end. */
const char *dwarf_text(struct dwarf *dw, Dwarf_Die *die, unsigned int name);
const char *dwarf_die_name(struct dwarf *dw, Dwarf_Die *die);

/* A constant attribute of `die` itself: false when it is not there. */
bool dwarf_number(Dwarf_Die *die, unsigned int attr, uint64_t *value);
bool dwarf_flag_set(Dwarf_Die *die, unsigned int attr);

/* The DIE that an attribute of `die` itself refers to: false when there is none. */
bool dwarf_reference(Dwarf_Die *die, unsigned int attr, Dwarf_Die *to);

/* First child of `die`, and the next sibling in place: false at the end, where it is damaged, and when too much was
 * walked over. */
bool dwarf_first(Dwarf_Die *die, Dwarf_Die *child);
bool dwarf_next(struct dwarf *dw, Dwarf_Die *die);

/* The type at a DIE, GOTYPE_INVALID when it does not hold together; NULL when memory is out. */
const struct gotype *dwarf_type_at(struct dwarf *dw, Dwarf_Die *die);

/* Readies a zeroed `dw` for dwarf_type_at(). */
void dwarf_types_init(struct dwarf *dw);

/* Moves the dictionary of a generic function to its place among sig->params, which have room for
 * one more; dwarf_dictionary.c. */
void dwarf_place_dictionary(struct dwarf *dw, struct dwarf_signature *sig, int go_minor);

/* gotype_owner.constant; dwarf_constants.c. */
const char *dwarf_constant(struct gotype_owner *owner, const struct gotype *type, uint64_t value);

uint64_t dwarf_hash(const char *text);

#endif
