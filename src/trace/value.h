/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value: what the bytes of a record mean, one value at a time.
 *
 * A value is read on demand from the bytes that the kernel side sent, by the shapes of the fetch
 * that belongs to the site (fetch/fetch.h). Both the text and the JSON output ask here, so that they
 * agree. Nothing is allocated: a struct value points into the record, the fetch and the file.
 *
 *     for each item i:  value_item(src, i, &v)
 *     LIST, OBJECT, POINTER, DYNAMIC:  value_child(src, &v, k, &child), k < v.nchildren
 *
 * The bytes come from a traced program: every place and length is checked against the record that
 * really arrived and against the slot that was meant, and what was not read is never shown.
 * Children end: shapes are finite trees, and what an interface holds is shown one level deep.
 */
#ifndef FTRACE_TRACE_VALUE_H
#define FTRACE_TRACE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/fetch.h"
#include "image/image.h"
#include "trace/rtype.h"

/* The values of one record. Everything is the caller's. */
struct value_source {
	const struct fetch *fetch;
	const unsigned char *bytes; /* struct ft_values and what follows, at any alignment */
	size_t len;
	uint64_t bias;             /* load bias of the executable */
	const struct image *image; /* NULL: no symbols */
	struct rtypes *types;      /* NULL: no dynamic types */
};

enum value_kind {
	VALUE_ERROR,    /* it could not be read: value_error() */
	VALUE_DEEPER,   /* it is there, but was not asked for */
	VALUE_NULL,     /* nil slice, pointer, map, channel, func, interface */
	VALUE_UNSIGNED, /* u */
	VALUE_SIGNED,   /* s */
	VALUE_HEX,      /* u */
	VALUE_BOOL,     /* u: 0, 1 */
	VALUE_CHAR,     /* text: one byte */
	VALUE_FLOAT,    /* f, `single` */
	VALUE_COMPLEX,  /* f and imag, `single` */
	VALUE_TEXT,     /* text; when cut, back to a whole character */
	VALUE_LIST,     /* children */
	VALUE_OBJECT,   /* children, value_child_name() */
	VALUE_POINTER,  /* one child: what it points to */
	VALUE_ADDRESS,  /* u, symbol and offset */
	VALUE_MAP,      /* count */
	VALUE_CHAN,     /* count, capacity */
	VALUE_FUNC,     /* symbol; NULL: u is the code's address */
	VALUE_DYNAMIC,  /* dynamic; its value is the only child, if it is there */
};

enum value_why {
	VALUE_BECAUSE,      /* reason says it in words */
	VALUE_UNREADABLE,   /* u is the address */
	VALUE_BAD_LENGTH,   /* s is the length */
	VALUE_UNKNOWN_TYPE, /* u is the address of its descriptor */
};

/* Where the bytes of a container lie in the record. */
struct value_place {
	uint32_t at, end;
	/* They are what an interface refers to: what else was read of it is here. */
	const struct shape_interface *iface;
};

struct value {
	enum value_kind kind;
	enum value_why why; /* ERROR */
	bool single;        /* FLOAT, COMPLEX: float32, complex64 */
	bool utf8;          /* TEXT, CHAR: it is UTF-8 */
	bool truncated;     /* TEXT, LIST: there is more than is here; ... */
	bool counted;       /* ... `len` bytes or elements in all */
	bool duration;      /* SIGNED: nanoseconds, a time.Duration */
	bool instant;       /* OBJECT: a time.Time, with its three fields */
	bool pattern;       /* children are alike: one shape for all */
	uint32_t nchildren;
	uint32_t stride; /* pattern */
	uint64_t len;
	union {
		uint64_t u;
		int64_t s;
		double f;
		uint64_t count;
	};
	union {
		double imag;
		uint64_t capacity;
		uint64_t offset; /* of `u` from `symbol` */
	};
	union {
		const char *text;   /* not NUL-terminated */
		const char *symbol; /* NULL: none */
		const char *reason;
		const struct rtype *dynamic;
	};
	size_t nbytes; /* of text */
	const struct shape *children;
	struct value_place inside; /* where children lie */
};

/* Item number `i` < src->fetch->nitems. */
void value_item(const struct value_source *src, size_t i, struct value *value);

/* Child number `i` < parent->nchildren. */
void value_child(const struct value_source *src, const struct value *parent, uint32_t i,
		 struct value *child);

/* The name of a child of an OBJECT. */
static inline const char *value_child_name(const struct value *parent, uint32_t i)
{
	const char *name = parent->children[i].name;

	return name ? name : "?";
}

/*
 * value_says.c: what Error() of a DYNAMIC value says, as TEXT, which may lie in `room`; false when
 * that is not known for certain.
 */
#define VALUE_SAYS_MAX 512
bool value_says(const struct value_source *src, const struct value *dynamic, struct value *text,
		char room[VALUE_SAYS_MAX]);

/* "<unreadable 0x10>": why there is no value. The text is static, the fetch's, or in `room`. */
#define VALUE_ERROR_MAX 64
const char *value_error(const struct value *value, char room[VALUE_ERROR_MAX]);

/* The shortest decimal text that reads back to the same float (`single`) or double; "NaN", "+Inf",
 * "-Inf". Returns its length. */
#define VALUE_FLOAT_MAX 40
size_t value_float(double number, bool single, char room[VALUE_FLOAT_MAX]);

#endif
