/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gotype: a Go type as debug information describes it.
 *
 * Types are made and owned by a reader of debug information (dwarf.h) and live as long as it. What
 * a type contains by value (fields, array elements) is there at once; what it only refers to
 * (pointer targets, slice, map and channel elements) is read when gotype_elem() or gotype_key()
 * asks for it, so that one type does not pull in the whole program's. A type that debug information
 * does not describe soundly is there with kind GOTYPE_INVALID and size 0. The reader checked that
 * fields and elements lie inside their type and that containment by value ends.
 *
 * The code of a generic function is shared by all types of one shape: of one underlying type, or all pointers. Its
 * debug information has the shapes ("go.shape.int", "[]go.shape.*uint8"; docs/abi.md).
 *
 * Sources: Go's src/internal/abi/type.go (kinds), src/cmd/link/internal/ld/dwarf.go (newtype),
 * src/cmd/internal/dwarf/dwarf.go (putparamtypes), src/cmd/compile/internal/noder/reader.go (shapify).
 */
#ifndef FTRACE_IMAGE_GOTYPE_H
#define FTRACE_IMAGE_GOTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values are Go's own (internal/abi.Kind). */
enum gotype_kind {
	GOTYPE_INVALID = 0,
	GOTYPE_BOOL,
	GOTYPE_INT,
	GOTYPE_INT8,
	GOTYPE_INT16,
	GOTYPE_INT32,
	GOTYPE_INT64,
	GOTYPE_UINT,
	GOTYPE_UINT8,
	GOTYPE_UINT16,
	GOTYPE_UINT32,
	GOTYPE_UINT64,
	GOTYPE_UINTPTR,
	GOTYPE_FLOAT32,
	GOTYPE_FLOAT64,
	GOTYPE_COMPLEX64,
	GOTYPE_COMPLEX128,
	GOTYPE_ARRAY,
	GOTYPE_CHAN,
	GOTYPE_FUNC,
	GOTYPE_INTERFACE,
	GOTYPE_MAP,
	GOTYPE_POINTER,
	GOTYPE_SLICE,
	GOTYPE_STRING,
	GOTYPE_STRUCT,
	GOTYPE_UNSAFE_POINTER,
	GOTYPE_KINDS
};

struct gotype;

struct gotype_field {
	const char *name; /* "_" for a blank field; an embedded one has its type's name */
	const struct gotype *type;
	uint64_t offset; /* bytes from the start of the structure */
	bool embedded;
};

/* Whether names of a type's constants have been looked for. */
enum gotype_constants { GOTYPE_CONSTANTS_UNKNOWN, GOTYPE_CONSTANTS_NONE, GOTYPE_CONSTANTS_SOME };

struct gotype_owner {
	/* Reads a type that another one refers to; NULL when memory is out. */
	const struct gotype *(*resolve)(struct gotype_owner *owner, uint64_t ref);
	/* The name of the type's constant of that value, without its package; NULL: none. */
	const char *(*constant)(struct gotype_owner *owner, const struct gotype *type,
				uint64_t value);
};

struct gotype {
	const char *name; /* Go spelling: "*main.Student", "[]int", "main.T[go.shape.int]" */
	enum gotype_kind kind;
	bool empty_interface; /* interface without methods: the first word is a type, else an itab */
	uint64_t size;        /* bytes */
	uint32_t align;       /* bytes: 1, 2, 4 or 8 */
	uint64_t count;       /* elements of an array */
	const struct gotype_field *fields; /* of a struct */
	size_t nfields;
	/* The runtime's descriptor of this type as an offset from the start of the type
	 * descriptors' section, 0 when the program has none. */
	uint64_t runtime_type;
	/* Of a parameter of a generic function: 1 + the index of the dictionary's word that is the address of the
	 * descriptor of the real type, for which this one stands with its shape; 0: this is the real type,
	 * or nothing tells. */
	uint32_t dictionary;
	/* go.shape.*uint8, which stands for every pointer: what it points to only a dictionary tells, and
	 * gotype_elem() is NULL. */
	bool any_pointer;

	/* The owner's business: ask gotype_elem(), gotype_key() and gotype_constant(). */
	struct gotype_owner *owner;
	uint64_t ref;      /* its own */
	uint8_t constants; /* enum gotype_constants */
	uint32_t height;   /* 1 + that of the highest type contained by value; bounded */
	const struct gotype *elem, *key; /* NULL: not read yet */
	uint64_t elem_ref, key_ref;      /* 0: none */
};

/* What a pointer points to, what a slice, array, map (values) or channel holds; NULL when there is
 * none (unsafe.Pointer), nothing tells (any_pointer) or memory is out. */
const struct gotype *gotype_elem(const struct gotype *type);

/* The keys of a map, or NULL. */
const struct gotype *gotype_key(const struct gotype *type);

/* The field called `name` of a struct itself (embedded ones are not searched), or NULL. */
const struct gotype_field *gotype_field(const struct gotype *type, const char *name);

/* True of a type in which there are shapes. */
bool gotype_is_shaped(const struct gotype *type);

/* The name of a constant of that (integer) type with that value, sign-extended: "StateActive", the first of several in
 * the order of declaration; NULL when there is none, or the type has no name of its own. */
const char *gotype_constant(const struct gotype *type, uint64_t value);

/* True of the type error, and of the shape that it has in generic functions. */
bool gotype_is_error(const struct gotype *type);

/* "int", "struct", ... for messages. */
const char *gotype_kind_name(enum gotype_kind kind);

/* Properties of kinds. */
bool gotype_is_integer(enum gotype_kind kind); /* uintptr included, bool not */
bool gotype_is_signed(enum gotype_kind kind);
bool gotype_is_float(enum gotype_kind kind); /* complex not included */
bool gotype_is_complex(enum gotype_kind kind);

#endif
